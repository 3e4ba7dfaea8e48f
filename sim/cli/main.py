"""The ``ccsim`` command.

Only the verb that is asked for is imported: `--help` and the light verbs answer at once.
"""

from __future__ import annotations

import atexit
import functools
import gc
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Annotated, Any

import typer

import sim
from sim.cli.echo import echo
from sim.errors import CcsimError, shorten

# In the order of the contract. Each verb is a function of its own name in sim/cli/NAME.py.
VERBS = {
    "init": "Write a commented scenario to start from.",
    "validate": "Say all that is wrong, or what was understood.",
    "explain": "Show every parameter in force and where it comes from.",
    "run": "Simulate a scenario.",
    "compare": "Simulate the same customers through several scenarios.",
    "sweep": "Simulate many points of a few keys, and find the cliff.",
    "live": "Move sliders on a page, and see the answer at once.",
    "bridge": "Say where the change from today to tomorrow comes from.",
    "targets": "Set staffing levels against handle-time targets.",
    "plan": "Play the months ahead: whom to hire, and what a cut does.",
    "risk": "Say how likely it is that a plan holds.",
    "staff": "Find the fewest agents by interval that meet the targets.",
    "decide": "Say on one page how many can go, and what comes of it.",
    "calibrate": "Fit a scenario to a real export, and test its forecasts.",
    "learn": "Learn from a pilot, or logs before and after, what a bot does.",
    "check": "Hold a scenario to its baseline, for continuous integration.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
}
BAD_INPUT = 2
INTERNAL_ERROR = 70
INTERRUPTED = 130
LONGEST_ERROR = 200
TRACEBACK = "CCSIM_TRACEBACK"
PLUGIN = "--plugin"
RARELY = (50_000, 10, 10)
"""When reference cycles are looked for: a start makes 200,000 objects, all of which stay."""
OUT_OF_MEMORY = (
    "this machine's memory does not hold what is asked for. Customers may return too often (customers.redial, "
    "customers.repeat: set customers.max_attempts), or arrivals, days or --jobs be too many"
)


class OnStderr(logging.Handler):
    """What the library has to say, as a line of stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line."""
        echo(self.format(record), err=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; leaves by `SystemExit` with 0, 1, 2, 70 or 130."""
    from sim.report.render.encoding import take_any_character

    gc.set_threshold(*RARELY)
    atexit.register(gc.freeze)  # nor are cycles looked for at the end: the system takes all back
    take_any_character(sys.stdout, sys.stderr)
    logging.getLogger("ccsim").handlers[:] = [OnStderr()]
    given = list(sys.argv[1:] if arguments is None else arguments)
    guarded(lambda: _run(given))()


def _run(given: list[str]) -> None:
    plugins, rest = plugins_of(given)
    if plugins:
        from sim.cli.plugin import load_plugin

        for path in plugins:
            load_plugin(path)
    application(rest)(args=rest, prog_name="ccsim")


def plugins_of(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the files that `--plugin` names, anywhere on the line, and the other arguments."""
    plugins, rest, waiting = [], [], iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name != PLUGIN:
            rest.append(argument)
        elif not equals and (value := next(waiting, "")) == "":
            raise CcsimError(f"{PLUGIN}: names no file. Write {PLUGIN} my_mechanism.py")
        else:
            plugins.append(value)
    return plugins, rest


def application(arguments: Sequence[str]) -> Callable[..., Any]:
    """Return the command with the verb that `arguments` name; the others are there by name and help alone."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_common)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, about in VERBS.items():
        verb = getattr(import_module(f"sim.cli.{name}"), name) if name == wanted else _named_only
        app.command(name, help=about)(guarded(verb))
    return typer.main.get_command(app)


def _named_only() -> None:
    """Stand for a verb in the list of verbs."""


def _print_version(wanted: bool) -> None:
    if wanted:
        echo(f"ccsim {sim.__version__}")
        raise typer.Exit


def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    plugin: Annotated[
        str | None,
        typer.Option(PLUGIN, metavar="FILE.py", help="Register the mechanisms of a Python file; at any verb."),
    ] = None,
) -> None:
    """Simulate a contact centre: what staffing and handle-time targets cost once a bot takes the easy tickets."""


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with every error turned into a message on stderr and an exit code."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with _workplace(kwargs):
                result = function(*args, **kwargs)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except CcsimError as error:
            leave(str(error), BAD_INPUT)
        except KeyboardInterrupt:
            leave("ccsim: interrupted", INTERRUPTED)
        except BrokenPipeError:
            _hang_up()
        except SystemExit as leaving:
            if isinstance(leaving.__context__, BrokenPipeError):
                _hang_up()
            raise
        except MemoryError:
            leave(f"ccsim: {OUT_OF_MEMORY}", BAD_INPUT)
        except OSError as error:
            leave(f"ccsim: {error.filename or 'output'}: {error.strerror}", BAD_INPUT)
        except ImportError as error:
            _cannot_import(error)
        except Exception as error:
            _own_fault(error)

    return run


def _workplace(options: Mapping[str, Any]) -> AbstractContextManager[object]:
    """Where a verb is to have its work done: at the cluster that it is given, if it takes one and is."""
    if options.get("cluster") is None:
        return nullcontext()
    from sim.cli.options import working_at

    return working_at(options["cluster"], options.get("jobs"))


def _cannot_import(error: ImportError) -> None:
    """Leave where a library is missing, or does not go with another one; a module of our own is our fault."""
    if (error.name or "").partition(".")[0] == "sim":
        _own_fault(error)
    what = f"ccsim: a library that it needs cannot be used: {shorten(str(error), LONGEST_ERROR)}"
    leave(f"{what}. Install ccsim again with all that it needs, in an environment of its own", BAD_INPUT)


def _own_fault(error: Exception) -> None:
    """Leave with a code of its own where the program is at fault: say where to report it, and how to see more."""
    if seen := os.environ.get(TRACEBACK) == "1":
        traceback.print_exception(error)
    what = f"ccsim: internal error: {type(error).__name__}: {shorten(str(error), LONGEST_ERROR)}"
    whose = f"That is a fault of ccsim {sim.__version__}, not of your input"
    report = "Please report it to the project, as CONTRIBUTING.md says under Report a fault, with the command"
    more = ", the file and what is above" if seen else f" and what it prints with {TRACEBACK}=1 set before it"
    leave(f"{what}. {whose}. {report}{more}", INTERNAL_ERROR)


def _hang_up() -> None:
    """Leave quietly when whoever read our output has gone."""
    from sim.cli.options import silence

    silence()
    raise SystemExit(0)


def leave(message: str, code: int) -> None:
    """Print a message on stderr and leave with an exit code."""
    echo(message, err=True)
    raise SystemExit(code)
