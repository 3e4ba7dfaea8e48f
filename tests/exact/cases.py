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
    erlang("ErlC-1", 4, Budget(20, 50), Budget(80, 72)),
    erlang("ErlC-3", 3, Budget(16, 6), Budget(60, 12), EW_all_s=(0.15, 0.05), EW_served_s=(0.15, 0.05)),
    erlang("ErlA-01", 2, Budget(16, 36), Budget(60, 48), EW_abandoned_s=(0.07, 0.03)),
    erlang("ErlA-03", 1, Budget(16, 20), Budget(40, 48)),
    erlang("ErlA-05", 2, Budget(16, 6), Budget(40, 24), **dict.fromkeys(LEVELS, (1.2, 0.5))),
    erlang("ErlA-07", 1, Budget(16, 3), Budget(40, 20), **dict.fromkeys(("p_wait", *TIMES), (0.4, 0.15))),
    deterministic_patience(Budget(16, 12), Budget(40, 36)),
    balking(Budget(16, 8), Budget(40, 20)),
    lognormal_service(Budget(30, 144), Budget(160, 144)),
    constant_service(Budget(20, 40), Budget(40, 72)),
    erlang_two_service(Budget(16, 10), Budget(40, 36)),
    after_call_work(Budget(16, 28), Budget(40, 72)),
    shifts_that_end(Budget(50, 1), Budget(300, 1)),
    busy_days(Budget(50, 1), Budget(500, 1)),
    priority(Budget(20, 36), Budget(50, 72)),
    n_model(Budget(16, 36), Budget(40, 96)),
    pooled("preference", Budget(12, 3), Budget(40, 8)),
    pooled("longest_wait", Budget(16, 3), Budget(40, 8)),
    redials(Budget(12, 48), Budget(40, 96)),
    fatigue_alone(Budget(30, 96), Budget(60, 96)),
    fatigue_fed_back(Budget(20, 72), Budget(60, 96)),
    bot_as_thinning(Budget(16, 8), Budget(40, 20)),
)
