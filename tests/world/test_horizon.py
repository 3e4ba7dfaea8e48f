"""The simulated days on the clock."""

from datetime import date

import numpy as np

from sim import loads
from sim.demand.horizon import make_horizon

DAY, HOUR = 86_400_000_000, 3_600_000_000


def horizon(hours, days=7, start="2026-11-23", interval="60m", warm_up="0d", follow_up="0d", **calendar):
    return make_horizon(
        loads(
            {
                "calendar": {"start": start, "days": days, "hours": hours, "interval": interval, **calendar},
                "arrivals": {"per_hour": 1},
                "intents": {"a": {"talk_time": "3m"}},
                "agents": {"team": {"skills": ["a"], "staff": 1}},
                "run": {"warm_up": warm_up, "follow_up": follow_up},
            }
        )
    )


def test_days_before_and_after_keep_their_weekdays():
    h = horizon({"mon-fri": "08:00-12:00", "sat": "09:00-10:00"}, warm_up="2d", follow_up="1d")
    assert h.dates[0] == date(2026, 11, 21)
    assert h.measured.tolist() == [False] * 2 + [True] * 7 + [False]
    assert [int(t) for t in h.open_us[:3]] == [9 * HOUR, -1, 2 * DAY + 8 * HOUR]
    assert [len(e) for e in h.edges] == [2, 0, 5, 5, 5, 5, 5, 2, 0, 5]


def test_a_centre_that_never_closes_opens_once():
    h = horizon("00:00-24:00", days=3)
    assert h.opens.tolist() == [True, False, False]
    assert h.closes.tolist() == [False, False, True]


def test_a_last_interval_may_be_short():
    h = horizon("08:00-09:50", days=1, interval="30m")
    assert (np.diff(h.edges[0]) // 60_000_000).tolist() == [30, 30, 30, 20]
