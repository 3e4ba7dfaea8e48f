"""``ccsim explain``: every parameter in force, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from sim.cli.options import File, Json, Settings, load_fitted, print_json, print_notes
from sim.loading.explain import Parameter, explain_scenario
from sim.loading.measured import GRADE, assumed_and_measured, measured_in
from sim.report import Cell, Table, Tone
from sim.schema.base import GRADES

WIDTH_WHEN_PIPED = 160
COLUMNS = ("parameter", "value", "from", "source of the default", "grade")
GRADED = f"Grades of defaults: {', '.join(f'{grade} {word}' for grade, word in GRADES.items())}"
FITTED = "fitted to observed in"


def explain(file: File, settings: Settings = None, as_json: Json = False) -> None:
    """Print every parameter of a scenario: its value, and whether given, inherited, set or a default."""
    scenario = load_fitted(file, settings or [])
    parameters = explain_scenario(scenario)
    print_notes(scenario)
    measured = measured_in(scenario)
    assumed = assumed_and_measured(scenario, measured)
    if as_json:
        known = dict(zip(("numbers", "measured"), assumed, strict=True))
        rows = [asdict(parameter) | {"measured": measured.get(parameter.path)} for parameter in parameters]
        print_json({"scenario": scenario.name, "parameters": rows, "assumed": known})
        return
    from sim.report.render.terminal import print_table, stdout_console

    print_table(stdout_console(WIDTH_WHEN_PIPED), _table(parameters, scenario.name, measured, assumed))


def _table(parameters: list[Parameter], title: str, measured: Mapping[str, str], assumed: tuple[int, int]) -> Table:
    rows = tuple(_row(parameter, measured.get(parameter.path, "")) for parameter in parameters)
    sources = ", ".join(dict.fromkeys(measured.values()))
    told = f"{assumed[1]} of {assumed[0]} weak or assumed numbers are measured now: {sources}"
    return Table(title, COLUMNS, rows, (GRADED, told) if measured else (GRADED,), labels=len(COLUMNS))


def _row(parameter: Parameter, measured: str) -> tuple[Cell, ...]:
    """A parameter; one that logs have told stands with these, in place of what its default rests on."""
    default = parameter.how == "default"
    source, grade = (parameter.source, parameter.grade or "") if default else (measured, GRADE if measured else "")
    tone: Tone = "quiet" if default else ""
    return tuple(Cell(text, tone) for text in (parameter.path, parameter.words, _from(parameter), source, grade))


def _from(parameter: Parameter) -> str:
    """Where a value comes from, in words."""
    if parameter.how == "default":
        return parameter.how
    return f"{FITTED if parameter.how == 'fitted' else parameter.how} {parameter.where}"
