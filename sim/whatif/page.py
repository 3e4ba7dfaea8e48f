"""A what-if page from Python: in a notebook's cell, or at an address of this machine."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from sim.arguments import checked
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.whatif.session import Session

if TYPE_CHECKING:
    from sim.whatif.server import PageServer

MISSING = "live: needs starlette and uvicorn, which are not installed. Run: pip install 'ccsim[live]'"
TALL = 900


class LivePage:
    """A page that is served while the program runs.

    Attributes
    ----------
    address : where a browser on this machine finds it.
    """

    def __init__(self, server: PageServer) -> None:
        self._server = server
        self.address = server.address

    def stop(self) -> None:
        """Stop serving it."""
        self._server.stop()

    def __repr__(self) -> str:
        return f"<LivePage {self.address}>"

    def _repr_html_(self) -> str:
        address = html.escape(self.address)
        frame = f'<iframe src="{address}" title="What if" width="100%" height="{TALL}" style="border:0"></iframe>'
        return f'{frame}<p><a href="{address}" target="_blank" rel="noreferrer">In a window of its own</a></p>'


@checked
def live(
    scenario: Scenario,
    *,
    before: Scenario | None = None,
    sliders: tuple[str, ...] | list[str] = (),
    seed: int | None = None,
    jobs: int | None = None,
) -> LivePage:
    """Show what if: sliders of a scenario, and its answer on the same customers as they are moved.

    A notebook shows it in the cell. It is served on this machine alone, until `stop` or the end of the program.

    Parameters
    ----------
    scenario : a loaded scenario.
    before : another one to set beside it.
    sliders : more keys, as `KEY=a:b`.
    seed, jobs : as in `run`.

    Raises
    ------
    CcsimError
        If ccsim was installed without `[live]`, or for a slider that cannot be.
    """
    server = page_server(Session(scenario, before, tuple(sliders), seed=seed, jobs=jobs), framed=True)
    server.start()
    return LivePage(server)


def page_server(session: Session, source: str = "", port: int = 0, framed: bool = False) -> PageServer:
    """The server of a page, not started yet; as `PageServer`.

    Raises
    ------
    CcsimError
        If what it needs is not installed.
    """
    check_installed()
    from sim.whatif.server import PageServer

    return PageServer(session, source, port, framed)


def check_installed() -> None:
    """See that what serves pages is there.

    Raises
    ------
    CcsimError
        If it is not.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise CcsimError(MISSING) from None
