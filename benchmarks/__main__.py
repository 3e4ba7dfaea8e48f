"""The benchmark: contacts a CPU-second, ratios, memory. `python -m benchmarks --help`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.answers import table_of_answers
from benchmarks.before import table_of_before
from benchmarks.budget import LONG, QUICK, Budget
from benchmarks.cluster import tables_of_cluster
from benchmarks.curve import table_of_curve
from benchmarks.footprint import table_of_memory, table_of_starts
from benchmarks.machine import load, machine
from benchmarks.race import race, table_of_figures, table_of_race
from benchmarks.retailer import table_of_weeks
from benchmarks.rooms import table_of_profile
from benchmarks.stages import table_of_stages
from benchmarks.table import Table
from benchmarks.verbs import table_of_verbs
from sim.engine import COMPILED, SIMPY
from sim.study.warm import warm_up

BEGIN, END = "<!-- figures: written by python -m benchmarks -->", "<!-- end of figures -->"


def _race(budget: Budget) -> list[Table]:
    turns = race(budget)
    return [table_of_figures(turns, budget), table_of_race(turns, budget)]


PARTS: dict[str, Callable[[Budget], list[Table]]] = {
    "before": lambda budget: [table_of_before(budget)],
    "verbs": lambda budget: [table_of_verbs(budget)],
    "race": _race,
    "retailer": lambda budget: [table_of_weeks(budget)],
    "curve": lambda budget: [table_of_curve(budget)],
    "answers": lambda budget: [table_of_answers(budget)],
    "cluster": tables_of_cluster,
    "memory": lambda budget: [table_of_memory(budget)],
    "starts": lambda budget: [table_of_starts(budget)],
    "stages": lambda _: [table_of_stages(), table_of_profile()],
}


def main() -> None:
    """Run what is asked for and print it."""
    asked = _arguments()
    tables = _tables(asked.only or list(PARTS), LONG if asked.long else QUICK)
    form = Table.markdown if asked.markdown or asked.into else Table.text
    printed = []
    for piece in _pieces(tables, form, " ".join(["python -m benchmarks", *sys.argv[1:]])):
        print(piece, end="\n\n", flush=True)
        printed.append(piece)
    if asked.into:
        write_into(asked.into, "\n\n".join(printed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--long", action="store_true", help="full budgets, and the first compilation: ten minutes of CPU"
    )
    parser.add_argument("--only", action="append", choices=list(PARTS), help="one part, or several")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--into", type=Path, help="a page whose figures are replaced by these, in Markdown")
    return parser.parse_args()


def _tables(names: list[str], budget: Budget) -> Iterator[Table]:
    for engine in (COMPILED, SIMPY):
        warm_up(engine)
    for name in names:
        yield from PARTS[name](budget)


def _pieces(tables: Iterator[Table], form: Callable[[Table], str], command: str) -> Iterator[str]:
    begin = time.monotonic()
    yield "\n\n".join(machine())
    for table in tables:
        yield form(table)
    yield f"{command}: {time.monotonic() - begin:.0f} s, {load()} at the end."


def write_into(page: Path, figures: str) -> None:
    """Replace the figures on a page."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
