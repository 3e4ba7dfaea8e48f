"""``ccsim live``: a page on this machine with sliders, and the answer while they are moved."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.echo import echo
from sim.cli.options import File, Jobs, Seed, load_all

Before = Annotated[
    Path | None, typer.Option("--before", metavar="FILE", help="Another scenario to set beside it.", show_default=False)
]
Sliders = Annotated[
    list[str] | None,
    typer.Option("--slider", metavar="KEY.PATH=a:b", help="A slider more; may be repeated.", show_default=False),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 for any that is free.")]
Open = Annotated[bool, typer.Option("--open", help="Open the page in the browser.")]


def live(
    file: File,
    before: Before = None,
    sliders: Sliders = None,
    seed: Seed = None,
    jobs: Jobs = None,
    port: Port = 0,
    open_page: Open = False,
) -> None:
    """Serve a page with sliders of a scenario, on this machine alone, until Ctrl-C; nothing is written."""
    from sim.whatif.page import check_installed, page_server
    from sim.whatif.session import Session

    check_installed()
    scenario, *others = load_all([file, *([before] if before is not None else [])], [], jobs)
    session = Session(scenario, others[0] if others else None, tuple(sliders or ()), seed=seed, jobs=jobs)
    server = page_server(session, str(file.resolve()), port)
    echo(server.address, wrap=False)
    echo("open it in a browser on this machine; Ctrl-C ends it", err=True)
    if open_page:
        _open(server.address)
    with suppress(KeyboardInterrupt):
        server.serve()
    echo("stopped", err=True)


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
