"""Studies on other machines: the workers of a Dask cluster, or several processes of this one."""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import Any
from uuid import uuid4

from sim.arguments import checked
from sim.errors import ArgumentError, ClusterError, shorten
from sim.mechanisms import own_names
from sim.study.fingerprint import ALIKE, LONGEST, difference, fingerprint, guarded_call, lacks_ccsim, packed_call
from sim.study.workplace import AHEAD, Call, Key, working_at

ANSWER_S = 3.0
"""How long an address may take to answer, and a scheduler to find a first worker."""
GONE_S = 60.0
"""How long a study waits for a scheduler that is silent, or for another worker when the last one has gone."""
LOOK_S = 5.0
"""How often a study that waits looks whether there is still anybody at work."""
LOCAL = re.compile(r"local:(\d+)")
AT_MOST_LOCAL = 256
TALKATIVE = ("distributed.client", "distributed.comm", "distributed.core", "tornado.application", "asyncio")
"""Loggers of what goes wrong on the way: of that, we say what matters."""


@checked
def cluster(address: str) -> Cluster:
    """Have studies worked on elsewhere: ``with sim.cluster("tcp://10.0.0.5:8786"): sim.targets(scenario, ...)``.

    Every function that simulates within the block hands its replications to the workers, and finds the same to the
    last bit. The connection is made when it is first needed.

    Parameters
    ----------
    address : ``tcp://host:port`` or ``tls://host:port`` of a Dask scheduler, or ``local:4`` for as many processes of
        this machine, which end with the block.

    Raises
    ------
    ArgumentError
        If that is no such address.
    ClusterError
        If Dask is not installed. Later: if nothing answers there, nobody works there, or workers are of another
        version of ccsim.
    """
    local = LOCAL.fullmatch(address)
    if local and 1 <= int(local[1]) <= AT_MOST_LOCAL:
        return _with_dask(Cluster(address, int(local[1])))
    if not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d+", address):
        fix = f"Write tcp://HOST:PORT of a scheduler, or local:N for up to {AT_MOST_LOCAL} processes here"
        raise ArgumentError(f"cluster: {address!r}: is no address of a cluster. {fix}")
    return _with_dask(Cluster(address))


def _with_dask(made: Cluster) -> Cluster:
    if find_spec("distributed") is None:
        raise ClusterError("cluster: needs Dask, which is not installed. Install it: pip install 'ccsim[cluster]'")
    return made


class Cluster(AbstractContextManager["Cluster"]):
    """Workers elsewhere; within its `with` block studies are worked on there.

    Attributes
    ----------
    address : as it was given.
    """

    def __init__(self, address: str, processes: int = 0) -> None:
        self.address, self._processes = address, processes
        self._client: Any = None
        self._local: Any = None
        self._block: AbstractContextManager[None] | None = None
        self._threads, self._looked = 0, -LOOK_S

    def __enter__(self) -> Cluster:
        """Begin to work there."""
        self._block = working_at(self)
        self._block.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        """Work here again, and leave the cluster."""
        if self._block is not None:
            self._block.__exit__(None, None, None)
        self.close()

    def close(self) -> None:
        """Leave the cluster; local processes end."""
        for opened in (self._client, self._local):
            if opened is not None:
                opened.close()
        self._client = self._local = None

    @property
    def workers(self) -> int:
        """How many work at the same time; connects where that has not been done."""
        client, now = self._connected(), time.monotonic()
        if now - self._looked > LOOK_S:
            self._threads, self._looked = self._at_work(client) or self._threads, now
        return max(1, self._threads)

    def results(self, calls: Iterable[tuple[Key, Call]]) -> Generator[tuple[Key, Any]]:
        """Hand calls out, a few ahead, and return what they give, in their order; what is left open is called off.

        A piece whose worker goes away is done by another one.
        """
        client, begun = self._connected(), deque[tuple[Key, Any]]()
        try:
            for key, (function, arguments) in calls:
                begun.append((key, self._submitted(client, guarded_call(function, *arguments))))
                while len(begun) >= AHEAD * self.workers:
                    yield from self._finished(client, begun)
            while begun:
                yield from self._finished(client, begun)
        finally:
            begun.clear()  # Dask calls off what nobody waits for any more

    def _submitted(self, client: Any, packed: bytes) -> Any:
        """Hand out a call: the scheduler, which reads it too, sees a function of Python and bytes."""
        with self._in_clear_words():
            return client.submit(pickle.loads, packed, key=f"ccsim-{uuid4().hex}")

    def _finished(self, client: Any, begun: deque[tuple[Key, Any]]) -> list[tuple[Key, Any]]:
        """Wait for the first that is under way, and take with it those behind it that are done too."""
        with self._in_clear_words():
            failed = self._waited(client, begun[0][1])
        if failed:
            raise self._why(failed)
        count = 1
        while count < len(begun) and begun[count][1].status == "finished":
            count += 1
        with self._in_clear_words():
            found = _asked(client, client.gather, [begun[k][1] for k in range(count)], within=GONE_S)
        return [(begun.popleft()[0], result) for result in found]

    def _waited(self, client: Any, future: Any) -> Exception | None:
        """What went wrong with a piece, once it is done with."""
        seen = time.monotonic()
        while True:
            with suppress(TimeoutError):
                wrong: Exception | None = future.exception(timeout=LOOK_S)
                return wrong
            at_work = self._at_work(client)
            if at_work:
                seen = time.monotonic()
            elif time.monotonic() - seen > GONE_S:
                raise self._fault(SILENT if at_work is None else f"its last worker has gone. {self._start_some()}")

    def _at_work(self, client: Any) -> int | None:
        """How many threads work there; None where the scheduler says nothing."""
        with self._in_clear_words():
            try:
                threads: dict[str, int] = client.sync(client.scheduler.ncores, callback_timeout=ANSWER_S)
                return sum(threads.values())
            except TimeoutError:
                return None

    def _why(self, failed: Exception) -> Exception:
        from distributed import KilledWorker

        if isinstance(failed, KilledWorker):
            why = "It may need more memory than a worker has. See the worker's own log"
            return self._fault(f"four workers in turn ended over one piece of work. {why}")
        return self._fault(f"a worker has no ccsim. {ALIKE}") if lacks_ccsim(failed) else failed

    def _fault(self, words: str) -> ClusterError:
        return ClusterError(f"cluster: {self.address}: {words}")

    @contextmanager
    def _in_clear_words(self) -> Generator[None]:
        """Turn what Dask says of a cluster that is falling apart into one message."""
        from distributed.client import CancelledError, ClosedClientError

        try:
            yield
        except TimeoutError as error:
            raise self._fault(SILENT) from error
        except (CancelledError, ClosedClientError, OSError) as error:
            raise self._fault(f"the scheduler has gone. {AGAIN}") from error

    # Connecting -------------------------------------------------------------------

    def _connected(self) -> Any:
        if self._client is None:
            _refuse_plugins()
            try:
                self._client = self._opened()
                self._check_scheduler(self._client)
                self._check_workers(self._client)
            except BaseException:
                self.close()
                raise
        return self._client

    def _opened(self) -> Any:
        import distributed

        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if self._processes:
            quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
            with _deaf_to_interrupts():
                self._local = distributed.LocalCluster(n_workers=self._processes, threads_per_worker=1, **quiet)
            return distributed.Client(self._local, set_as_default=False)
        self._knock()
        try:
            with warnings.catch_warnings():  # of other versions there: what matters we say ourselves
                warnings.simplefilter("ignore")
                return distributed.Client(self.address, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise self._no_answer() from error

    def _knock(self) -> None:
        """See that a scheduler answers there. Dask waits for ever for somebody who takes a call and says nothing."""
        said: list[Any] = []
        caller = threading.Thread(target=lambda: said.append(_identity(self.address)), daemon=True)
        caller.start()
        caller.join(ANSWER_S)
        found = said[0] if said else OSError("silence")
        if isinstance(found, TypeError | RuntimeError):
            raise self._fault(f"{shorten(str(found), LONGEST)}. {CERTIFICATES}") from found
        if isinstance(found, BaseException):
            raise self._no_answer() from found
        if found != "Scheduler":
            raise self._fault(f"is a {found}, not a scheduler. Write the scheduler's address")

    def _no_answer(self) -> ClusterError:
        fix = "Start a scheduler there (dask scheduler), or see that the address and the firewall are right"
        return self._fault(f"no scheduler answers there. {fix}")

    def _check_scheduler(self, client: Any) -> None:
        """See that it speaks as we do: between versions Dask promises nothing."""
        import distributed

        mine = distributed.__version__
        with self._in_clear_words():
            theirs = _asked(client, client.run_on_scheduler, version, "distributed", within=GONE_S)
        if theirs != mine:
            words = f"the scheduler has distributed {theirs} where here it is {mine}"
            raise self._fault(f"{words}. Install the same there, and start it again")

    def _check_workers(self, client: Any) -> None:
        """See that somebody works there, and that they all are what is here."""
        until = time.monotonic() + ANSWER_S
        while not self._at_work(client):
            if time.monotonic() > until:
                raise self._fault(f"has no workers. {self._start_some()}")
            time.sleep(0.1)
        found = self._fingerprints(client)
        here = {name: theirs for name, theirs in found.items() if not isinstance(theirs, OSError)}  # others are going
        if wrong := [f"worker {name} {words}" for name, theirs in here.items() if (words := difference(theirs))]:
            more = f" (and {len(wrong) - 1} more workers)" if len(wrong) > 1 else ""
            raise ClusterError(f"cluster: {wrong[0]}{more}. {ALIKE}")

    def _fingerprints(self, client: Any) -> dict[str, Any]:
        """What every worker is, or what went wrong when it was asked."""
        with self._in_clear_words():
            try:
                asked = (pickle.loads, packed_call(fingerprint))
                found: dict[str, Any] = _asked(client, client.run, *asked, within=GONE_S, on_error="return")
            except TimeoutError:
                raise self._fault("a worker there says nothing. See their logs, or end it") from None
        return found

    def _start_some(self) -> str:
        return f"Start some: dask worker {self.address} --nthreads 1"


AGAIN = "Start it again, workers too, and give the same command"
SILENT = f"the scheduler has said nothing for a while. See whether it is well. {AGAIN}"
CERTIFICATES = "See docs/cluster.md, under Security, on certificates"


@contextmanager
def _deaf_to_interrupts() -> Generator[None]:
    """Begin processes that do not hear Ctrl-C, which a terminal sends to all: this one hears it, and ends them.

    The thread that begins them, now and in place of one that was killed, is begun here too, and they take after it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # whoever begins it hears interrupts again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _asked(client: Any, question: Callable[..., Any], *arguments: Any, within: float, **how: Any) -> Any:
    """Return what a method of a client gives, if it does so in time."""
    return client.sync(partial(question, *arguments, asynchronous=True, **how), callback_timeout=within)


def _identity(address: str) -> Any:
    """What kind of server answers at an address, or what went wrong."""
    from distributed import Security, rpc

    async def asked() -> Any:
        async with rpc(address, connection_args=Security().get_connection_args("client")) as server:
            return (await server.identity())["type"]

    try:
        return asyncio.run(asyncio.wait_for(asked(), ANSWER_S))
    except Exception as error:
        return error


def _refuse_plugins() -> None:
    if own := own_names():
        fix = "Leave out --cluster, or the mechanism"
        raise ClusterError(f"cluster: the mechanism {own[0]} is registered here alone: workers do not know it. {fix}")
