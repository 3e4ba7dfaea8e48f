"""Every form of every value, and what it becomes."""

import datetime as dt

import pytest
from pydantic import ValidationError

from sim.loading.load import loads
from sim.mechanisms.bot import Bot
from sim.mechanisms.frustration import Frustration
from sim.mechanisms.pace import Pace
from sim.schema.calendar import parse_hours, parse_weekdays, weekdays_text
from sim.schema.distribution import Distribution
from sim.schema.faults import BadValueError
from sim.schema.values import duration_text, parse_duration, parse_share, parse_time_of_day

from .texts import GOOD, spoiled

MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20s", 20),
        ("4m10s", 250),
        ("8h", 28_800),
        ("2d", 172_800),
        ("00:04:10", 250),
        ("2.83d", 244_512),
        ("6w", 42 * 86_400),
        ("1w2d", 9 * 86_400),
        ("1h30m", 5_400),
        ("500ms", 0.5),
        ("1.5m", 90),
        ("0s", 0),
        (" 3m ", 180),
        ("100:00:00", 360_000),
        ("00:00:01.5", 1.5),
        ("1d2h3m4s5ms", 93_784.005),
    ],
)
def test_durations(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize("seconds", [0.0, 250.0, 0.1, 1e-6, 1 / 3, 244_512.0, 123_456_789.123])
def test_a_duration_reads_back_to_the_same_float(seconds):
    assert parse_duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize(
    "text", ["", " ", "s", "4:10", "10", "1m1h", "1m2m", "m", "-1s", "1 m", "1e3s", "inf", "00:99:00"]
)
def test_what_is_no_duration(text):
    with pytest.raises(BadValueError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (0.35, 0.35),
        ("35%", 0.35),
        (0, 0),
        (1, 1),
        ("100 %", 1),
        ("35.1%", 0.351),
        ("7%", 0.07),
        ("0.35", 0.35),
        ("0.5%", 0.005),
    ],
)
def test_shares(value, share):
    assert parse_share(value) == share


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("mon,wed", (0, 2)),
        ("sat-mon", (0, 5, 6)),
        ("mon-tue, sun", (0, 1, 6)),
        ("mon-sun", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_weekdays(text, days):
    assert parse_weekdays(text) == days
    assert parse_weekdays(weekdays_text(days)) == days


def test_hours():
    assert parse_hours("08:00-24:00") == (28_800, 86_400)
    assert parse_hours(" 8:00 - 20:30 ") == (28_800, 73_800)
    assert parse_hours("closed") is None
    assert parse_time_of_day("00:00") == 0


def test_yaml_1_2_reads_off_no_and_clock_times_as_text():
    text = GOOD.replace("name: Test centre", "name: no").replace("description: Every section once", "description: 6:30")
    scenario = loads(text, ["mistreatment=off", "intents.billing.bot=off"])
    assert (scenario.name, scenario.description) == ("no", "6:30")
    assert scenario.mistreatment is None
    assert scenario.intents["billing"].bot is None


@pytest.mark.parametrize(
    ("written", "kind", "average"),
    [
        ("{distribution: constant, value: 2m}", "constant", 120),
        ("{distribution: exponential, mean: 2m}", "exponential", 120),
        ("{distribution: lognormal, mean: 2m, cv: 0.5}", "lognormal", 120),
        ("{distribution: gamma, mean: 2m, cv: 0.5}", "gamma", 120),
        ("{distribution: weibull, mean: 2m, shape: 1.5}", "weibull", 120),
        ("{distribution: uniform, low: 1m, high: 3m}", "uniform", 120),
        ("{distribution: empirical, points: [60, 180]}", "empirical", 120),
        ("2m", "lognormal", 120),
        ("0s", "constant", 0),
    ],
)
def test_distributions(written, kind, average):
    text, _ = spoiled("{distribution: lognormal, mean: 3m30s, cv: 0.8}", written)
    scenario = loads(text.replace("pace:", "# pace:"))
    talk = scenario.intents["order_status"].talk_time
    assert (talk.kind, talk.average) == (kind, average)
    assert loads(scenario.resolved()) == scenario


def test_the_default_kind_of_a_bare_duration():
    scenario = loads(GOOD, ["intents.order_status.talk_time=3m"])
    first = scenario.intents["order_status"]
    assert first.talk_time == Distribution(kind="lognormal", mean=180, cv=1)
    assert first.wrap_up == Distribution(kind="exponential", mean=40)
    assert scenario.customers.redial.delay == Distribution(kind="exponential", mean=900)
    assert scenario.bot.session == Distribution(kind="exponential", mean=150)
    assert first.patience == Distribution(kind="exponential", mean=240)


def test_patience_may_be_infinite_and_an_intent_takes_that_of_all_customers():
    scenario = loads(GOOD, ["customers.patience=infinite"])
    assert scenario.intents["billing"].patience.kind == "infinite"
    assert scenario.intents["billing"].patience.average == float("inf")
    assert scenario.intents["order_status"].patience.mean == 240


def test_aht_is_talk_and_wrap_up_and_keeps_its_shape():
    billing = loads(GOOD).intents["billing"]
    assert (billing.talk_time.kind, billing.talk_time.mean, billing.talk_time.cv) == ("lognormal", 300, 1)
    billing = loads(GOOD, ["intents.billing.aht={distribution: uniform, low: 4m, high: 8m}"]).intents["billing"]
    assert (billing.talk_time.low, billing.talk_time.high) == (200, 400)
    assert billing.talk_time.average + billing.wrap_up.average == 360


def arrivals(change):
    return loads(GOOD.replace("  per_day: 400\n  profile: [3, 5, 8, 4]\n", change))


def test_per_day_forms():
    scenario = arrivals("  per_day: {mon: 500, tue-fri: 400}\n")
    calendar, of = scenario.calendar, scenario.arrivals.per_day.of
    assert [of(MONDAY + dt.timedelta(days=k), calendar) for k in range(7)] == [500, 400, 400, 400, 400, 0, 0]
    scenario = arrivals("  per_day: [1, 2, 3, 4, 5]\n")
    calendar, of = scenario.calendar, scenario.arrivals.per_day.of
    assert [of(MONDAY + dt.timedelta(days=k), calendar) for k in (-7, -3, 0, 4, 5, 8)] == [1, 5, 1, 5, 0, 2]
    assert scenario.arrivals.profile is None


def test_by_interval_forms():
    scenario = loads(GOOD, ["agents.general.staff={mon-thu: [1, 2, 3, 4], fri: 7}"])
    of, calendar = scenario.agents["general"].staff.of, scenario.calendar
    assert of(MONDAY, calendar) == (1, 2, 3, 4)
    assert of(MONDAY + dt.timedelta(days=4), calendar) == (7, 7, 7, 7)
    assert of(MONDAY + dt.timedelta(days=5), calendar) == ()
    assert loads(GOOD).arrivals.profile.of(MONDAY, calendar) == (3, 5, 8, 4)


def test_hourly_rates_become_one_an_interval():
    half = GOOD.replace("interval: 1h", "interval: 30m").replace(
        "  per_day: 400\n  profile: [3, 5, 8, 4]\n", "  per_hour: [10, 20, 30, 40]\n"
    )
    scenario = loads(half)
    assert scenario.arrivals.per_hour.of(MONDAY, scenario.calendar) == (10, 10, 20, 20, 30, 30, 40, 40)
    assert loads(scenario.resolved()) == scenario
    exact = loads(half.replace("[10, 20, 30, 40]", "[1, 2, 3, 4, 5, 6, 7, 8]"))
    assert exact.arrivals.per_hour.of(MONDAY, exact.calendar) == (1, 2, 3, 4, 5, 6, 7, 8)
    flat = loads(half.replace("[10, 20, 30, 40]", "12"))
    assert flat.arrivals.per_hour.of(MONDAY, flat.calendar) == (12,) * 8


def test_the_last_hour_may_be_half_open():
    text = GOOD.replace("interval: 1h", "interval: 30m").replace('"08:00-12:00"', '"08:00-11:30"')
    scenario = loads(text.replace("  per_day: 400\n  profile: [3, 5, 8, 4]\n", "  per_hour: [1, 2, 3, 4]\n"))
    assert scenario.arrivals.per_hour.of(MONDAY, scenario.calendar) == (1, 1, 2, 2, 3, 3, 4)


def test_calendar():
    calendar = loads(GOOD, ["calendar.holidays=[2026-11-24]", "calendar.interval=90m", "arrivals.profile=off"]).calendar
    assert calendar.open_hours(MONDAY) == (28_800, 43_200)
    assert calendar.open_hours(MONDAY + dt.timedelta(days=1)) is None
    assert calendar.intervals(MONDAY) == 3, "the last one is short"
    assert calendar.intervals(MONDAY + dt.timedelta(days=5)) == 0
    assert calendar.interval_starts(MONDAY) == (28_800, 34_200, 39_600)


def test_shares_that_nearly_add_up_are_scaled_with_a_note():
    scenario = loads(GOOD, ["intents.billing.share=0.404"])
    assert sum(intent.share for intent in scenario.intents.values()) == pytest.approx(1, abs=1e-15)
    assert any("add up to 1.004 and are scaled" in note for note in scenario.notes)
    assert scenario.intents["billing"].share == pytest.approx(0.404 / 1.004)
    assert not any("scaled" in note for note in loads(GOOD).notes)


def test_the_only_intent_takes_all_arrivals():
    scenario = loads(GOOD, ["intents.billing=off", "intents.order_status.share=off", "pace=off"])
    assert list(scenario.intents) == ["order_status"]
    assert scenario.intents["order_status"].share == 1


def test_own_arrivals_take_the_common_busyness():
    settings = ["intents.billing.arrivals={per_day: 50}", "intents.order_status.share=1"]
    own = loads(GOOD, settings).intents["billing"]
    assert own.share is None
    assert (own.arrivals.busyness_cv, own.arrivals.process) == (0.1, "poisson")
    own = loads(GOOD, [*settings, "intents.billing.arrivals.busyness_cv=0"]).intents["billing"]
    assert own.arrivals.busyness_cv == 0


def test_skills():
    agents = loads(GOOD).agents
    assert {name: skill.preference for name, skill in agents["general"].skills.items()} == {"general": 1, "billing": 2}
    assert agents["roster"].skills["billing"].speed == 0.9
    shift = agents["roster"].shifts[0]
    assert (shift.count, shift.days, shift.start, shift.length) == (3, (0, 1, 2, 3, 4), 28_800, 14_400)
    assert (shift.breaks[0].after, shift.breaks[0].length) == (7_200, 900)


def test_service_level():
    level = loads(GOOD).targets.service_level
    assert (level.share, level.within, level.definition, level.given) == (0.8, 20, "sl_offered", True)
    level = loads(
        GOOD, ["targets.service_level={share: 90%, within: 10s, definition: sl_answered}"]
    ).targets.service_level
    assert (level.share, level.within, level.definition, level.given) == (0.9, 10, "sl_answered", True)
    level = loads(GOOD, ["targets.service_level=off"]).targets.service_level
    assert (level.share, level.within, level.given) == (0.8, 20, False)


def test_precision():
    text = "run.precision={service_level: 0.01, aht_s: 2s, cost: 2%}"
    run = loads(GOOD, [text]).run
    wanted = {name: (item.half_width, item.relative) for name, item in run.precision.items()}
    assert wanted == {"service_level": (0.01, False), "aht_s": (2.0, False), "cost": (0.02, True)}


def test_containment_has_a_false_share():
    bot = loads(GOOD, ["intents.billing.bot.false_share=off"]).intents["billing"].bot
    assert (bot.containment, bot.false_share, bot.resolves) == (0.4, 0.25, None)


def test_mechanisms_are_off_unless_named_and_on_with_their_defaults():
    text = GOOD[: GOOD.index("bot: {opt_out")]
    assert loads(text).mechanisms == ()
    scenario = loads(text + "bot: {}\nfatigue: {}\nfrustration: {}\nmistreatment: {}\npace: {target: 5m}\n")
    assert scenario.mechanisms == ("bot", "frustration", "mistreatment", "fatigue", "pace")
    assert (scenario.bot.opt_out, scenario.bot.lost_context_time) == (0.2, 90)
    assert (scenario.fatigue.recovery_per_hour.break_time, scenario.fatigue.effects.spread) == (1.8, 0.65)
    assert (scenario.frustration.wait_grace, scenario.mistreatment.intercept) == (60, -1.7)
    assert (scenario.pace.target, scenario.pace.push, scenario.pace.resolution_slope) == (300, 0.6, 1.5)
    assert loads(GOOD).pace.target == {"billing": 300}


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        ([], (14, 7)),
        (["customers.max_attempts=1"], (0, 0)),
        (["customers.repeat=off"], (14, 7)),
        (["customers.repeat=off", "customers.redial.next_day=0"], (0, 0)),
        (["customers.repeat=off", "customers.redial=off"], (0, 0)),
        (["customers.repeat.delay=2h", "customers.redial=off"], (14, 7)),
        (["customers.repeat.delay=2h", "customers.redial=off", "bot=off"], (0, 0)),
        (["customers.repeat.delay=13h", "customers.redial=off", "bot=off"], (14, 7)),
        (["run.warm_up=2d", "run.follow_up=0d"], (2, 0)),
    ],
)
def test_warm_up_and_follow_up(settings, days):
    scenario = loads(GOOD, settings)
    assert (scenario.warm_up_days, scenario.follow_up_days) == days
    assert len(scenario.dates()) == sum(days) + 5
    assert scenario.dates()[days[0]] == MONDAY


def test_models_built_in_python_take_plain_seconds_and_texts():
    assert Frustration(wait_grace=30).wait_grace == 30
    assert Frustration(wait_grace="1m").wait_grace == 60
    assert Pace(target={"billing": 200.5}).target == {"billing": 200.5}
    with pytest.raises(ValueError, match="is a negative duration"):
        Frustration(wait_grace=-1)
    with pytest.raises(ValueError, match="is more than 1"):
        Frustration(start=15)


@pytest.mark.parametrize(
    ("value", "part"), [("15%", 0.15), (0.15, 0.15), ("0.15", 0.15), ("150 %", 1.5), (3, 3.0), (0, 0.0)]
)
def test_contacts_out_of_hours_are_a_share_that_may_be_above_1(value, part):
    assert Bot(out_of_hours=value).out_of_hours == part


@pytest.mark.parametrize("value", [-0.1, "-5%", "%", "", "1e3%", "x", True, None, "9" * 400])
def test_what_is_no_such_share(value):
    with pytest.raises(ValidationError):
        Bot(out_of_hours=value)
