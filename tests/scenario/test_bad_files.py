"""Bad files: each names the line, the key, the value and the way out; nothing else is complained about."""

import pytest

from sim.loading.load import loads

from .texts import GOOD, problems_of, spoiled

# (what is spoiled, by what, path of the key, words of the message and its fix); the line is that of the spoiled text,
# or so many lines further down.
CASES = [
    # keys
    ("name: Test centre", "nmae: Test centre", "nmae", "is not a key. Did you mean name?", 0),
    ("  at_close: drain", "  at_closing: drain", "calendar.at_closing", "Did you mean at_close?", 0),
    ("    resolution: 88%", "    resolutoin: 88%", "intents.order_status.resolutoin", "Did you mean resolution?", 0),
    ("    picks: preference", "    pick: preference", "agents.general.pick", "Did you mean picks?", 0),
    ("redial: {prob", "redial: {name: x, prob", "customers.redial.name", "Allowed: probability, delay, next_day", 0),
    ("    skill: general", "    skill: general\n    name: x", "intents.order_status.name", "is not a key", 1),
    ("  process: poisson", "  trace: a.csv", "arrivals.trace", "is not a key", 0),
    ("  days: 5\n", "  days: 5\n  days: 6\n", "calendar.days", "is a duplicate key. The first one is in line 6", 1),
    ("    picks: preference", "    picks: preference\n    picks: preference", "agents.general.picks", "duplicate", 1),
    ("  days: 5\n", "  days:\n", "calendar.days", "is empty", 0),
    ("  days: 5\n", "", "calendar.days", "is missing", -2),
    ("mistreatment: {}", "mistreatment:", "mistreatment", "Write off, or {} for the defaults", 0),
    ("mistreatment: {}", "mistreatment: false", "mistreatment", "Write off", 0),
    ("mistreatment: {}", "mistreatment: no", "mistreatment", "is not a map", 0),
    ("mistreatment: {}", "mistreatment: []", "mistreatment", "is not a map", 0),
    ("mistreatment: {}", "supervisor: {}", "supervisor.group", "is missing", 0),
    ("mistreatment: {}", "csat: {begin: 85}", "csat.begin", "Allowed: start, contact", 0),
    ("mistreatment: {}", "trust: {step: 1}", "trust.step", "Allowed: start, failed_bot", 0),
    ("bot: {opt_out", "bot: {expose: 0.5, opt_out", "bot.expose", "Did you mean exposure?", 0),
    ("bot: {opt_out", "bot: {conversation: {turns: 4}, opt_out", "bot.conversation.turns", "Did you mean turn?", 0),
    (
        "{break: 1.8}",
        "{break_time: 1.8}",
        "fatigue.recovery_per_hour.break_time",
        "is not a key. Did you mean break",
        0,
    ),
    ("schema_version: 1", "schema_version: 2", "schema_version", "Write schema_version: 1", 0),
    ("name: Test centre", "name: [a, b]", "name", "is not a name", 0),
    # durations
    ("    wrap_up: 40s", "    wrap_up: 40", "intents.order_status.wrap_up", "a duration needs a unit", 0),
    ("    wrap_up: 40s", "    wrap_up: -40s", "intents.order_status.wrap_up", "is a negative duration", 0),
    ("    wrap_up: 40s", "    wrap_up: 4:10", "intents.order_status.wrap_up", "00:4:10 or 4:10:00?", 0),
    ("    wrap_up: 40s", "    wrap_up: 40 sec", "intents.order_status.wrap_up", "is not a duration", 0),
    ("    wrap_up: 40s", "    wrap_up: 10s4m", "intents.order_status.wrap_up", "is not a duration", 0),
    ("    wrap_up: 40s", "    wrap_up: .inf", "intents.order_status.wrap_up", "a duration needs a unit", 0),
    ("    wrap_up: 40s", "    wrap_up: infinite", "intents.order_status.wrap_up", "is not a duration", 0),
    ("    wrap_up: 40s", "    wrap_up: true", "intents.order_status.wrap_up", "is not a duration", 0),
    ("    wrap_up: 40s", "    wrap_up: 900000d", "intents.order_status.wrap_up", "longer than a hundred years", 0),
    ("  interval: 1h", "  interval: 10s", "calendar.interval", "must be from 1m to 24h", 0),
    ("session: 150s}", "session: 2}", "bot.session", "a duration needs a unit", 0),
    ("{break: 1.8}}", "{break: 1.8}, effects: {spread: 3.1}}", "fatigue.effects.spread", "at most 3", 0),
    # shares and numbers
    ("    share: 0.6", "    share: 60", "intents.order_status.share", "Did you mean 60%?", 0),
    ("    share: 0.6", "    share: -0.1", "intents.order_status.share", "is outside 0 to 1", 0),
    ("    share: 0.6", "    share: 160%", "intents.order_status.share", "is outside 0 to 1", 0),
    ("    share: 0.6", "    share: .nan", "intents.order_status.share", "is not a finite number", 0),
    ("    share: 0.6", "    share: 60 percent", "intents.order_status.share", "is not a share", 0),
    ("  balk: 0.03", "  balk: 35", "customers.balk", "is more than 1", 0),
    ("  days: 5\n", "  days: 5.5\n", "calendar.days", "is not a whole number", 0),
    ("  days: 5\n", "  days: 0\n", "calendar.days", "must be at least 1", 0),
    ("  days: 5\n", "  days: 99999\n", "calendar.days", "at most 3660", 0),
    ("  days: 5\n", "  days: true\n", "calendar.days", "is not a whole number", 0),
    ("replications: 50", "replications: 9999999", "run.replications", "at most 1000000", 0),
    ("seed: 1,", "seed: one,", "run.seed", "is not a whole number", 0),
    ("  busyness_cv: 0.1", "  busyness_cv: -1", "arrivals.busyness_cv", "must be at least 0", 0),
    ("difficulty_weight: 0.6", "difficulty_weight: 1.6", "intents.order_status.difficulty_weight", "at most 1", 0),
    ("  max_attempts: 5", "  max_attempts: 0", "customers.max_attempts", "must be at least 1", 0),
    ("  max_attempts: 5", "  max_attempts: never", "customers.max_attempts", "Write a whole number, or unlimited", 0),
    ("agent_hour: 32", "agent_hour: 1e999", "costs.agent_hour", "is not a finite number", 0),
    ("agent_hour: 32", "agent_hour: 32, hire: 9000, leaver: 8000", "costs.hire", "which holds it", 0),
    ("agent_hour: 32", "agent_hour: 32, severance: -1", "costs.severance", "must be at least 0", 0),
    ("agent_hour: 32", "agent_hour: 32, notice: 28", "costs.notice", "a duration needs a unit", 0),
    ("agent_hour: 32", "agent_hour: 32, weeks_a_year: 54", "costs.weeks_a_year", "at most 53", 0),
    ("agent_hour: 32", "agent_hour: 32, bot_mont: 1", "costs.bot_mont", "Did you mean bot_month?", 0),
    ("agent_hour: 32", f"agent_hour: 1{'0' * 25}", "costs.agent_hour", "is too large", 0),
    ("    staff: 12", "    staff: 2000000", "agents.general.staff", "At most 1,000,000", 0),
    ("    staff: 12", "    staff: 1.5", "agents.general.staff", "is not a whole number", 0),
    ("    staff: 12", "    staff: twelve", "agents.general.staff", "is not a number, a list or a map by weekday", 0),
    ("  per_day: 400", "  per_day: -4", "arrivals.per_day", "is negative", 0),
    ("  per_day: 400", "  per_day: 5e11", "arrivals", "contacts a replication, more than the memory", -1),
    ("bot: {opt_out", "bot: {exposure: 10, opt_out", "bot.exposure", "Did you mean 10%?", 0),
    ("bot: {opt_out", "bot: {claimed: 1.5, opt_out", "bot.claimed", "is more than 1", 0),
    ("bot: {opt_out", 'bot: {hours: "00:00-24:00", out_of_hours: -1, opt_out', "bot.out_of_hours", "at least 0", 0),
    ("bot: {opt_out", 'bot: {hours: "00:00-24:00", out_of_hours: 15x, opt_out', "bot.out_of_hours", "or 150%", 0),
    ("bot: {opt_out", "bot: {conversation: {turn: 45}, opt_out", "bot.conversation.turn", "needs a unit", 0),
    ("bot: {opt_out", "bot: {conversation: {good_turns: 0}, opt_out", "bot.conversation.good_turns", "at least 1", 0),
    (
        "bot: {opt_out",
        "bot: {conversation: {offer_after: 201}, opt_out",
        "bot.conversation.offer_after",
        "at most 200",
        0,
    ),
    (
        "bot: {opt_out",
        "bot: {conversation: {give_up: [0.1, 60]}, opt_out",
        "bot.conversation.give_up.1",
        "Did you mean 60%?",
        0,
    ),
    ("bot: {opt_out", "bot: {conversation: {give_up: []}, opt_out", "bot.conversation.give_up", "is an empty list", 0),
    (
        "bot: {opt_out",
        "bot: {conversation: {handoff: nevr}, opt_out",
        "bot.conversation.handoff",
        "Did you mean never?",
        0,
    ),
    ("{break: 1.8}}", "{break: 1.8}, break_at: 35}", "fatigue.break_at", "Did you mean 35%?", 0),
    ("{break: 1.8}}", "{break: 1.8}, break_length: 0s}", "fatigue.break_length", "must be longer than 0s", 0),
    ("{break: 1.8}}", "{break: 1.8}, recovery_time: 60}", "fatigue.recovery_time", "a duration needs a unit", 0),
    ("{break: 1.8}}", "{break: 1.8}, break_length: 24h1s}", "fatigue.break_length", "is longer than a day", 0),
    ("{break: 1.8}}", "{break: 1.8}, recovery_time: 2d}", "fatigue.recovery_time", "is longer than a day", 0),
    ("{break: 1.8}}", "{break: 1.8}, long_contact: 0}", "fatigue.long_contact", "must be more than 0", 0),
    ("push: 0.6}", "push: 0.6, sends_away: 1.1}", "pace.sends_away", "is more than 1", 0),
    ("frustration: {effects", "frustration: {transferred: -1, effects", "frustration.transferred", "outside 0 to 1", 0),
    ("  balk: 0.03", "  straight_to_human: 30", "customers.straight_to_human", "Did you mean 30%?", 0),
    ("mistreatment: {}", "trust: {start: 60}", "trust.start", "Did you mean 60%?", 0),
    ("mistreatment: {}", "induced_demand: {elasticity: -1}", "induced_demand.elasticity", "must be at least 0", 0),
    ("mistreatment: {}", "csat: {start: -1}", "csat.start", "must be at least 0", 0),
    ("mistreatment: {}", "attrition: {sd: 0}", "attrition.sd", "must be more than 0", 0),
    ("mistreatment: {}", "supervisor: {group: general, share: {billing: 8}}", "supervisor.share.billing", "8%?", 0),
    # dates, times, weekdays
    ("  start: 2026-11-23", "  start: 2026-11-31", "calendar.start", "is a date that does not exist", 0),
    ("  start: 2026-11-23", "  start: 23.11.2026", "calendar.start", "Write a date as YYYY-MM-DD", 0),
    ("  start: 2026-11-23", "  start: 1026-11-23", "calendar.start", "between 1970 and 2200", 0),
    ("[2026-12-25]", "[2026-12-25, xmas]", "calendar.holidays.1", "is not a date", 0),
    ("[2026-12-25]", "2026-12-25", "calendar.holidays", "is not a list", 0),
    ('"08:00-12:00"', '"12:00-08:00"', "calendar.hours.mon-fri", "closes before it opens", 0),
    ('"08:00-12:00"', '"08:00-25:00"', "calendar.hours.mon-fri", "is after 24:00", 0),
    ('"08:00-12:00"', '"8 to 12"', "calendar.hours.mon-fri", "does not give hours", 0),
    ("sat-sun: closed", "fri-sun: closed", "calendar.hours.fri-sun", "names fri again", 0),
    ("sat-sun: closed", "weekend: closed", "calendar.hours.weekend", "has no weekday 'weekend'", 0),
    ('mon-fri: "08:00-12:00"', "mon-fri: closed", "calendar.hours", "leaves no day open", 0),
    ("days: mon-fri, start", "days: mon-fry, start", "agents.roster.shifts.0.days", "Did you mean fri?", 0),
    ('start: "08:00", length', "start: 8h, length", "agents.roster.shifts.0.start", "is not a time of day", 0),
    ("  at_close: drain", "  at_close: drian", "calendar.at_close", "Did you mean drain?", 0),
    # distributions
    (
        "distribution: lognormal, mean: 3m",
        "distribution: normal, mean: 3m",
        "intents.order_status.talk_time.distribution",
        "Did you mean lognormal?",
        0,
    ),
    ("cv: 0.8}", "sd: 2m, cv: 0.8}", "intents.order_status.talk_time.sd", "is not a parameter of lognormal", 0),
    ("mean: 3m30s, cv: 0.8", "mean: 3m30s", "intents.order_status.talk_time", "lacks cv", 0),
    (
        "{distribution: lognormal, mean: 3m30s, cv",
        "{mean: 3m30s, cv",
        "intents.order_status.talk_time",
        "has no distribution",
        0,
    ),
    ("mean: 3m30s, cv", "mean: 210, cv", "intents.order_status.talk_time.mean", "a duration needs a unit", 0),
    (
        "{distribution: lognormal, mean: 3m30s, cv: 0.8}",
        "{distribution: uniform, low: 2m, high: 1m}",
        "intents.order_status.talk_time.low",
        "is more than high",
        0,
    ),
    (
        "cv: 0.8}",
        "cv: 0.8, profile: [1, 2]}",
        "intents.order_status.talk_time.profile",
        "has 2 values, and mon has 4 intervals",
        0,
    ),
    (
        "cv: 0.8}",
        "cv: 0.8, profile: [1, 0, 1, 1]}",
        "intents.order_status.talk_time.profile.1",
        "must be more than 0",
        0,
    ),
    (
        "{distribution: lognormal, mean: 3m30s, cv: 0.8}",
        "{distribution: empirical, file: no.csv}",
        "intents.order_status.talk_time.file",
        "does not exist",
        0,
    ),
    # what must fit together
    ("    share: 0.6", "    share: 0.5", "intents", "shares that add up to 0.9", -2),
    ("    share: 0.6\n", "", "intents.order_status.share", "is missing", -1),
    ("mistreatment: {}", "supervisor: {group: bosses}", "supervisor.group", "which is no group of agents", 0),
    ("mistreatment: {}", "supervisor: {group: rooster}", "supervisor.group", "Did you mean roster?", 0),
    (
        "mistreatment: {}",
        "supervisor: {group: roster, share: {biling: 1}}",
        "supervisor.share.biling",
        "Did you mean billing?",
        0,
    ),
    (
        "mistreatment: {}",
        "supervisor: {group: roster, time: {distribution: constant, value: 3m, profile: [1, 2]}}",
        "supervisor.time.profile",
        "has 2 values, and mon has 4 intervals",
        0,
    ),
    (
        "bot: {opt_out",
        "bot: {conversation: {fails_if_capable: 1}, opt_out",
        "intents.billing.bot.containment",
        "is more than this conversation comes to",
        -23,
    ),
    (
        "bot: {opt_out",
        'bot: {hours: {mon: "10:00-08:00"}, opt_out',
        "bot.hours.mon",
        "closes before it opens",
        0,
    ),
    ("  profile: [3, 5, 8, 4]", "  profile: [3, 5, 8]", "arrivals.profile", "has 3 values, and mon has 4 intervals", 0),
    ("  profile: [3, 5, 8, 4]", "  profile: [0, 0, 0, 0]", "arrivals.profile", "has no weight above 0", 0),
    ("  profile: [3, 5, 8, 4]", "  profile: [3, -5, 8, 4]", "arrivals.profile.1", "is negative", 0),
    ("  profile: [3, 5, 8, 4]", "  profile: {mon-thu: [3, 5, 8, 4]}", "arrivals.profile", "Write fri: 0", 0),
    ("  profile: [3, 5, 8, 4]", "  per_hour: 100", "arrivals.per_hour", "stands beside per_day", 0),
    ("  per_day: 400", "  per_hour: 100", "arrivals.profile", "needs per_day", 1),
    ("  per_day: 400", "  per_day: [400, 300]", "arrivals.per_day", "has 2 values, and there are 5 days", 0),
    ("  process: poisson", "  process: trace", "arrivals.per_day", "cannot be used with process: trace", -2),
    ("  per_day: 400", "  file: no.csv", "arrivals.file", "is a file that does not exist", 0),
    ("    skill: general", "    skill: generl", "intents.order_status.skill", "Did you mean general?", 0),
    ("    aht: 6m", "    aht: 50s", "intents.billing.aht", "is not longer than the wrap-up of 60 s", 0),
    ("    aht: 6m", "    aht: 6m\n    talk_time: 5m", "intents.billing.aht", "stands beside talk_time", 0),
    ("    aht: 6m\n", "", "intents.billing.talk_time", "is missing", -2),
    (
        "{resolves: 0.5}",
        "{resolves: 0.5, containment: 0.3}",
        "intents.order_status.bot.containment",
        "stands beside resolves",
        0,
    ),
    ("{resolves: 0.5}", "{}", "intents.order_status.bot", "has neither resolves nor containment", 0),
    (
        "{containment: 0.4, f",
        "{containment: 0.9, f",
        "intents.billing.bot.containment",
        "At most 0.8 with bot.opt_out 0.2",
        0,
    ),
    ("[general, billing]", "[general, general]", "agents.general.skills.1", "is named twice", 0),
    ("[general, billing]", "general", "agents.general.skills", "Write [general]", 0),
    ("[general, billing]", "[]", "agents.general.skills", "names no skill", 0),
    ("{preference: 1, speed: 0.9}", "{speed: 0.9}", "agents.roster.skills.billing.preference", "is missing", 0),
    ("speed: 0.9}", "speed: 0}", "agents.roster.skills.billing.speed", "must be more than 0", 0),
    ("    staff: 12\n", "", "agents.general", "has no staff", -3),
    ("    staff: 12\n", "    staff: 12\n    shifts: []\n", "agents.general.shifts", "stands beside staff", 1),
    ("    staff: 12", "    staff: [1, 2, 3]", "agents.general.staff", "has 3 values, and mon has 4 intervals", 0),
    ("    staff: 12", "    staff: {file: no.csv}", "agents.general.staff.file", "does not exist", 0),
    ("    shrinkage: 30%", "    shrinkage: 100%", "agents.general.shrinkage", "leaves nobody on the queue", 0),
    ("length: 4h", "length: 25h", "agents.roster.shifts.0.length", "is longer than a day", 0),
    ("after: 2h, length: 15m", "after: 4h, length: 15m", "agents.roster.shifts.0.breaks.0", "ends after its shift", 0),
    ("{count: 3, days: mon-fri, start", "{days: mon-fri, start", "agents.roster.shifts.0.count", "is missing", 0),
    ("service_level: 80/20", "service_level: 80 in 20", "targets.service_level", "Write 80/20", 0),
    ("service_level: 80/20", "service_level: 180/20", "targets.service_level", "Write 80/20", 0),
    (
        "service_level: 80/20",
        "service_level: {share: 80, within: 20s}",
        "targets.service_level.share",
        "Did you mean 80%?",
        0,
    ),
    ("service_level: 80/20", "service_level: {given: true}", "targets.service_level.given", "is not a key", 0),
    ("replications: 50", "precision: {sl: 0.01}", "run.precision.sl", "is not a measure", 0),
    ("replications: 50", "precision: {aht_s: 0}", "run.precision.aht_s", "must be more than 0", 0),
    ("replications: 50", "replications: 50, precision: {aht_s: 2s}", "run.replications", "stands beside precision", 0),
    ("warm_up: auto", "warm_up: 36h", "run.warm_up", "Write whole days such as 14d, or auto", 0),
    ("{billing: 5m}", "{biling: 5m}", "pace.target.biling", "Did you mean billing?", 0),
    ("pace: {target: {billing: 5m}, push", "pace: {push", "pace.target", "is missing", 0),
    ("  order_status:\n", "  total:\n", "intents.total", "is not a name", 0),
    ("  order_status:\n", "  order.status:\n", "intents.order.status", "is not a name", 0),
]


@pytest.mark.parametrize(("old", "new", "path", "words", "down"), CASES)
def test_one_fault_gives_one_problem_with_its_line(old, new, path, words, down):
    text, line = spoiled(old, new)
    problems = problems_of(text)
    assert [problem.path for problem in problems] == [path]
    assert problems[0].line == line + down
    assert words in str(problems[0])
    assert str(problems[0]).startswith(f"<text>:{line + down}:")


def test_the_good_text_is_good():
    assert loads(GOOD).name == "Test centre"


def test_there_are_at_least_sixty_cases():
    assert len(CASES) >= 60


@pytest.mark.parametrize("tenures", ["[0s]", "[0s, 0s]"])
def test_tenures_of_nothing_are_told_under_the_key_of_the_file(tenures):
    (problem,) = problems_of(GOOD, [f"workforce={{tenure: {tenures}}}"])
    assert (problem.path, problem.value) == ("workforce.tenure", tenures)
    assert "has no tenure longer than 0s" in problem.message


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("bot.conversation.give_up=[null]", "bot.conversation.give_up.0"),
        ("supervisor={group: general, share: {billing: null}}", "supervisor.share.billing"),
        ("pace.target={billing: null}", "pace.target.billing"),
        ("workforce.tenure=[null]", "workforce.tenure.0"),
    ],
)
def test_what_holds_nothing_but_an_empty_value_is_not_empty_itself(setting, path):
    (problem,) = problems_of(GOOD.replace("pace: {target: {billing: 5m}, push: 0.6}\n", ""), [setting])
    assert (problem.path, problem.message) == (path, "is empty")


def test_an_index_needs_a_list_in_the_file():
    (problem,) = problems_of(GOOD, ["bot.conversation.give_up.0=0.4"])
    assert problem.path == "bot.conversation.give_up"
    assert problem.message == "is no list in the file, whose entries an index could name"
    assert problem.fix == "Write the whole list"
    assert problems_of(GOOD, ["bot.conversation.give_up={a: 1}"])[0].message == "is not a list"
