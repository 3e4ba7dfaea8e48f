"""The exact cases as scenarios. Figures come from facts.json; the scenarios read their parameters from it too."""

from typing import Any

import numpy as np
from exact.controls import Controls
from exact.harness import FACTS, Budget, Case, Check, constant, exponential, intent, precision, standard_checks, steady

from sim.engine.records import AgentState, Outcome
from sim.measures import MEASURES, Measure
from sim.measures.counts import Count

HOUR_US = 3.6e9
PER_REPLICATION = {Count.REPLICATIONS: 1.0}


def params(name: str) -> dict[str, Any]:
    return FACTS[name]["params"]


def expected(name: str) -> dict[str, Any]:
    return FACTS[name]["expected"]


def one_queue(name: str, talk: dict[str, Any], warm_h: int, patience: Any = "infinite", **more: Any) -> Any:
    """A single queue with a single group at a constant rate."""
    given = {"n_agents": 1} | params(name)
    wrap = {"wrap_up": more.pop("wrap_up")} if "wrap_up" in more else {}
    customers = {"patience": patience, "balk": more.pop("balk", 0)}
    return lambda hours: steady(
        warm_h,
        hours,
        {"call": intent(talk, **wrap)},
        {"team": {"skills": ["call"], "staff": given["n_agents"]}},
        arrivals={"per_hour": given.get("arrival_rate_per_h", given.get("arrival_rate_fresh_per_h"))},
        customers=customers,
        **more,
    )


def luck_of(name: str, mean_s: float | None = None) -> Any:
    """The controls of a steady queue."""
    given = params(name)
    mean = mean_s or given["mean_service_s"]
    return lambda hours: Controls(given["arrival_rate_per_h"] * hours, mean)


def mean_of(name: str, top: Count, scale: float, *bottom: Count) -> Measure:
    return Measure(name, "level", {top: scale}, dict.fromkeys(bottom, 1.0), frozenset())


# One queue --------------------------------------------------------------------


def erlang(name: str, warm_h: int, quick: Budget, long: Budget) -> Case:
    """M/M/n or M/M/n+M."""
    given = params(name)
    patience = exponential(given["mean_patience_s"]) if given["mean_patience_s"] else "infinite"
    document = one_queue(name, exponential(given["mean_service_s"]), warm_h, patience)
    return Case(name, document, standard_checks(name), quick, long, controls=luck_of(name))


def deterministic_patience() -> Case:
    name = "MMnG-det"
    given = params(name)
    document = one_queue(name, exponential(given["mean_service_s"]), 2, constant(given["patience_s"]))
    return Case(name, document, standard_checks(name), Budget(10, 24), Budget(40, 72), controls=luck_of(name))


def balking() -> Case:
    name = "MMnG-balk"
    given = params(name)
    patience = exponential(given["mean_patience_s"])
    document = one_queue(name, exponential(given["mean_service_s"]), 1, patience, balk=given["p_balk"])
    return Case(name, document, standard_checks(name), Budget(10, 12), Budget(40, 45), controls=luck_of(name))


def waits_within(*limits: float) -> Any:
    """Shares of the offered who wait no longer than each limit (s)."""

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        joined = measured(records, frame)
        waited = (joined["left_us"] - joined["joined_us"]) / 1e6
        return {f"P_W_le_{limit:g}s": (float((waited <= limit).sum()), float(joined.size)) for limit in limits}

    return extra


def measured(records: Any, frame: Any) -> Any:
    """Contacts that joined the queue in the days measured."""
    joined = records.contacts[records.contacts["joined_us"] >= 0]
    return joined[frame.interval_of(joined["joined_us"]) >= 0]


WITHIN = waits_within(20, 120, 600)


def within_limits(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    return WITHIN(records, frame)


def lognormal_service() -> Case:
    name = "MG1-LN-a"
    given = params(name)
    talk = {"distribution": "lognormal", "mean": f"{given['mean_service_s']}s", "cv": given["cv_service"]}
    names = ("P_W_le_20s", "P_W_le_120s", "P_W_le_600s")
    shares = tuple(Check(n, expected(name)[n], n, precision(expected(name)[n], True)) for n in names)
    checks = standard_checks(name) + shares
    return Case(name, one_queue(name, talk, 12), checks, Budget(40, 120), Budget(640, 144), within_limits, luck_of(name))


def constant_service() -> Case:
    name = "MDc-1"
    document = one_queue(name, constant(params(name)["mean_service_s"]), 4)
    return Case(name, document, standard_checks(name), Budget(20, 48), Budget(115, 144), controls=luck_of(name))


def erlang_two_service() -> Case:
    name = "ME2cM-1"
    given = params(name)
    talk = {"distribution": "gamma", "mean": f"{given['mean_service_s']}s", "cv": given["cv2"] ** 0.5}
    document = one_queue(name, talk, 2, exponential(given["mean_patience_s"]))
    return Case(name, document, standard_checks(name), Budget(10, 24), Budget(40, 72), controls=luck_of(name))


def after_call_work() -> Case:
    name = "ACW-1"
    document = one_queue(name, exponential(180), 2, exponential(params(name)["mean_patience_s"]), wrap_up=exponential(60))
    on_queue = (Count.HANDLING, Count.AVAILABLE)
    talking, wrapping = expected(name)["frac_time_talking"], expected(name)["frac_time_acw"]
    checks = (
        *standard_checks(name),
        Check("frac_time_talking", talking, mean_of("talking", Count.TALK, 1.0, *on_queue), precision(talking, True)),
        Check("frac_time_acw", wrapping, mean_of("wrapping", Count.WRAP_UP, 1.0, *on_queue), precision(wrapping, True)),
    )
    return Case(name, document, checks, Budget(10, 48), Budget(80, 120), controls=luck_of(name, 240))


# Days that change -------------------------------------------------------------


def shifts_that_end() -> Case:
    """Mt-8h-shifts. Routing by longest idle is symmetric here once every agent has been busy at the same moment, which
    with exponential service forgets the order of the start; that happens in the first half hour of every day.
    """
    name = "Mt-8h-shifts"
    given, slots = params(name), expected(name)["per_slot"]
    lines = [
        {"count": s["agents"], "start": "08:00", "length": f"{s['end_h'] - s['start_h']}h"} for s in given["shifts"]
    ]

    def document(days: float) -> dict[str, Any]:
        return {
            "name": "shifts that end",
            "calendar": {"start": "2026-11-23", "days": round(days), "hours": "08:00-16:00", "interval": "30m"},
            "arrivals": {"per_hour": given["arrival_rate_per_h_by_slot"]},
            "customers": {"patience": exponential(given["mean_patience_s"])},
            "intents": {"call": intent(exponential(given["mean_service_s"]))},
            "agents": {"team": {"skills": ["call"], "shifts": lines}},
            "run": {"warm_up": "0d", "follow_up": "0d"},
        }

    day = expected(name)["day"]

    def luck(days: float) -> Controls:
        return Controls(day["arrivals"] * days, given["mean_service_s"], steady=False)

    whole = {
        "p_delay": ("delay_rate", True),
        "p_abandon_cohort": ("abandonment_rate", True),
        "EW_cohort_s": ("wait_all_s", False),
        "sl20_served_over_offered": ("sl_offered", True),
    }
    busy = mean_of("busy", Count.HANDLING, 1.0, Count.OPEN)
    arrivals = mean_of("offered", Count.OFFERED, 1.0, Count.REPLICATIONS)
    checks = [Check(f"day {k}", day[k], MEASURES[m], precision(day[k], s)) for k, (m, s) in whole.items()]
    checks.append(Check("day arrivals", day["arrivals"], arrivals, 0.05 * day["arrivals"]))
    for slot in range(0, 16):
        place = ("interval", slot)
        for key, (measure, share) in whole.items():
            value = slots[key][slot]
            limit = max(0.03, 0.05 * value) if share else 0.16 * value
            checks.append(Check(f"slot {slot} {key}", value, MEASURES[measure], limit, place))
        checks.append(
            Check(f"slot {slot} busy", slots["busy_time_avg"][slot], busy, 0.05 * slots["busy_time_avg"][slot], place)
        )
    return Case(name, document, tuple(checks), Budget(60, 1), Budget(530, 1), controls=luck)


def busy_days() -> Case:
    """PUB-SSJ-400: staffing by the hour, balking, and a day's busyness; all ratios divide by the constant 1660."""
    name = "PUB-SSJ-400"
    given, exact = params(name), expected(name)["exact"]
    contacts = exact["mean_arrivals"]

    def document(days: float) -> dict[str, Any]:
        return {
            "name": "busy days",
            "calendar": {"start": "2026-11-23", "days": round(days), "hours": "08:00-21:00", "interval": "60m"},
            "arrivals": {"per_hour": given["base_arrival_rate_per_h"], "busyness_cv": 0.05},
            "customers": {"patience": exponential(1000), "balk": 0.1},
            "intents": {"call": intent(exponential(100))},
            "agents": {"team": {"skills": ["call"], "staff": given["agents_by_period"]}},
            "run": {"warm_up": "0d", "follow_up": "0d"},
        }

    def over_all(label: str, scale: float, *counts: Count) -> Measure:
        return Measure(label, "level", dict.fromkeys(counts, scale / contacts), PER_REPLICATION, frozenset())

    checks = (
        Check("mean_arrivals", contacts, over_all("n", contacts, Count.OFFERED), 0.02 * contacts),
        Check(
            "sum_wait_over_1660_s",
            exact["sum_wait_over_1660_s"],
            over_all("wait", 1e-6, Count.WAIT_ALL),
            0.05 * exact["sum_wait_over_1660_s"],
        ),
        Check(
            "good_over_1660",
            exact["good_over_1660"],
            over_all("good", 1.0, Count.ANSWERED_WITHIN, Count.ABANDONED_WITHIN),
            0.05 * exact["good_over_1660"],
        ),
        Check(
            "abandon_over_1660",
            exact["abandon_over_1660"],
            over_all("gone", 1.0, Count.ABANDONED, Count.BALKED),
            0.005,
        ),
        Check("p_delay", exact["p_delay"], over_all("met", 1.0, Count.DELAYED, Count.BALKED), 0.0075),
    )
    def luck(days: float) -> Controls:
        return Controls(contacts * days, 100, steady=False)

    return Case(name, document, checks, Budget(60, 1), Budget(600, 1), controls=luck)


# Several classes --------------------------------------------------------------


def priority() -> Case:
    """PRIO-1: two classes in one queue; a head start longer than any wait makes a strict priority."""
    name = "PRIO-1"
    given, exact = params(name), expected(name)
    talk = exponential(given["mean_service_s"])
    rates = given["arrival_rate_per_h"]

    def document(hours: float) -> dict[str, Any]:
        return steady(
            8,
            hours,
            {
                "high": intent(talk, skill="calls", head_start="500h", arrivals={"per_hour": rates["class1_high"]}),
                "low": intent(talk, skill="calls", arrivals={"per_hour": rates["class2_low"]}),
            },
            {"team": {"skills": ["calls"], "staff": given["n_agents"]}},
        )

    def luck(hours: float) -> Controls:
        return Controls(sum(rates.values()) * hours, given["mean_service_s"])

    high, low = ("intent", 0), ("intent", 1)
    checks = (
        Check("p_wait", exact["p_wait"], MEASURES["delay_rate"], precision(exact["p_wait"], True)),
        Check("occupancy", exact["occupancy"], MEASURES["occupancy"], precision(exact["occupancy"], True)),
        Check("EW_class1_s", exact["EW_class1_s"], MEASURES["asa_s"], 0.05 * exact["EW_class1_s"], high),
        Check("EW_class2_s", exact["EW_class2_s"], MEASURES["asa_s"], 0.05 * exact["EW_class2_s"], low),
        Check("EW_overall_s", exact["EW_overall_s"], MEASURES["asa_s"], 0.05 * exact["EW_overall_s"]),
        Check("sl20_class1", exact["sl20_class1"], MEASURES["sl_offered"], 0.05 * exact["sl20_class1"], high),
        Check("sl20_class2", exact["sl20_class2"], MEASURES["sl_offered"], 0.05 * exact["sl20_class2"], low),
        Check("sl60_class2", exact["sl60_class2"], "sl60_class2", 0.05 * exact["sl60_class2"]),
        Check("sl300_class2", exact["sl300_class2"], "sl300_class2", 0.05 * exact["sl300_class2"]),
    )
    return Case(name, document, checks, Budget(20, 72), Budget(65, 144), low_within, luck)


def low_within(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    joined = measured(records, frame)
    low = joined[joined["intent"] == 1]
    waited = (low["left_us"] - low["joined_us"]) / 1e6
    return {f"sl{t}_class2": (float((waited <= t).sum()), float(low.size)) for t in (60, 300)}


def n_model() -> Case:
    """NMODEL-PRIO: the second pool prefers its own class and serves the first at .8 of the speed."""
    name = "NMODEL-PRIO"
    given, exact = params(name), expected(name)
    rates, patience = given["arrival_rate_per_h"], given["mean_patience_s"]
    talk = exponential(240)

    def document(hours: float) -> dict[str, Any]:
        return steady(
            2,
            hours,
            {
                "one": intent(talk, arrivals={"per_hour": rates["class1"]}, patience=exponential(patience["class1"])),
                "two": intent(talk, arrivals={"per_hour": rates["class2"]}, patience=exponential(patience["class2"])),
            },
            {
                "a": {"skills": ["one"], "staff": given["poolA"]["agents"]},
                "b": {
                    "skills": {"two": {"preference": 1}, "one": {"preference": 2, "speed": 0.8}},
                    "staff": given["poolB"]["agents"],
                },
            },
        )

    checks = []
    for i in (0, 1):
        for fact, measure, share in (
            (f"p_wait_class{i + 1}", "delay_rate", True),
            (f"p_abandon_class{i + 1}", "abandonment_rate", True),
            (f"EW_all_class{i + 1}_s", "wait_all_s", False),
        ):
            value = exact[fact]
            checks.append(Check(fact, value, MEASURES[measure], precision(value, share), ("intent", i)))
    for g, pool in enumerate("AB"):
        value = exact[f"occupancy_pool{pool}"]
        checks.append(Check(f"occupancy_pool{pool}", value, MEASURES["occupancy"], precision(value, True), ("group", g)))
    for fact in ("class1_calls_served_by_A_per_h", "class1_calls_served_by_B_per_h", "class2_served_per_h"):
        checks.append(Check(fact, exact[fact], fact, 0.05 * exact[fact]))
    return Case(name, document, tuple(checks), Budget(10, 72), Budget(60, 144), served_by_pool)


def served_by_pool(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    joined = measured(records, frame)
    answered = joined[joined["outcome"] == Outcome.ANSWERED]
    hours = float((frame.ends - frame.starts).sum()) / HOUR_US

    def number(intent_: int, group: int) -> tuple[float, float]:
        return float(((answered["intent"] == intent_) & (answered["group"] == group)).sum()), hours

    return {
        "class1_calls_served_by_A_per_h": number(0, 0),
        "class1_calls_served_by_B_per_h": number(0, 1),
        "class2_served_per_h": number(1, 1),
    }


def pooled(picks: str) -> Case:
    """INV-POOL: six classes, every agent has every skill; the figures are those of one class.

    By the longest wait of all, each class alone has them too; by preference only all classes together.
    """
    name = "INV-POOL"
    split = params(name)["arrival_split"]
    talk, names = exponential(240), [f"class{i + 1}" for i in range(len(split))]

    def document(hours: float) -> dict[str, Any]:
        return steady(
            1,
            hours,
            {n: intent(talk, share=s) for n, s in zip(names, split, strict=True)},
            {"team": {"skills": names, "staff": 100, "picks": picks}},
            arrivals={"per_hour": 1500},
            customers={"patience": exponential(240)},
        )

    checks = list(standard_checks(name))
    if picks == "longest_wait":
        for i in range(3):
            for check in standard_checks(name)[:2]:
                checks.append(Check(f"{names[i]} {check.name}", check.expected, check.measure, 0.05, ("intent", i)))
    return Case(f"{name} {picks}", document, tuple(checks), Budget(10, 6), Budget(60, 11))


# Mechanisms -------------------------------------------------------------------


def redials() -> Case:
    """RETRIAL-1: who gives up tries again after an exponential delay, again and again."""
    name = "RETRIAL-1"
    given, exact = params(name), expected(name)
    redial = {
        "probability": given["redial_prob_after_each_abandonment"],
        "delay": exponential(given["mean_redial_delay_s"]),
        "next_day": 0,
    }
    document_ = one_queue(name, exponential(given["mean_service_s"]), 6, after_h=3)

    def document(hours: float) -> dict[str, Any]:
        customers = {"patience": exponential(given["mean_patience_s"]), "redial": redial, "max_attempts": "unlimited"}
        return document_(hours) | {"customers": customers}

    def of(fact: str, measure: Measure | str, share: bool = True) -> Check:
        return Check(fact, exact[fact], measure, precision(exact[fact], share))

    checks = (
        of("p_wait_all_attempts", MEASURES["delay_rate"]),
        of("p_wait_fresh", "p_wait_fresh"),
        of("p_wait_retrial_attempts", "p_wait_retrial_attempts"),
        of("p_abandon_per_attempt", MEASURES["abandonment_rate"]),
        of("EW_per_attempt_s", MEASURES["wait_all_s"], False),
        of("occupancy", MEASURES["occupancy"]),
        of("attempts_per_customer", MEASURES["attempts_per_need"], False),
        of("fraction_customers_eventually_served", MEASURES["resolution_rate"]),
        of("mean_orbit", "mean_orbit", False),
    )
    return Case(name, document, checks, Budget(10, 72), Budget(75, 120), orbit)


def orbit(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    contacts, start, end = records.contacts, frame.starts[0], frame.ends[-1]
    joined = measured(records, frame)
    fresh = joined["attempt"] == 1
    again = np.flatnonzero(contacts["attempt"] > 1)
    gone = np.maximum(contacts["left_us"][again - 1], start)
    away = np.maximum(np.minimum(contacts["arrival_us"][again], end) - gone, 0).sum()
    return {
        "p_wait_fresh": (float(joined["delayed"][fresh].sum()), float(fresh.sum())),
        "p_wait_retrial_attempts": (float(joined["delayed"][~fresh].sum()), float((~fresh).sum())),
        "mean_orbit": (float(away), float(end - start)),
    }


def tiring(name: str, build_h: float, recover_h: float, effect: float) -> Any:
    """A single agent without a queue: whoever finds it busy leaves at once."""
    given = params(name)
    mean_s = given.get("mean_busy_s", given.get("m0_s"))
    fatigue = {
        "build_per_hour": build_h,
        "recovery_per_hour": {"available": recover_h, "break": recover_h, "off": recover_h},
        "effects": {"talk_time": effect, "spread": 0, "resolution": 0},
        "strain_threshold": 0.5,
    }
    return lambda hours: steady(
        12,
        hours,
        {"call": intent(exponential(mean_s))},
        {"team": {"skills": ["call"], "staff": 1}},
        arrivals={"per_hour": 3600 / given["mean_idle_s"]},
        customers={"patience": "infinite", "balk": 1},
        fatigue=fatigue,
    )


def fatigue_alone() -> Case:
    name = "FATIGUE-1"
    exact = expected(name)
    names = ("EF_given_busy", "EF_given_idle", "varF", "EF_at_call_start", "EF_at_call_end")
    checks = (
        Check("EF", exact["EF"], MEASURES["fatigue_mean"], 0.02 * exact["EF"]),
        Check("P_F_gt_half", exact["P_F_gt_half"], MEASURES["strained_share"], 0.05 * exact["P_F_gt_half"]),
        Check("p_busy", exact["p_busy"], MEASURES["occupancy"], 0.05 * exact["p_busy"]),
        *(Check(n, exact[n], n, 0.05 * exact[n]) for n in names),
    )
    document = tiring(name, 1.0, 3.0, 0.0)
    return Case(name, document, checks, Budget(30, 96), Budget(230, 144), tiredness)


def fatigue_fed_back() -> Case:
    name = "FATIGUE-FB-start"
    exact = expected(name)
    share = {"EF_at_call_start", "varF_at_call_start", "EF_at_call_end"}
    checks = (
        Check("EF_time_avg", exact["EF_time_avg"], MEASURES["fatigue_mean"], 0.02 * exact["EF_time_avg"]),
        Check("p_busy", exact["p_busy"], MEASURES["occupancy"], 0.05 * exact["p_busy"]),
        Check("p_block", exact["p_block"], MEASURES["abandonment_rate"], 0.05 * exact["p_block"]),
        Check("mean_service_s", exact["mean_service_s"], MEASURES["aht_s"], 0.05 * exact["mean_service_s"]),
        *(Check(n, exact[n], n, 0.05 * exact[n]) for n in sorted(share)),
    )
    document = tiring(name, 2.0, 4.0, 0.5)
    return Case(name, document, checks, Budget(30, 72), Budget(175, 144), tiredness)


def tiredness(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Moments of fatigue, integrated numerically (Simpson's rule on each spell) from the agents' segments."""
    spells = records.segments
    spells = spells[(spells["start_us"] >= frame.starts[0]) & (spells["end_us"] <= frame.ends[-1])]
    busy = spells["state"] == AgentState.HANDLING
    hours = (spells["end_us"] - spells["start_us"]) / HOUR_US
    part = np.linspace(0.0, 1.0, 9)
    weights = np.array([1, 4, 2, 4, 2, 4, 2, 4, 1]) / 24.0
    decay = np.exp(-spells["rate"][:, None] * hours[:, None] * part)
    level = np.where(busy[:, None], 1 - (1 - spells["fatigue"][:, None]) * decay, spells["fatigue"][:, None] * decay)
    first, second = (level * weights).sum(axis=1) * hours, (level**2 * weights).sum(axis=1) * hours
    mean = expected("FATIGUE-1")["EF"]
    at_start, at_end = level[busy, 0], level[busy, -1]
    centre = expected("FATIGUE-FB-start")["EF_at_call_start"]
    return {
        "EF_given_busy": (float(first[busy].sum()), float(hours[busy].sum())),
        "EF_given_idle": (float(first[~busy].sum()), float(hours[~busy].sum())),
        "varF": (float(second.sum() - 2 * mean * first.sum() + mean**2 * hours.sum()), float(hours.sum())),
        "EF_at_call_start": (float(at_start.sum()), float(at_start.size)),
        "EF_at_call_end": (float(at_end.sum()), float(at_end.size)),
        "varF_at_call_start": (float(((at_start - centre) ** 2).sum()), float(at_start.size)),
    }


def bot_as_thinning() -> Case:
    """BOT-1: a bot that resolves at random thins a Poisson stream, whatever its sessions last."""
    name = "BOT-1"
    given, exact = params(name), expected(name)
    bot = {
        "opt_out": 0,
        "false_containment": 0,
        "context_kept": 1,
        "session": {"distribution": "lognormal", "mean": "90s", "cv": 1},
    }

    def document(hours: float) -> dict[str, Any]:
        return steady(
            2,
            hours,
            {"call": intent(exponential(given["mean_service_s"]), bot={"resolves": given["containment_prob"]})},
            {"team": {"skills": ["call"], "staff": given["n_agents"]}},
            arrivals={"per_hour": given["arrival_rate_per_h"]},
            customers={"patience": exponential(given["mean_patience_s"])},
            bot=bot,
        )

    rate, in_bot = exact["agent_queue_arrivals_per_h"], exact["mean_in_bot"]
    checks = (
        *standard_checks(name),
        Check("agent_queue_arrivals_per_h", rate, mean_of("rate", Count.OFFERED, HOUR_US, Count.OPEN), 0.05 * rate),
        Check("mean_in_bot", in_bot, mean_of("in bot", Count.BOT_TIME, 1.0, Count.OPEN), 0.05 * in_bot),
    )
    return Case(name, document, checks, Budget(10, 16), Budget(35, 48))


CASES = (
    erlang("ErlC-1", 8, Budget(20, 96), Budget(90, 144)),
    erlang("ErlC-3", 4, Budget(10, 12), Budget(40, 24)),
    erlang("ErlA-01", 2, Budget(20, 48), Budget(90, 144)),
    erlang("ErlA-03", 1, Budget(10, 48), Budget(60, 120)),
    erlang("ErlA-05", 2, Budget(10, 12), Budget(30, 48)),
    erlang("ErlA-07", 1, Budget(10, 6), Budget(40, 22)),
    deterministic_patience(),
    balking(),
    lognormal_service(),
    constant_service(),
    erlang_two_service(),
    after_call_work(),
    shifts_that_end(),
    busy_days(),
    priority(),
    n_model(),
    pooled("preference"),
    pooled("longest_wait"),
    redials(),
    fatigue_alone(),
    fatigue_fed_back(),
    bot_as_thinning(),
)
