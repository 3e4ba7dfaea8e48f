"""A session of what if: settings in, answers out at 2, 10 and 30 replications, until something newer is asked.

It knows nothing of pages. All variants meet the same customers (same seed, same replications), and what was simulated
stays, so that a variant that is looked at again is there at once.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.errors import ArgumentError
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.scenario.targets import targets_of_scenario
from sim.study.estimates import Estimate, ratio_estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate
from sim.study.risk.chance import chance_of
from sim.study.risk.resampling import Estimated
from sim.study.tables import own_values
from sim.study.tallies import BatchedTallies
from sim.whatif.sliders import Slider, sliders_of

STAGES = (2, 10, 30)
MOST_KEPT = 4
MOST_RUNS = 8
MOST_PAGES = 32
LEAST_FOR_CHANCE = 10
BEFORE, FILE, NOW, KEPT = "before", "file", "now", "kept"
Settings = Mapping[str, float]
"""Values by the names of sliders; those that are left out are as in the file."""
Key = tuple[tuple[str, float], ...]


class _StoppedError(Exception):
    """Something newer was asked, or nobody looks any more."""


@dataclass(frozen=True)
class Variant:
    """One variant beside others.

    Attributes
    ----------
    role : before, file, now or kept.
    settings : what was moved; empty for the files.
    run : its replications.
    """

    role: str
    settings: Settings
    run: ScenarioRun

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.run.scenario

    @property
    def same_as_file(self) -> bool:
        """Whether it is the file as it stands."""
        return self.role != BEFORE and not self.settings

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Every measure over all days."""
        return self.run.estimates("overall")

    @cached_property
    def chance(self) -> Estimated | None:
        """The share of replications in which all targets are met; None where there are none, or too few of either."""
        goals = targets_of_scenario(self.scenario)
        if not goals or self.run.tallies.replications < LEAST_FOR_CHANCE:
            return None
        values = own_values(self.run)
        met = [[goal.met(float(value)) for value in values[name]] for name, goal in goals.items()]
        return chance_of(np.all(np.array(met), axis=0))

    def by_time(self, measure: str) -> Estimate:
        """A measure by time of day, (times of `run.frame.clock`), over all days."""
        frame, counts = self.run.frame, self.run.tallies.counts("interval")
        where = np.searchsorted(np.array(frame.clock), np.array(frame.times))
        cells = [counts[:, where == place].sum(axis=1) for place in range(len(frame.clock))]
        return ratio_estimate(np.stack(cells, axis=1), self.run.measures[measure])


@dataclass(frozen=True)
class Answer:
    """All variants after the same replications: BEFORE where there is one, the file, what is set now, what was kept."""

    replications: int
    columns: tuple[Variant, ...]

    def column(self, role: str) -> Variant:
        """The first column of a role."""
        return next(column for column in self.columns if column.role == role)


class Asking:
    """Answers to one question, each sharper than the one before; ends early when it is stopped."""

    def __init__(self, session: Session, plan: Sequence[tuple[str, Key]]) -> None:
        self._session, self._plan = session, plan
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End it after the replication in hand."""
        self._stopped.set()

    def __iter__(self) -> Iterator[Answer]:
        for replications in STAGES:
            try:
                yield self._session.answer(self._plan, replications, self._check)
            except _StoppedError:
                return

    def _check(self, *_: int) -> None:
        if self._stopped.is_set():
            raise _StoppedError


class Session:
    """A scenario, perhaps one before it, and what if.

    Parameters
    ----------
    scenario, before : loaded scenarios.
    asked : sliders of keys, as `KEY=a:b`.
    seed, jobs : as for `sim.run`.

    Raises
    ------
    CcsimError
        For sliders that cannot be, or a scenario that is not fitted.
    """

    def __init__(
        self,
        scenario: Scenario,
        before: Scenario | None = None,
        asked: Sequence[str] = (),
        *,
        seed: int | None = None,
        jobs: int | None = None,
    ) -> None:
        self.scenario, self.before = scenario, before
        self.sliders = {slider.name: slider for slider in sliders_of(scenario, asked)}
        self.options = RunOptions(scenario.run.seed if seed is None else seed, jobs=jobs)
        self.usual_notes = {*scenario.notes, *changed(scenario, {}).notes}
        """What is noted of the scenario however it is set."""
        self._files = {role: make_run(each) for role, each in ((BEFORE, before), (FILE, scenario)) if each is not None}
        self._runs: OrderedDict[Key, ScenarioRun] = OrderedDict()
        self._pages: OrderedDict[str, Asking] = OrderedDict()
        self._simulating, self._asking = threading.Lock(), threading.Lock()
        self._closed = False

    def ask(self, settings: Settings, kept: Sequence[Settings] = (), page: str = "") -> Asking:
        """Ask for answers; what the same page asked before is stopped.

        Raises
        ------
        ArgumentError
            For a slider that there is not, or a value outside its ends.
        """
        if len(kept) > MOST_KEPT:
            raise ArgumentError(f"kept: has {len(kept)} variants, more than {MOST_KEPT}")
        variants = [(NOW, self._key(settings)), *((KEPT, self._key(each)) for each in kept)]
        asking = Asking(self, variants)
        with self._asking:
            if (last := self._pages.pop(page, None)) is not None:
                last.stop()
            self._pages[page] = asking
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)[1].stop()
            if self._closed:
                asking.stop()
        return asking

    def answer(self, plan: Sequence[tuple[str, Key]], replications: int, check: Progress) -> Answer:
        """All variants of a plan after so many replications; one question at a time is simulated."""
        with self._simulating:
            check(0, 0)
            asked = [(role, key, self._run(key)) for role, key in plan]
            columns = [*((role, (), run) for role, run in self._files.items()), *asked]
            runs = [self._extended(run, replications, check) for *_, run in columns]
        variants = (Variant(role, dict(key), run) for (role, key, _), run in zip(columns, runs, strict=True))
        return Answer(replications, tuple(variants))

    def settings_of(self, settings: Settings) -> dict[str, object]:
        """The keys of the file that settings change, with their values."""
        found: dict[str, object] = {}
        for name, value in self._key(settings):
            found |= self.sliders[name].settings(value)
        return found

    def changed(self, settings: Settings) -> Scenario:
        """The scenario with settings, after the checks of a file."""
        keys = self.settings_of(settings)
        return changed(self.scenario, keys) if keys else self.scenario

    def close(self) -> None:
        """Stop whatever is asked, and wait for the replication in hand: no thread outlives it in compiled code."""
        self.stop_all()
        with self._simulating:
            self._runs.clear()

    def stop_all(self) -> None:
        """Stop whatever is asked, now and from now on."""
        with self._asking:
            self._closed = True
            for asking in self._pages.values():
                asking.stop()

    # Simulating ---------------------------------------------------------------

    def _run(self, key: Key) -> ScenarioRun:
        if not key:
            return self._files[FILE]
        if key not in self._runs:
            self._runs[key] = make_run(self.changed(dict(key)))
        self._runs.move_to_end(key)
        while len(self._runs) > MOST_RUNS:
            self._runs.popitem(last=False)
        return self._runs[key]

    def _extended(self, run: ScenarioRun, replications: int, check: Progress) -> ScenarioRun:
        """A run with at least so many replications, of which no more are looked at."""
        if run.tallies.replications < replications:
            try:
                replicate([run], self.options, replications, check)
            finally:
                run.prepared.compiled.rest()  # the next variant takes its memory over
        rows = run.tallies.rows[:replications]
        return replace(run, tallies=BatchedTallies(rows, replications))

    def _key(self, settings: Settings) -> Key:
        """Settings in the order of the sliders, each at a value that its slider can be set to."""
        unknown = [name for name in settings if name not in self.sliders]
        if unknown:
            raise ArgumentError(f"{unknown[0]}: is no slider of this page")
        return tuple((name, self._value(s, settings[name])) for name, s in self.sliders.items() if name in settings)

    def _value(self, slider: Slider, value: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ArgumentError(f"{slider.name}: is not set to a number")
        return slider.snapped(float(value))
