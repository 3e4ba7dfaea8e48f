"""How many worlds a property sees. Always the same ones: a failure can be repeated."""

from hypothesis import HealthCheck, settings

from tests.mainly_compiled import engine  # noqa: F401

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LONG = settings(QUICK, max_examples=3_000)
