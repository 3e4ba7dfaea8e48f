"""From the tree to the parts of a scenario, each read on its own so that one bad part hides no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.loading.elapsed import Beside, alone, take_elapsed
from sim.loading.problems import Reporter
from sim.loading.shape import inner, tidy
from sim.scenario.arrivals import Arrivals
from sim.scenario.beliefs import Beliefs
from sim.scenario.model import Customers, Group, Heading, Intent, IntentBot, QueueLimit, Scenario
from sim.schema.distribution import Distribution
from sim.schema.tree import Keys, Node

AnyModel = TypeVar("AnyModel", bound=BaseModel)
REQUIRED = ("calendar", "intents", "agents")
DEFAULT_FALSE_SHARE = 0.25
SHARED_ARRIVAL_KEYS = ("process", "busyness_cv", "interval_cv")


def sections() -> dict[str, type[BaseModel]]:
    """Return the sections that are read whole, each by its own model; those of mechanisms are among them."""
    models = {name: inner(field.annotation) for name, field in Scenario.model_fields.items() if name != "arrivals"}
    return {name: model for name, (form, model) in models.items() if form == "one" and model is not None}


@dataclass
class Parts:
    """The parts of a scenario that could be read; those that could not, or were not given, are left out."""

    found: dict[str, Any] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    agents: dict[str, Group] = field(default_factory=dict)

    def draft(self) -> Scenario:
        """Return the scenario as far as it could be read; without a calendar when that is wrong."""
        whole = {"name": ""} | self.found
        return Scenario.model_construct(**whole, intents=self.intents, agents=self.agents)

    def scenario(self) -> Scenario:
        """Return the scenario; every part must have been read."""
        return Scenario(**self.found, intents=self.intents, agents=self.agents)


def read_parts(tree: Node, stem: str, reporter: Reporter) -> Parts:
    """Return the parts of the scenario in `tree`; what is wrong goes to the reporter.

    `stem` is the name of a scenario that gives itself none.
    """
    raw = tidy(tree, Scenario, (), reporter.problem) or {}
    for name in REQUIRED:
        if not raw.get(name) and not reporter.failed(name):
            words = "is empty" if name in raw else "is missing"
            reporter.problem((name,), words, "A scenario needs calendar, intents and agents", key=True)
    return PartReader(raw, reporter).read(stem)


class PartReader:
    """Reads the parts of one scenario from plain data."""

    def __init__(self, raw: dict[str, Any], reporter: Reporter) -> None:
        self.raw = raw
        self.reporter = reporter
        self.parts = Parts()
        self.elapsed: dict[str, Beside] = {}
        self.context: dict[str, Any] = {"strict": True, "calendar": None, "notes": reporter.notes}
        self.context["groups"] = tuple(raw.get("agents", ()))

    def read(self, stem: str) -> Parts:
        """Return every part that can be read."""
        heading = {"name": stem} | {key: self.raw[key] for key in Heading.model_fields if key in self.raw}
        found = self._part(Heading, heading, ())
        self.parts.found |= dict(found) if found else {}
        for name, model in sections().items():
            section = self._part(model, self.raw[name], (name,)) if name in self.raw else None
            self.parts.found |= {name: section} if section else {}
        beliefs = self._part(Beliefs, self.raw["beliefs"], ("beliefs",)) if "beliefs" in self.raw else None
        self.parts.found |= {"beliefs": beliefs} if beliefs else {}
        self.context["calendar"] = self.parts.found.get("calendar")
        common = self._arrivals(self.raw.get("arrivals"), ("arrivals",), {})
        self.parts.found |= {"arrivals": common} if common else {}
        for name, entry in self.raw.get("intents", {}).items():
            self._intent(name, dict(entry))
        for name, entry in self.raw.get("agents", {}).items():
            self.context["group"] = name
            group = self._part(Group, entry | {"name": name}, ("agents", name))
            self.parts.agents |= {name: group} if group else {}
        for name, beside in self.elapsed.items():
            intent = self.parts.intents[name]
            self.parts.intents[name] = alone(intent, beside, self.parts.agents.values(), self.reporter)
        queues = dict(self.raw.get("queues", {}))
        limits = {name: self._part(QueueLimit, entry, ("queues", name)) for name, entry in queues.items()}
        self.parts.found["queues"] = {name: limit for name, limit in limits.items() if limit}
        return self.parts

    def _part(self, model: type[AnyModel], raw: Any, path: Keys) -> AnyModel | None:
        try:
            return model.model_validate(raw, context=self.context)
        except ValidationError as error:
            self.reporter.invalid(path, error)
            return None

    def _arrivals(self, raw: dict[str, Any] | None, path: Keys, shared: dict[str, Any]) -> Arrivals | None:
        if raw is None:
            return None
        raw = shared | raw
        if raw.get("process") == "trace" and "file" in raw:
            raw["trace"] = raw.pop("file")
            self.reporter.renamed[(*path, "trace")] = ("file",)
        return self._part(Arrivals, raw, path)

    def _intent(self, name: str, raw: dict[str, Any]) -> None:
        path = ("intents", name)
        customers = self.parts.found.get("customers", Customers())
        defaults = {"skill": name, "patience": customers.patience, "difficulty_slope": customers.difficulty_slope}
        if raw.get("channel") == "deferred":
            defaults["patience"] = Distribution(kind="infinite")
        raw = defaults | raw | {"name": name}
        own = raw.pop("arrivals", None)
        arrivals = self._arrivals(own, (*path, "arrivals"), self._shared_arrivals(own))
        elapsed = take_elapsed(raw, path, self.reporter)
        from_aht = elapsed is None and self._rename_aht(raw, path)
        intent = self._part(Intent, raw, path)
        if intent is None or (own is not None and arrivals is None):
            return
        intent = intent.model_copy(update={"arrivals": arrivals, "bot": _with_false_share(intent.bot)})
        self.elapsed |= {} if elapsed is None else {name: elapsed}
        self.parts.intents[name] = self._less_wrap_up(intent, path) if from_aht else intent

    def _shared_arrivals(self, own: dict[str, Any] | None) -> dict[str, Any]:
        """Return what an intent's own arrivals take from the common ones."""
        common = self.parts.found.get("arrivals")
        if own is None or common is None:
            return {}
        keys = [key for key in SHARED_ARRIVAL_KEYS if (key, getattr(common, key)) != ("process", "trace")]
        return {key: getattr(common, key) for key in keys}

    def _rename_aht(self, raw: dict[str, Any], path: Keys) -> bool:
        """Put `aht` in the place of `talk_time`; tell whether the intent has one."""
        if "aht" not in raw:
            return False
        aht = raw.pop("aht")
        if "talk_time" in raw:
            self.reporter.problem((*path, "aht"), "stands beside talk_time", "Write one of the two", None, key=True)
            return False
        self.reporter.renamed[(*path, "talk_time")] = ("aht",)
        raw["talk_time"] = aht
        return True

    def _less_wrap_up(self, intent: Intent, path: Keys) -> Intent:
        """Return the intent with its AHT less wrap-up as talk time: the same shape, another mean."""
        aht, wrap_up = intent.talk_time.average, intent.wrap_up.average
        if aht <= wrap_up:
            fix = "AHT is talk, hold and wrap-up: it must be longer than wrap_up"
            self.reporter.problem((*path, "aht"), f"is not longer than the wrap-up of {wrap_up:g} s", fix)
            return intent
        talk: Distribution = intent.talk_time.scaled((aht - wrap_up) / aht)
        return intent.model_copy(update={"talk_time": talk})


def _with_false_share(bot: IntentBot | None) -> IntentBot | None:
    """Return a bot whose containment has its false share, by default a quarter (evidence 1, an assumption)."""
    if bot is None or bot.containment is None or bot.false_share is not None:
        return bot
    return bot.model_copy(update={"false_share": DEFAULT_FALSE_SHARE})
