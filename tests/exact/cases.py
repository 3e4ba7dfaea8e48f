"""Every exact case, with what each may cost: (replications, hours measured in each), a quick look and a long one.

A quick look at all of them takes about a million and a half contacts; a long one of up to a million a case.
"""

from exact.classes import n_model, pooled, priority
from exact.days import busy_days, shifts_that_end
from exact.harness import SHARES, TIMES, Budget
from exact.mechanisms import bot_as_thinning, fatigue_alone, fatigue_fed_back, redials
from exact.queues import (
    after_call_work,
    balking,
    constant_service,
    deterministic_patience,
    erlang,
    erlang_two_service,
    lognormal_service,
)

# What happens to one contact in a hundred or less needs wider intervals: served at once where nearly all wait, and
# waiting where hardly any do.
LEVELS = [fact for fact in SHARES if fact.startswith("sl_")]

CASES = (
    erlang("ErlC-1", 3, Budget(28, 36), Budget(80, 72)),
    erlang(
        "ErlC-3",
        3,
        Budget(20, 4),
        Budget(60, 12),
        **dict.fromkeys(("p_wait", *LEVELS), (0.07, 0.03)),
        **dict.fromkeys(TIMES, (0.15, 0.05)),
    ),
    erlang("ErlA-01", 1, Budget(28, 20), Budget(60, 48), EW_abandoned_s=(0.07, 0.03)),
    erlang("ErlA-03", 0.5, Budget(28, 11), Budget(40, 48)),
    erlang("ErlA-05", 2, Budget(20, 4), Budget(40, 24), **dict.fromkeys(LEVELS, (1.2, 0.5))),
    erlang("ErlA-07", 0.5, Budget(28, 2), Budget(40, 20), **dict.fromkeys(("p_wait", *TIMES), (0.5, 0.15))),
    deterministic_patience(Budget(28, 7), Budget(40, 36)),
    balking(Budget(28, 6), Budget(40, 20)),
    lognormal_service(Budget(30, 144), Budget(160, 144)),
    constant_service(Budget(28, 28), Budget(40, 72)),
    erlang_two_service(Budget(28, 6), Budget(40, 36)),
    after_call_work(Budget(28, 16), Budget(40, 72)),
    shifts_that_end(Budget(50, 1), Budget(300, 1)),
    busy_days(Budget(50, 1), Budget(500, 1)),
    priority(Budget(28, 26), Budget(50, 72)),
    n_model(Budget(28, 20), Budget(40, 96)),
    pooled("preference", Budget(24, 2), Budget(40, 8)),
    pooled("longest_wait", Budget(28, 2), Budget(40, 8)),
    redials(Budget(24, 24), Budget(40, 96)),
    fatigue_alone(Budget(30, 96), Budget(60, 96)),
    fatigue_fed_back(Budget(30, 48), Budget(60, 96)),
    bot_as_thinning(Budget(28, 4), Budget(40, 20)),
)
