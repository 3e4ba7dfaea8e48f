"""A bridge in words: its bars, how they were made, and what comes of it all."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.comparison.causes import causes
from sim.report.numbers import SECONDS, STAFF, Value, beyond_luck, round_percent
from sim.study.bridge.bars import (
    AHT,
    CONCURRENCY,
    FTE,
    MEASURES,
    NOTICEABLE,
    OTHER,
    STAFFING,
    VOLUME,
    WORKLOAD,
    Bridge,
)
from sim.study.bridge.fte import FteRule

HIDDEN_WITHOUT_EFFECT = (STAFFING, CONCURRENCY, OTHER)
NOISE = 1e-9
LABELS = {
    STAFFING: "staffing: today's work with tomorrow's agents",
    CONCURRENCY: "several chats at once: the cap, and what chats do to each other",
    VOLUME: "volume",
    OTHER: "everything else",
    "containment": "containment without selection: mix between intents",
    "selection": "selection within intents",
    "false_containment": "false containment and its returns",
    "lost_context": "lost context",
    "frustration": "frustration",
    "fatigue": "fatigue",
    "pace": "pace",
    "assistant": "assistant",
}
SHORT = {STAFFING: "staffing", CONCURRENCY: "several chats at once", "containment": "containment without selection"}
TOGETHER = {
    "containment": "containment, with selection",
    "false_containment": "false containment, with lost context",
}
FORMS = {AHT: SECONDS, WORKLOAD: STAFF, FTE: STAFF}
NOT_THE_BOT = (STAFFING, CONCURRENCY, VOLUME, OTHER, "pace", "assistant")
OCCUPANCY_FROM = {
    "option": "--occupancy",
    "targets": "targets.occupancy of {after}",
    "default": "a default; targets.occupancy or --occupancy sets it",
}


def bar(bridge: Bridge, cause: str, measure: str) -> Value | None:
    """The bar of a cause; None where it has none."""
    rows = bridge.bars
    return _value(rows[(rows["cause"] == cause) & (rows["measure"] == measure)])


def end(bridge: Bridge, side: str, measure: str) -> Value:
    """What a side measures, or their difference (`change`)."""
    rows = bridge.ends
    value = _value(rows[(rows["side"] == side) & (rows["measure"] == measure)])
    assert value is not None, (side, measure)
    return value


def figure(bridge: Bridge, name: str) -> Value:
    """A figure of the claim."""
    return values_of(bridge.claim.loc[[name]])[0]


def values_of(rows: pd.DataFrame) -> list[Value]:
    """The values of some rows, in order."""
    columns = (rows[name].astype(float) for name in ("mean", "ci_low", "ci_high"))
    return [Value(*numbers) for numbers in zip(*columns, strict=True)]


def _value(rows: pd.DataFrame) -> Value | None:
    return next(iter(values_of(rows)), None)


def shown_causes(bridge: Bridge) -> list[str]:
    """The bars that are shown: without staffing, concurrency and everything else where nothing comes of them."""
    return [c for c in bridge.causes if c not in HIDDEN_WITHOUT_EFFECT or any(map(moves, bars_of(bridge, c)))]


def bars_of(bridge: Bridge, cause: str) -> Iterator[Value | None]:
    """The bars of a cause, by measure."""
    return (bar(bridge, cause, measure) for measure in MEASURES)


def moves(value: Value | None) -> bool:
    """Whether a bar is there and is more than the order of summing."""
    if value is None or not value.known:
        return False
    ends = (value.mean, value.low, value.high) if value.judged else (value.mean,)
    return max(abs(end) for end in ends) > NOISE


# Words ------------------------------------------------------------------------------


def names_of(bridge: Bridge) -> tuple[str, str]:
    """What the two sides are called; the same name twice gets a number."""
    before, after = bridge.before.name, bridge.after.name
    return before, f"{after} (2)" if before == after else after


def label_of(bridge: Bridge, cause: str, short: bool = False) -> str:
    """A bar in words."""
    if bridge.shapley and cause in TOGETHER:
        return TOGETHER[cause]
    return SHORT.get(cause, LABELS[cause]) if short else LABELS[cause]


# How it was made -------------------------------------------------------------------


def rule_words(bridge: Bridge) -> str:
    """How workload becomes FTE."""
    rule: FteRule = bridge.rule
    source = OCCUPANCY_FROM[rule.occupancy_from].format(after=names_of(bridge)[1])
    return (
        f"FTE of work = workload / ({_percent(rule.occupancy)} occupancy x (1 - {_percent(rule.shrinkage)} shrinkage, "
        f"planned and absence) x {rule.weekly_hours:.4g} h a week x {rule.weeks:.4g} week{'s' * (rule.weeks != 1)}). "
        f"Occupancy: {source}."
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.4g} %"


def made_words(bridge: Bridge) -> list[str]:
    """How the bars were made, and where what has no bar is."""
    order = (
        "averaged over all orders in which they can be switched on"
        if bridge.shapley
        else "switched on one at a time, in this order"
    )
    after = names_of(bridge)[1]
    words = [
        f"Workload and FTE: causes {order}, on the same customers at the staffing of {after}; a bar is what a cause "
        "does tomorrow less what it does today. It can be below 0 where both have it and fewer contacts are left. "
        "Grey: it may be luck.",
        "AHT: taken apart within each contact. Volume and false containment have no seconds of their own: whom they "
        "bring to agents is in the mix between intents and in selection.",
        *_restated(bridge),
        *_everything_else(bridge),
    ]
    return [*words, rule_words(bridge), *(f"{note}." for note in bridge.notes)]


def _restated(bridge: Bridge) -> Iterator[str]:
    before, after = bridge.before.intents, bridge.after.intents
    names = [n for n, i in after.items() if n in before and _stated(i) != _stated(before[n])]
    if names:
        yield f"The mix between intents holds other stated talk or wrap-up times too: {', '.join(names)}."


def _stated(intent: object) -> tuple[object, object]:
    return getattr(intent, "talk_time", None), getattr(intent, "wrap_up", None)


def _everything_else(bridge: Bridge) -> Iterator[str]:
    rows = bridge.aht_parts[bridge.aht_parts["cause"] == OTHER]
    words = causes()
    changes = [(words[str(part)].words, value) for part, value in zip(rows["part"], values_of(rows), strict=True)]
    parts = [f"{words} {SECONDS.change(v)} s" for words, v in changes if v.known and not SECONDS.vanishes(v)]
    if parts:
        yield f"Everything else in AHT: {', '.join(parts)}."


# What comes of it --------------------------------------------------------------------


def answer(bridge: Bridge) -> list[str]:
    """What is promised, what is not the bot's doing, and as the last sentence what is true."""
    return [*_promised(bridge), *_others(bridge), *_not_the_targets(bridge), sentence(bridge)]


def _promised(bridge: Bridge) -> Iterator[str]:
    claimed, staff = figure(bridge, "fte_claimed"), figure(bridge, "fte_before")
    if claimed.known and claimed.mean > 0:
        share = round_percent(figure(bridge, "contained_of_all").mean)
        promise = f"{_staff(claimed.mean)} of {_staff(staff.mean)} FTE"
        yield f"The bot contains {share} of all contacts, which promises {promise}."


def _others(bridge: Bridge) -> Iterator[str]:
    """Bars that are not the bot's doing, where they stand out from luck."""
    bars = [(cause, bar(bridge, cause, FTE)) for cause in NOT_THE_BOT]
    parts = [f"{label_of(bridge, c, short=True)} {STAFF.change(v)} FTE" for c, v in bars if v and _stands_out(v)]
    if parts and bridge.after.bot is not None:
        yield f"Not the bot's doing: {', '.join(parts)}."


def _not_the_targets(bridge: Bridge) -> Iterator[str]:
    """That staff for the work is not staff for the targets."""
    if figure(bridge, "fte_free").mean > 0:
        busy = round_percent(bridge.rule.occupancy)
        yield (
            f"FTE here are FTE of work: what the work takes at {busy} occupancy, without a roster. The FTE to quote "
            "are those of a roster that meets every target: ask ccsim staff --release N."
        )


def _stands_out(value: Value) -> bool:
    return beyond_luck(value) and not STAFF.vanishes(value)


def sentence(bridge: Bridge) -> str:
    """What was said, what the bot contains, the work really gone, the FTE really free."""
    before, after = (figure(bridge, f"containment_{side}") for side in ("before", "after"))
    work = f"{_work(bridge)}{_at_a_price(bridge)}."
    if not after.known:
        return f"No bot contains anything; {work}"
    earlier = f", after {round_percent(before.mean)} today" if before.known else ""
    return f"{_said(bridge)}he bot contains {round_percent(after.mean)} of its sessions{earlier}; {work}"


def _said(bridge: Bridge) -> str:
    """What was said of the bot, where the file says it: as everywhere, the share of sessions that it resolves."""
    bot = bridge.after.bot
    if bot is None or bot.claimed is None:
        return "T"
    return f"The bot is said to resolve {round_percent(bot.claimed)} of its sessions. In truth t"


def _work(bridge: Bridge) -> str:
    gone, free, staff = (figure(bridge, name) for name in ("work_gone", "fte_free", "fte_before"))
    if not gone.known:
        return "agents had no work today, so none is gone"
    if not beyond_luck(free):
        return "no change of the agents' work stands out from luck, and no FTE are free"
    share, number, whole = round_percent(abs(gone.mean)), _staff(abs(free.mean)), _staff(staff.mean)
    if gone.mean < 0:
        return f"the agents' work has grown by {share}, and {number} FTE are needed on top of {whole}"
    return f"{share} of the agents' work is gone, and {number} of {whole} FTE are free"


def _at_a_price(bridge: Bridge) -> str:
    """That more customers than today reach nobody, where that is so: their work is not done, and not saved."""
    before, after = (figure(bridge, f"unanswered_{side}") for side in ("before", "after"))
    if before.known and not after.known:
        return ", while no contact reaches an agent"
    if not after.mean > before.mean + NOTICEABLE:
        return ""
    shares = [round_percent(share.mean) for share in (after, before)]
    return f", while {shares[0]} of the contacts offered to agents go unanswered, after {shares[1]}"


def _staff(number: float) -> str:
    """FTE for a sentence: whole from ten on, else with a decimal."""
    return f"{number:,.0f}" if abs(number) >= 9.95 else f"{number:.1f}"
