"""Charts of channels: what they draw is what was measured."""

import pytest

import sim
from sim.report.comparison import channel_charts
from sim.report.comparison.charts import draw
from sim.report.comparison.findings import by_time, of_run
from sim.report.style import style
from tests.report.tiny import BEFORE

INTENTS = {
    "orders": {"share": 0.6, "channel": "chat", "talk_time": "5m", "wrap_up": "30s"},
    "photos": {"share": 0.4, "channel": "deferred", "talk_time": "6m", "due": "4h"},
}
AGENTS = {
    "web": {"skills": ["orders"], "concurrency": 3, "staff": 1},
    "night": {"skills": ["orders"], "concurrency": 2, "staff": 1},
    "back": {"skills": ["photos"], "staff": 1},
}
WEB = BEFORE | {"name": "Web", "intents": INTENTS, "agents": AGENTS}


@pytest.fixture(scope="module")
def web():
    return of_run(sim.run(sim.loads(WEB)))


def test_a_page_with_channels_has_their_charts(web):
    names = [chart.name for chart in draw(web)]
    assert names[names.index("volumes") + 1 :][:3] == ["chats_in_hand", "chats_by_group", "backlog"]


def test_chats_in_hand_over_the_day_and_of_the_groups_that_have_any(web):
    with style():
        left, right = channel_charts.chats_in_hand(web).figure.axes
    assert left.get_lines()[0].get_ydata() == pytest.approx(by_time(web.first, "concurrency_mean")["mean"].to_numpy())
    table = web.first.by_group
    mine = table[table["measure"] == "concurrency_mean"].set_index("group")["mean"]
    drawn = {
        right.get_yticklabels()[round(line.get_ydata()[0])].get_text(): line.get_xdata()[0]
        for line in right.get_lines()
        if line.get_marker() == "o"
    }
    assert drawn == pytest.approx({"web": mine["web"], "night": mine["night"]})


def test_chats_in_hand_of_each_group_over_the_day(web):
    with style():
        panels = channel_charts.chats_by_group(web).figure.axes
    assert [axes.get_xlabel() for axes in panels] == ["web", "night"]
    found = web.first.seats
    for axes, group in zip(panels, ("web", "night"), strict=True):
        mine = found[(found["group"] == group) & (found["measure"] == "concurrency_mean") & found["mean"].notna()]
        assert axes.get_lines()[0].get_ydata() == pytest.approx(mine["mean"].to_numpy())
    table = web.first.by_group.set_index(["group", "measure"])["mean"]
    for group in ("web", "night"):
        uses = found[(found["group"] == group) & (found["measure"] == "slot_use")]["mean"]
        assert uses.mean() == pytest.approx(table[group, "slot_use"])


def test_one_group_that_chats_has_no_chart_of_its_own():
    one = WEB | {"agents": AGENTS | {"night": AGENTS["night"] | {"concurrency": 1}}}
    assert channel_charts.chats_by_group(of_run(sim.run(sim.loads(one), replications=2))) is None


def test_the_backlog_by_day(web):
    with style():
        left, right = channel_charts.backlog(web).figure.axes
    table = web.first.by_day
    for axes, measure in ((left, "backlog_at_close"), (right, "age_mean_h")):
        mine = table[(table["measure"] == measure) & table["mean"].notna()]
        assert axes.get_lines()[0].get_ydata() == pytest.approx(mine["mean"].to_numpy())
        assert [label.get_text() for label in axes.get_xticklabels()] == [day[5:] for day in mine["day"]]


def test_a_telephone_line_has_neither():
    plain = of_run(sim.run(sim.loads(BEFORE), replications=2))
    assert channel_charts.chats_in_hand(plain) is None
    assert channel_charts.backlog(plain) is None
