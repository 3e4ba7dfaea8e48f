"""What pauses, transfers, supervisors, bots and targets do to a whole centre: directions on the same customers."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import sim
from sim.study.replicate import RunOptions, make_run, replicate

AGENTS = 24
CENTRE = {
    "name": "centre",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-16:00", "interval": "60m"},
    "arrivals": {"per_day": 1900},
    "intents": {"call": {"talk_time": {"distribution": "gamma", "mean": "5m", "cv": 0.6}, "resolution": 0.7}},
    "customers": {"patience": "infinite"},
    "run": {"warm_up": "0d", "follow_up": "0d"},
}


def centre(agents=AGENTS, leads=None, **blocks):
    """The centre: 24 agents at 82 %, and so many supervisors, who take no contacts and stay until all is decided."""
    document = CENTRE | {"agents": {"team": on_duty(agents, "call", "8h")}}
    if leads is not None:
        document["agents"]["leads"] = on_duty(leads, "decisions", "12h")
    return sim.loads(document | blocks)


def on_duty(count, skill, length):
    return {"skills": [skill], "shifts": [{"count": count, "start": "08:00", "length": length}]}


class Pair:
    """Two variants on the same customers."""

    def __init__(self, before, after, replications=30):
        studies = [make_run(before), make_run(after)]
        replicate(studies, RunOptions(seed=5, jobs=1), replications)
        self.before, self.after = (study.estimates("overall") for study in studies)

    def change(self, name):
        """The paired difference of a measure."""
        return self.after[name].minus(self.before[name])

    def rises(self, *names):
        """Whether the whole interval of each paired difference is above 0."""
        return all(self.change(name).low[0] > 0 for name in names)

    def falls(self, *names):
        return all(self.change(name).high[0] < 0 for name in names)

    def level(self, name):
        return self.before[name].mean[0], self.after[name].mean[0]


def covers(estimate, expected, most):
    """Whether an interval, half as wide again as its 95 %, holds what is expected; and is narrow enough to tell."""
    half = estimate.half_width[0]
    assert half <= most, half
    return abs(estimate.mean[0] - expected) <= 1.5 * half


# --- pauses


IMPATIENT = {"customers": {"patience": "4m"}}
"""Where waits end: they then vary less from day to day."""


def test_pauses_of_the_tired_cost_waits_and_spare_strain():
    pair = Pair(centre(fatigue={}, **IMPATIENT), centre(fatigue={"break_at": 0.35}, **IMPATIENT))
    assert pair.falls("fatigue_mean", "strained_share", "fatigue_end_of_shift", "aht_fatigue_s")
    assert pair.rises("asa_s", "abandonment_rate", "occupancy")
    assert pair.falls("agents_on_queue", "sl_offered")
    for measures in (pair.before, pair.after):
        assert measures["paid_hours"].minus(measures["overtime_hours"]).mean[0] == pytest.approx(8 * AGENTS)


def test_time_to_recover_from_mistreatment_spares_strain_too():
    rude = IMPATIENT | {"mistreatment": {}}
    pair = Pair(centre(fatigue={}, **rude), centre(fatigue={"recovery_time": "60s"}, **rude))
    assert pair.falls("fatigue_mean", "strained_share", "agents_on_queue")
    assert pair.rises("asa_s", "occupancy")


def test_a_lower_level_means_more_pauses():
    pair = Pair(centre(fatigue={"break_at": 0.4}), centre(fatigue={"break_at": 0.2}))
    assert pair.falls("fatigue_mean", "agents_on_queue")


# --- contacts sent away


def test_sending_away_brings_contacts_and_anger():
    """A tenth of all contacts that are new; the running mean is far above the 180 s asked for."""
    paces = [{"target": "180s", "sends_away": share} for share in (0.0, 0.1)]
    pair = Pair(*(centre(pace=pace, frustration={}, mistreatment={}) for pace in paces))
    assert pair.rises("transfer_rate", "offered", "frustration_at_agent", "frustration_at_end", "workload_hours")
    assert pair.rises("workload_per_resolution_s", "mistreatment_rate")
    assert pair.before["transfer_rate"].mean[0] == 0
    assert covers(pair.after["transfer_rate"], 0.1 / 1.1, 0.004)
    assert covers(pair.after["offered"], 1.1 * pair.before["offered"].mean[0], 60)
    assert pair.level("attempts_per_need") == (1, 1)


def test_nobody_is_sent_away_by_a_target_that_is_not_far_below():
    pair = Pair(centre(pace={"target": "250s", "sends_away": 0.0}), centre(pace={"target": "250s", "sends_away": 0.5}))
    assert pair.level("transfer_rate") == (0, 0)
    assert not pair.change("aht_s").replicates.any()


# --- supervisors


def test_supervisors_lengthen_handle_times():
    """8 % of contacts and 390 s each, waits at the desk apart: an addition to talk and to nothing else."""
    pair = Pair(centre(), centre(leads=8, supervisor={"group": "leads"}))
    assert pair.rises("aht_s", "occupancy", "asa_s", "delay_rate")
    assert covers(pair.after["supervisor_rate"], 0.08, 0.006)
    added = pair.after["aht_supervisor_s"].mean[0]
    assert 0.08 * 390 * 0.9 < added < 0.08 * 390 * 1.2
    assert pair.change("aht_s").mean[0] == pytest.approx(added)


def test_fewer_supervisors_lengthen_them_more():
    pair = Pair(*(centre(leads=leads, supervisor={"group": "leads"}) for leads in (8, 2)))
    assert pair.rises("aht_supervisor_s", "aht_s", "occupancy", "asa_s")
    assert pair.change("aht_supervisor_s").low[0] > 5
    assert pair.change("supervisor_rate").mean[0] == pytest.approx(0, abs=0.005)


def test_discretion_takes_supervisors_out_of_two_contacts_in_five():
    """Discretion of .6: on the same luck, whoever asks with it would ask without."""
    rule = {"group": "leads"}
    pair = Pair(centre(leads=8, supervisor=rule), centre(leads=8, supervisor=rule | {"discretion": 0.6}))
    assert pair.falls("supervisor_rate", "aht_s", "aht_supervisor_s", "asa_s")
    fall = pair.change("supervisor_rate")
    assert covers(fall, -0.4 * pair.before["supervisor_rate"].mean[0], 0.004)
    assert covers(pair.after["supervisor_rate"], 0.6 * 0.08, 0.005)


# --- a bot


def harder(resolves, selectivity):
    """Share of difficult needs among those that a bot cannot resolve: Z > 1.3 where lam Z + ... is above its limit."""
    z = ndtri((np.arange(200_000) + 0.5) / 200_000)
    left = ndtr((selectivity * z - ndtri(resolves)) / math.sqrt(1 - selectivity**2))
    return left[z > 1.3].sum() / left.sum()


def test_a_bot_that_takes_the_easy_needs_leaves_more_to_supervisors():
    """Nobody opts out, nothing is closed falsely: what reaches agents is what the bot cannot resolve."""
    calls = {"call": CENTRE["intents"]["call"] | {"bot": {"resolves": 0.35}}}
    blocks = {"intents": calls, "supervisor": {"group": "leads"}, "leads": 12}
    bot = {"opt_out": 0.0, "false_containment": 0.0, "selectivity": 0.7}
    pair = Pair(centre(**blocks), centre(bot=bot, **blocks), replications=40)
    difficult = harder(0.35, 0.7)
    easy = 0.08 / (1 + 4 * ndtr(-1.3))
    assert difficult == pytest.approx(0.1466, abs=0.0001)
    assert pair.rises("supervisor_rate")
    assert pair.falls("offered")
    assert covers(pair.after["supervisor_rate"], easy * (1 + 4 * difficult), 0.0035)
    assert covers(pair.before["supervisor_rate"], 0.08, 0.0035)


# --- satisfaction and leavers


def test_waits_cost_satisfaction():
    pair = Pair(centre(csat={}), centre(AGENTS - 5, csat={}))
    assert pair.rises("asa_s")
    assert pair.falls("csat")


def test_a_bot_costs_satisfaction_at_an_equal_outcome():
    """Bot and agents resolve whatever they handle; there are agents enough in either case."""
    calls = {"call": CENTRE["intents"]["call"] | {"resolution": 1.0, "bot": {"resolves": 0.35}}}
    bot = {"opt_out": 0.0, "false_containment": 0.0}
    blocks = {"intents": calls, "csat": {}, "agents": 2 * AGENTS}
    pair = Pair(centre(**blocks), centre(bot=bot, **blocks))
    assert pair.level("resolution_rate") == (1, 1)
    assert pair.falls("csat")
    assert covers(pair.change("csat"), -8 * 0.35, 0.15)


def test_tired_agents_cost_satisfaction():
    still = {"effects": {"talk_time": 0, "spread": 0, "resolution": 0}}
    pair = Pair(centre(csat={}), centre(csat={}, fatigue=still))
    assert pair.falls("csat")
    assert pair.change("aht_s").mean[0] == 0
    tired = pair.after["csat"].mean[0] - pair.before["csat"].mean[0]
    assert -6 * 0.5 < tired < -6 * 0.2


def test_tired_agents_leave():
    outcomes = {"attrition": {}, "costs": {"leaver": 15_000}}
    pair = Pair(centre(**outcomes), centre(fatigue={}, **outcomes))
    assert pair.rises("fatigue_mean", "leavers_expected", "replacement_cost")


def test_busier_agents_leave():
    """Of half as many agents on the same customers more than half as many leave."""
    pair = Pair(centre(2 * AGENTS, fatigue={}, attrition={}), centre(AGENTS, fatigue={}, attrition={}))
    many, few = pair.level("leavers_expected")
    assert pair.rises("fatigue_mean")
    assert 0.55 * many < few < many


def test_pauses_keep_agents():
    pair = Pair(centre(attrition={}, fatigue={}), centre(attrition={}, fatigue={"break_at": 0.35}))
    assert pair.falls("leavers_expected", "replacement_cost")


# --- targets


EACH = {"distribution": "constant", "value": "300s"}
OFTEN = {"group": "leads", "share": 0.3, "difficult_factor": 1.0, "time": {"distribution": "constant", "value": "100s"}}


def test_a_target_steers_handle_times_with_the_supervisor_in_them():
    """300 s are stated and 30 more go to supervisors. A target of 310 presses nobody without them; with them M is held
    at 330, and talk is cut to 310 / 330 of its length."""
    calls = {"call": {"talk_time": EACH, "resolution": 0.7}}
    pace = {"target": "310s", "push": 1.0}
    blocks = {"intents": calls, "leads": 20, "pace": pace}
    pair = Pair(centre(**blocks), centre(supervisor=OFTEN, **blocks))
    assert pair.level("aht_s")[0] == 300
    assert pair.before["aht_pace_s"].mean[0] == 0
    assert pair.falls("aht_pace_s", "resolution_rate")
    assert covers(pair.after["natural_aht_s"], 330, 2.0)
    talk = pair.after["aht_s"].mean[0] - pair.after["aht_supervisor_s"].mean[0]
    assert 300 * 310 / 332 < talk < 300 * 310 / 326


def test_with_an_assistant_the_same_target_squeezes_less():
    """A workforce of novices: natural talk falls from 300 to 300 / 1.34 = 224 s, and 200 is nearer."""
    novices = {"speed_sd": 0, "learning": {"start": 0}, "tenure": {"distribution": "constant", "value": "0d"}}
    blocks = {"workforce": novices, "pace": {"target": "200s"}}
    pair = Pair(centre(**blocks), centre(assistant={}, **blocks))
    assert pair.falls("natural_aht_s", "aht_s", "aht_assistant_s")
    assert pair.rises("aht_pace_s", "resolution_rate")
    assert pair.after["aht_pace_s"].high[0] < 0
    assert covers(pair.after["natural_aht_s"], 300 / 1.34, 4)


def test_sent_away_is_what_an_assistant_spares():
    """The same target is .67 of what contacts need without it, and .89 with it."""
    novices = {"speed_sd": 0, "learning": {"start": 0}, "tenure": {"distribution": "constant", "value": "0d"}}
    blocks = {"workforce": novices, "pace": {"target": "200s", "sends_away": 0.1}}
    pair = Pair(centre(**blocks), centre(assistant={}, **blocks))
    assert pair.falls("transfer_rate", "offered")
