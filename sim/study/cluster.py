"""Studies on other machines: the workers of a Dask cluster, or several processes of this one."""

from __future__ import annotations

import logging
import platform
import re
import socket
import sysconfig
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import sim
from sim.arguments import checked
from sim.errors import ArgumentError, ClusterError, shorten
from sim.jit import source_hash
from sim.mechanisms import own_names
from sim.study.workplace import AHEAD, Call, Key, working_at

ANSWER_S = 5.0
"""How long an address may take to answer, and a scheduler to find a first worker."""
GONE_S = 60.0
"""How long a study waits for another worker when the last one has gone."""
LOOK_S = 5.0
"""How often a study that waits looks whether there is still anybody at work."""
ROOMS = ("schema", "scenario", "facts", "study")
"""The rooms that a worker's figures rest on, beside those that are compiled."""
LOCAL = re.compile(r"local:(\d+)")
AT_MOST_LOCAL = 256
LONGEST = 300

Fingerprint = dict[str, str]


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
        self._at_work: AbstractContextManager[None] | None = None

    def __enter__(self) -> Cluster:
        """Begin to work there."""
        self._at_work = working_at(self)
        self._at_work.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        """Work here again, and leave the cluster."""
        if self._at_work is not None:
            self._at_work.__exit__(None, None, None)
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
        return max(1, sum(int(threads) for threads in self._connected().nthreads().values()))

    def results(self, calls: Iterable[tuple[Key, Call]]) -> Generator[tuple[Key, Any]]:
        """Hand calls out, a few ahead, and return what they give, in their order; what is left open is called off.

        A piece whose worker goes away is done by another one.
        """
        client, begun = self._connected(), deque[tuple[Key, Any]]()
        most, mine = AHEAD * self.workers, fingerprint()
        try:
            with self._in_clear_words():
                for key, (function, arguments) in calls:
                    begun.append((key, client.submit(_called, mine, function, arguments, pure=False)))
                    if len(begun) >= most:
                        yield from self._finished(client, begun)
                while begun:
                    yield from self._finished(client, begun)
        finally:
            if begun and client.status == "running":
                client.cancel([future for _, future in begun], force=True)

    def _finished(self, client: Any, begun: deque[tuple[Key, Any]]) -> list[tuple[Key, Any]]:
        """Wait for the first that is under way, and take with it those behind it that are done too."""
        self._wait(begun[0][1])
        count = 1
        while count < len(begun) and begun[count][1].status == "finished":
            count += 1
        found = client.gather([begun[k][1] for k in range(count)])
        return [(begun.popleft()[0], result) for result in found]

    def _wait(self, future: Any) -> None:
        alone_since: float | None = None
        while True:
            try:
                future.exception(timeout=LOOK_S)
                return
            except TimeoutError:
                alone_since = None if self._client.nthreads() else alone_since or time.monotonic()
            if alone_since and time.monotonic() - alone_since > GONE_S:
                raise ClusterError(f"{self.address}: its last worker has gone. Start some: {self._command()}")

    @contextmanager
    def _in_clear_words(self) -> Generator[None]:
        """Turn what Dask says of a cluster that is falling apart into one message."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            yield
        except KilledWorker as error:
            why = "It may need more memory than a worker has. See the worker's own log"
            raise ClusterError(f"{self.address}: four workers in turn ended over one piece of work. {why}") from error
        except (CancelledError, CommClosedError, OSError) as error:
            raise ClusterError(f"{self.address}: the scheduler has gone. Start it and the command again") from error

    # Connecting -------------------------------------------------------------------

    def _connected(self) -> Any:
        if self._client is None:
            _refuse_plugins()
            self._client = self._opened()
            try:
                self._check_workers()
            except BaseException:
                self.close()
                raise
        return self._client

    def _opened(self) -> Any:
        if not self._processes:
            self._knock()
        import distributed

        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # of what it says, we say what matters
        if self._processes:
            quiet = {"dashboard_address": None, "silence_logs": 50}
            self._local = distributed.LocalCluster(n_workers=self._processes, threads_per_worker=1, **quiet)
            return distributed.Client(self._local, set_as_default=False)
        try:
            return distributed.Client(self.address, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise self._no_answer() from error

    def _knock(self) -> None:
        """See that a scheduler answers there: Dask itself tries for much longer. Without TLS it speaks first."""
        scheme, place = self.address.split("://")
        host, port = place.rsplit(":", 1)
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER_S) as opened:
                if scheme == "tcp" and not opened.recv(1):
                    raise OSError("hung up")
        except (OSError, OverflowError, UnicodeError) as error:
            raise self._no_answer() from error

    def _no_answer(self) -> ClusterError:
        fix = "Start a scheduler there (dask scheduler), or see that the address and the firewall are right"
        return ClusterError(f"cluster: {self.address}: no scheduler answers there. {fix}")

    def _check_workers(self) -> None:
        """See that somebody works there, and that they all are what is here."""
        until = time.monotonic() + ANSWER_S
        while not self._client.nthreads():
            if time.monotonic() > until:
                raise ClusterError(f"cluster: {self.address}: has no workers. Start some: {self._command()}")
            time.sleep(0.1)
        found = self._client.run(fingerprint, on_error="return")
        wrong = [f"worker {name}: {words}" for name, theirs in found.items() if (words := _difference(theirs))]
        if wrong:
            more = f" (and {len(wrong) - 1} more workers)" if len(wrong) > 1 else ""
            raise ClusterError(f"cluster: {wrong[0]}{more}. {ALIKE}")

    def _command(self) -> str:
        return f"dask worker {self.address} --nthreads 1"


# What a worker is ----------------------------------------------------------------------

ALIKE = "Install the same ccsim, Python and packages on every worker, and start it again"


@cache
def fingerprint() -> Fingerprint:
    """What the figures of this process rest on."""
    return {
        "ccsim": sim.__version__,
        "source of ccsim": source_hash(*ROOMS),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "numba": version("numba"),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "machine": sysconfig.get_platform(),
    }


def _difference(theirs: Fingerprint | BaseException) -> str:
    """In what a worker differs from this process, in words; empty where it does not."""
    if not isinstance(theirs, dict):
        return f"has no ccsim, or another version of it ({shorten(str(theirs), LONGEST)})"
    return _words(fingerprint(), theirs)


def _words(mine: Fingerprint, theirs: Fingerprint) -> str:
    other = [
        f"{name} {theirs.get(name)} where here it is {mine[name]}" for name in mine if theirs.get(name) != mine[name]
    ]
    return f"has {other[0]}" if other else ""


def _called(mine: Fingerprint, function: Any, arguments: Sequence[Any]) -> Any:
    """Do a piece of work on a worker; one that came later may be of another version."""
    if words := _words(mine, fingerprint()):
        raise ClusterError(f"cluster: a worker {words}. {ALIKE}")
    return function(*arguments)


def _refuse_plugins() -> None:
    if own := own_names():
        fix = "Leave out --cluster, or the mechanism"
        raise ClusterError(f"cluster: the mechanism {own[0]} is registered here alone: workers do not know it. {fix}")
