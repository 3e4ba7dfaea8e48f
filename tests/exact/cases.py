"""Every exact case, with what each engine may spend on it: (replications, hours or days measured in each).

All cases together are about a hundred thousand contacts for the reference engine, eighty million for the compiled one.
"""

from tests.exact.channels import (
    behind_calls,
    blend,
    full_bot,
    linear_concurrency,
    overflow,
    shared_processor,
    two_at_once,
)
from tests.exact.classes import n_model, pooled, priority
from tests.exact.days import busy_days, shifts_that_end
from tests.exact.harness import SHARES, TIMES, Budget, constant, exponential
from tests.exact.mechanisms import bot_as_thinning, fatigue_alone, fatigue_fed_back, redials
from tests.exact.queues import (
    after_call_work,
    balking,
    constant_service,
    deterministic_patience,
    erlang,
    erlang_two_service,
    lognormal_service,
)

# Served at once where nearly all wait, and waiting where hardly any do: one contact in a hundred or less.
LEVELS = tuple(fact for fact in SHARES if fact.startswith("sl_"))
WAITS = ("p_wait", "p_abandon", *TIMES, *LEVELS)

CASES = (
    erlang("ErlC-1", 4, Budget(16, 12), Budget(80, 72)),
    erlang("ErlC-3", 3, Budget(40, 2), Budget(600, 12), rare=LEVELS),
    erlang("ErlA-01", 2, Budget(12, 8), Budget(100, 48)),
    erlang("ErlA-03", 1, Budget(12, 4), Budget(40, 48)),
    erlang("ErlA-05", 2, Budget(12, 2), Budget(60, 24), rare=LEVELS),
    erlang("ErlA-07", 1, Budget(12, 1), Budget(2700, 20), rare=WAITS, helped=False),
    deterministic_patience(Budget(12, 4), Budget(40, 36)),
    balking(Budget(12, 3), Budget(50, 20)),
    lognormal_service(Budget(20, 48), Budget(200, 144)),
    constant_service(Budget(16, 12), Budget(40, 72)),
    erlang_two_service(Budget(12, 4), Budget(40, 36)),
    after_call_work(Budget(12, 8), Budget(40, 72)),
    shifts_that_end(Budget(12, 1), Budget(7500, 1)),
    busy_days(Budget(12, 1), Budget(900, 1)),
    priority(Budget(16, 8), Budget(170, 72)),
    n_model(Budget(12, 8), Budget(60, 96)),
    pooled("preference", Budget(12, 2), Budget(70, 8)),
    pooled("longest_wait", Budget(12, 2), Budget(100, 8)),
    redials(Budget(12, 12), Budget(80, 96)),
    fatigue_alone(Budget(16, 48), Budget(550, 96)),
    fatigue_fed_back(Budget(16, 24), Budget(130, 96)),
    bot_as_thinning(Budget(12, 3), Budget(50, 20)),
    linear_concurrency(Budget(12, 12), Budget(640, 140)),
    two_at_once(Budget(16, 48), Budget(60, 140)),
    shared_processor(Budget(12, 12), Budget(440, 140)),
    behind_calls(Budget(12, 24), Budget(640, 120)),
    blend(0, Budget(12, 2), Budget(60, 70)),
    blend(2, Budget(12, 2), Budget(110, 70)),
    blend(4, Budget(12, 2), Budget(280, 70)),
    blend(6, Budget(12, 2), Budget(640, 70)),
    overflow(Budget(12, 4), Budget(60, 70)),
    full_bot(40, exponential(180), "exponential", Budget(12, 2), Budget(80, 12)),
    full_bot(45, exponential(180), "exponential", Budget(12, 2), Budget(60, 24)),
    full_bot(45, constant(180), "constant", Budget(12, 2), Budget(60, 24)),
    full_bot(50, exponential(180), "exponential", Budget(12, 2), Budget(60, 60)),
)
