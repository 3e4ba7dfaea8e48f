"""``ccsim explain``: every parameter in force, and where it comes from."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.options import File, Json, Settings, load_fitted, print_json, print_notes
from sim.loading.explain import Parameter, explain_scenario
from sim.schema.base import GRADES

WIDTH_WHEN_PIPED = 160
FITTED = "fitted to observed in"


def explain(file: File, settings: Settings = None, as_json: Json = False) -> None:
    """Print every parameter of a scenario: its value, and whether given, inherited, set or a default."""
    scenario = load_fitted(file, settings or [])
    parameters = explain_scenario(scenario)
    print_notes(scenario)
    if as_json:
        print_json({"scenario": scenario.name, "parameters": [asdict(parameter) for parameter in parameters]})
        return
    console = Console(width=None if Console().is_terminal else WIDTH_WHEN_PIPED)
    console.print(_table(parameters, scenario.name))
    console.print("Grades of defaults: " + ", ".join(f"{grade} {word}" for grade, word in GRADES.items()), style="dim")


def _table(parameters: list[Parameter], title: str) -> Table:
    table = Table(title=title, title_justify="left", expand=False)
    table.add_column("parameter", no_wrap=True)
    for name in ("value", "from", "source of the default", "grade"):
        table.add_column(name, overflow="fold")
    for parameter in parameters:
        default = parameter.how == "default"
        cells = (
            parameter.path,
            parameter.words,
            _from(parameter),
            parameter.source if default else "",
            (parameter.grade or "") if default else "",
        )
        table.add_row(*(Text(cell) for cell in cells), style="dim" if default else "")
    return table


def _from(parameter: Parameter) -> str:
    """Where a value comes from, in words."""
    if parameter.how == "default":
        return parameter.how
    return f"{FITTED if parameter.how == 'fitted' else parameter.how} {parameter.where}"
