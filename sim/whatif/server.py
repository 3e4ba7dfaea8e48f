"""A session as a page on this machine: a thin layer of HTTP, on the loopback address alone.

Every request must carry the token, as the first part of its path, and the host that the page was opened with, so that
another page of the same browser can neither guess the one nor pass by the other (DNS rebinding). Nothing is read from
disk and nothing is written for a request: the page is in memory, and settings are numbers of the sliders there are.
"""

from __future__ import annotations

import atexit
import json
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from typing import Any

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.errors import CcsimError, OutputError, ScenarioError
from sim.whatif.document import answer_document, setup_document
from sim.whatif.session import Answer, Asking, Session

LOOPBACK = "127.0.0.1"
PARTS = {
    "": ("page.html", "text/html"),
    "page.js": ("page.js", "text/javascript"),
    "charts.js": ("charts.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
NOTEBOOKS = "http://localhost:* http://127.0.0.1:* https://localhost:* vscode-webview: vscode-file:"
LARGEST_QUESTION = 20_000
LONGEST_PAGE = 40
GRACE_S = 3
END = object()


class PageServer:
    """A page that is served until it is stopped.

    Parameters
    ----------
    session : what it shows.
    source : the file that its YAML builds on; empty where there is none.
    port : 0 for any that is free.
    framed : whether a notebook of this machine may show it in a cell.

    Raises
    ------
    OutputError
        If the port is taken.
    """

    def __init__(self, session: Session, source: str = "", port: int = 0, framed: bool = False) -> None:
        self.session = session
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.token = secrets.token_urlsafe(24)
        guarded = Guard(_application(session, source, self.token), self.token, self.port, framed)
        options = {"log_level": "error", "access_log": False, "server_header": False, "ws": "none", "lifespan": "off"}
        self._server = uvicorn.Server(uvicorn.Config(guarded, timeout_graceful_shutdown=GRACE_S, **options))  # type: ignore[arg-type]
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where the page is, token and all."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Serve until somebody interrupts, then wait for the replication in hand."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def start(self) -> None:
        """Serve beside what else this program does."""
        self._thread = threading.Thread(target=self.serve, name="ccsim live", daemon=True)
        self._thread.start()
        atexit.register(self.stop)  # a thread in compiled code that outlives the program would end it with a crash

    def stop(self) -> None:
        """Stop serving."""
        atexit.unregister(self.stop)
        self.session.stop_all()
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        else:
            self._close()

    def _close(self) -> None:
        self.session.close()
        self._socket.close()


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or "is no port"
        raise OutputError(f"--port {port}: {why}. Choose another, or leave it out for any that is free") from None
    return listening


# What is let in ------------------------------------------------------------------------


class Guard:
    """Lets a request in that has the token, the host and, where it names one, the origin of this page."""

    def __init__(self, application: ASGIApp, token: str, port: int, framed: bool) -> None:
        self.application, self.token = application, token.encode()
        self.hosts = {f"{name}:{port}".encode() for name in (LOOPBACK, "localhost")}
        self.headers = _headers(framed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return
        if (why := self._refusal(scope)) is not None:
            await PlainTextResponse(why, 403, self.headers)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [(name.encode(), value.encode()) for name, value in self.headers.items()]
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        await self.application(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> str | None:
        """Why a request is refused; None where it is not."""
        given = [(name, value) for name, value in scope["headers"] if name in (b"host", b"origin")]
        hosts = [value for name, value in given if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return "ccsim: refused: not the address of this page"
        if any(value != b"http://" + hosts[0] for name, value in given if name == b"origin"):
            return "ccsim: refused: asked from another page"
        token = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        if not secrets.compare_digest(token.encode(), self.token):
            return "ccsim: refused: open the address that ccsim has printed, with its token"
        return None


def _headers(framed: bool) -> dict[str, str]:
    """The page loads nothing from elsewhere, and is shown in no other page unless a notebook shows it."""
    own = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
    around = NOTEBOOKS if framed else "'none'"
    return {
        "content-security-policy": f"{own}; form-action 'none'; frame-ancestors {around}",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


# What is answered ------------------------------------------------------------------------


def _application(session: Session, source: str, token: str) -> Starlette:
    """The page, its setup and its answers, below the token."""

    async def setup(_: Request) -> Response:
        return JSONResponse(setup_document(session))

    async def answer(request: Request) -> Response:
        try:
            asking = session.ask(*_question(await _body(request)))
        except CcsimError as error:
            return JSONResponse({"problem": words_of(error)}, 400)
        return StreamingResponse(_lines(session, asking, source), media_type="application/x-ndjson")

    routes = [*(_static(name, *part) for name, part in PARTS.items()), Route("/setup", setup)]
    return Starlette(routes=[Mount(f"/{token}", routes=[*routes, Route("/answer", answer, methods=["POST"])])])


def _static(name: str, file: str, kind: str) -> Route:
    text = (files("sim.whatif") / "static" / file).read_text(encoding="utf-8")

    async def part(_: Request) -> Response:
        return Response(text, media_type=kind)

    return Route(f"/{name}", part)


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_QUESTION:
            raise CcsimError("the question is too long")
    return body


def _question(body: bytes) -> tuple[dict[str, float], list[dict[str, float]], str]:
    """Settings, what is kept, and the page that asks; the session checks names and numbers."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise CcsimError("the question is no JSON object")
    settings, kept, page = said.get("settings", {}), said.get("kept", []), said.get("page", "")
    maps = [settings, *kept] if isinstance(kept, list) else [None]
    if not all(isinstance(each, dict) for each in maps) or not isinstance(page, str) or len(page) > LONGEST_PAGE:
        raise CcsimError("the question has no settings")
    return settings, kept, page


async def _lines(session: Session, asking: Asking, source: str) -> AsyncIterator[str]:
    """A line an answer; whoever goes away stops them."""
    answers = iter(asking)

    def line() -> Any:
        return _line(session, answers, source)

    try:
        while (text := await to_thread.run_sync(line, abandon_on_cancel=True)) is not END:
            yield text
    finally:
        asking.stop()


def _line(session: Session, answers: Iterator[Answer], source: str) -> Any:
    try:
        for answer in answers:
            return json.dumps(answer_document(session, answer, source), allow_nan=False) + "\n"
    except CcsimError as error:
        return json.dumps({"problem": words_of(error)}) + "\n"
    return END


def words_of(error: CcsimError) -> str:
    """An error in a sentence or two, without the place in a file that a page does not show."""
    if isinstance(error, ScenarioError):
        return " ".join(f"{problem.path}: {problem.message}. {problem.fix}".strip() for problem in error.problems)
    return str(error)
