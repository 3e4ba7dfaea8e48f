"""``ccsim validate``: all that is wrong, or a summary of what was understood."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from sim.cli.echo import echo
from sim.cli.options import Files, Json, Settings, print_json
from sim.errors import ScenarioError
from sim.facts.load import summary, summary_text
from sim.loading.load import load


def validate(files: Files, settings: Settings = None, as_json: Json = False) -> None:
    """Check scenario files and print a summary of each, or everything that is wrong."""
    reports = [_report(path, settings or []) for path in files]
    if as_json:
        print_json({"files": [report for report, _, _ in reports]})
    else:
        for _, text, errors in reports:
            echo(errors, err=True, nl=bool(errors))
            echo(text, nl=bool(text))
    if not all(report["valid"] for report, _, _ in reports):
        raise typer.Exit(2)


def _report(path: Path, settings: list[str]) -> tuple[dict[str, Any], str, str]:
    """Return the JSON, the text for stdout and the text for stderr."""
    try:
        scenario = load(path, settings)
    except ScenarioError as error:
        count = len(error.problems)
        document = {"file": str(path), "valid": False, "problems": [asdict(problem) for problem in error.problems]}
        return document, "", f"{error}\n{path}: {count} problem{'s' if count > 1 else ''}"
    notes = "\n".join(f"note: {path}: {note}" for note in scenario.notes)
    document = {"file": str(path), "valid": True, **summary(scenario), "notes": list(scenario.notes)}
    return document, summary_text(scenario, str(path)), notes
