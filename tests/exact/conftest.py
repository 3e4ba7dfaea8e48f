"""Laws are asked of the compiled engine; of the other in `make test-all`."""

from tests.mainly_compiled import engine  # noqa: F401
