"""What is believed of numbers that nobody knows exactly: a range or a distribution for any key, and correlations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from pydantic import model_serializer, model_validator

from sim.schema.base import Section
from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.values import duration_text, finite, is_number, parse_duration, parse_share

if TYPE_CHECKING:
    import numpy.typing as npt

Shape = Literal["off", "uniform", "triangular", "normal", "lognormal", "beta"]
OFF, PUBLISHED = "off", "published"
CORRELATION, OTHERS = "correlation", "others"
TAIL = 0.001
"""What is cut off at either end of a distribution that has none."""
PARAMETERS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "cv"),
    "beta": ("mean", "sd"),
}
LEAST_SPREAD, MOST_CV = 1e-4, 100.0
ENDS = ("low", "high")
"""Where a normal or lognormal distribution may be cut off."""
FORMS = (
    "Write [50%, 80%], {triangular: [2m, 4m, 5m]}, {distribution: normal, mean: 4m, sd: 30s}, {times: [0.8, 1.2]}, "
    "or off"
)


class Belief(Section):
    """What is believed of one number.

    Attributes
    ----------
    shape : of the distribution; ``off`` for a number that is known.
    times : whether it is a factor on the value in force, and not the value itself.
    seconds : whether the numbers are seconds.
    low, mode, high, mean, sd, cv : parameters of the shape; a normal or lognormal one may be cut off at low and high.
    """

    shape: Shape
    times: bool = False
    seconds: bool = False
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    mean: float | None = None
    sd: float | None = None
    cv: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that is believed possible."""
        low, high = (float(x) for x in self.quantile(_array(0.0, 1.0)))
        return low, high

    def quantile(self, u: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values below which shares `u`, from 0 to 1, of what is believed lie; same shape as `u`."""
        import numpy as np

        if self.shape == "uniform":
            low, high = self.low or 0.0, self.high or 0.0
            return np.asarray(low + u * (high - low))
        if self.shape == "triangular":
            return _triangular(u, self.low or 0.0, self.mode or 0.0, self.high or 0.0)
        whole, below = _unbounded(self)
        least, most = TAIL, 1.0 - TAIL
        if self.shape != "beta":
            least = least if self.low is None else max(least, below(self.low))
            most = most if self.high is None else min(most, below(self.high))
        return np.asarray(whole(least + u * (most - least)))

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.shape == OFF:
            return OFF
        given = {name: getattr(self, name) for name in ("low", "mode", "high", "mean", "sd", "cv")}
        numbers = {name: self._written(name, x) for name, x in given.items() if x is not None}
        plain: Any = {"distribution": self.shape, **numbers}
        if self.shape in ("uniform", "triangular"):
            plain = list(numbers.values())
            plain = {"triangular": plain} if self.shape == "triangular" else plain
        return {"times": plain} if self.times else plain

    def _written(self, name: str, number: float) -> float | str:
        return duration_text(number) if self.seconds and name != "cv" else number


def _array(*numbers: float) -> npt.NDArray[Any]:
    import numpy as np

    return np.array(numbers)


def _triangular(u: npt.NDArray[Any], low: float, mode: float, high: float) -> npt.NDArray[Any]:
    import numpy as np

    width, turn = high - low, (mode - low) / (high - low)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u < turn, rising, falling)


def _unbounded(belief: Belief) -> tuple[Callable[[Any], Any], Callable[[float], float]]:
    """The quantile function of a distribution without ends, and its distribution function."""
    import numpy as np
    from scipy.special import betainc, betaincinv, ndtr, ndtri

    mean = belief.mean or 0.0
    if belief.shape == "beta":
        size = mean * (1.0 - mean) / (belief.sd or 0.0) ** 2 - 1.0
        a, b = mean * size, (1.0 - mean) * size
        return lambda u: betaincinv(a, b, u), lambda x: float(betainc(a, b, x))
    if belief.shape == "normal":
        sd = belief.sd or 0.0
        return lambda u: mean + sd * ndtri(u), lambda x: float(ndtr((x - mean) / sd))
    sigma = float(np.sqrt(np.log1p((belief.cv or 0.0) ** 2)))
    middle = float(np.log(mean)) - sigma**2 / 2
    return (
        lambda u: np.exp(middle + sigma * ndtri(u)),
        lambda x: float(ndtr((np.log(x) - middle) / sigma)) if x > 0.0 else 0.0,
    )


class Correlated(Section):
    """A correlation of two beliefs: that of their normal scores (a Gaussian copula)."""

    between: tuple[str, str]
    rho: float


class Beliefs(Section):
    """What a scenario believes of its numbers.

    Attributes
    ----------
    of : by key, in the order written; `*` stands for every name of a map, such as `intents.*.resolution`.
    correlation : of two beliefs each; all others are independent.
    others : ``published`` if every other weak or assumed number varies over its published range, ``off`` if none does.
    """

    of: dict[str, Belief]
    correlation: tuple[Correlated, ...] = ()
    others: Literal["published", "off"] = "published"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, dict) and "of" in value else read_beliefs(value)

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> dict[str, Any]:
        """Return what a file would say."""
        tree: dict[str, Any] = {key: belief.in_file_form() for key, belief in self.of.items()}
        if self.others == OFF:
            tree[OTHERS] = OFF
        if self.correlation:
            tree[CORRELATION] = [{"between": list(c.between), "rho": c.rho} for c in self.correlation]
        return tree


# Reading ----------------------------------------------------------------------


def read_beliefs(value: Any) -> dict[str, Any]:
    """Return the parts of the section, from what a file says.

    Raises
    ------
    BadValueError
        With everything that is wrong.
    """
    if not isinstance(value, dict):
        raise bad("is not a map", "Write keys with what is believed of them: {customers.patience: [3m, 5m]}", value)
    faults: list[Fault] = []
    found: dict[str, Any] = {"of": {}}
    for key, said in value.items():
        try:
            if key == OTHERS:
                found[OTHERS] = _others(said)
            elif key == CORRELATION:
                found[CORRELATION] = _correlations(said)
            else:
                found["of"][key] = read_belief(said)
        except BadValueError as error:
            faults += [fault.under(key) for fault in error.faults]
    raise_any(faults)
    return found


def _others(value: Any) -> str:
    if value not in (PUBLISHED, OFF):
        raise bad("is neither published nor off", "Write published (the default), or off to vary only these", value)
    return str(value)


def read_belief(value: Any) -> Belief:
    """Return what a file says of one number.

    Raises
    ------
    BadValueError
        For what is no belief.
    """
    if value == OFF:
        return Belief(shape="off")
    if isinstance(value, dict) and "times" in value:
        if len(value) > 1:
            raise bad("has keys beside times", "Write {times: [0.8, 1.2]}, or a distribution under it", at=())
        return _factor(value["times"])
    return _of_form(value)


def _factor(value: Any) -> Belief:
    try:
        belief = _of_form(value)
    except BadValueError as error:
        raise BadValueError(*(fault.under("times") for fault in error.faults)) from None
    low, _ = belief.ends if not belief.seconds else (0.0, 0.0)
    if belief.seconds or low < 0.0:
        raise bad("is not a factor", "Write numbers of at least 0, such as {times: [0.8, 1.2]}", at=("times",))
    return belief.model_copy(update={"times": True})


def _of_form(value: Any) -> Belief:
    if isinstance(value, list | tuple):
        return _made("uniform", ENDS, list(value), ())
    if not isinstance(value, dict):
        raise bad("says nothing of what is believed", FORMS, value)
    if list(value) == ["triangular"]:
        three = value["triangular"]
        if not isinstance(three, list | tuple):
            raise bad("is not a list", "Write {triangular: [low, mode, high]}", three, at=("triangular",))
        return _made("triangular", PARAMETERS["triangular"], list(three), ("triangular",))
    return _distribution(value)


def _distribution(value: dict[str, Any]) -> Belief:
    kind = value.get("distribution")
    if kind is None:
        raise bad("has no distribution", FORMS, at=())
    if not isinstance(kind, str) or kind not in PARAMETERS:
        raise bad("is not a kind of belief", nearest(str(kind), PARAMETERS), kind, at=("distribution",))
    needed = PARAMETERS[kind]
    allowed = (*needed, *(ENDS if kind in ("normal", "lognormal") else ()))
    faults = [
        Fault(f"is not a parameter of {kind}", nearest(str(key), allowed), (key,), key, key=True)
        for key in value
        if key not in ("distribution", *allowed)
    ]
    if missing := [name for name in needed if name not in value]:
        faults.append(Fault(f"lacks {' and '.join(missing)}", f"{kind} needs {', '.join(needed)}"))
    raise_any(faults)
    names = [name for name in allowed if name in value]
    return _made(kind, names, [value[name] for name in names], None)


def _made(shape: Any, names: Any, values: list[Any], within: tuple[str, ...] | None) -> Belief:
    """The belief of numbers as written; `within` is the place of a list of them, None for a map by name."""
    if len(values) != len(names):
        counted = "1 number" if len(values) == 1 else f"{len(values)} numbers"
        raise bad(f"has {counted}", f"Write [{', '.join(names)}]", values, at=within or ())
    numbers, seconds = {}, []
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        at: tuple[str | int, ...] = (name,) if within is None else (*within, k)
        numbers[name], in_seconds = _number(value, at)
        seconds += [] if name == "cv" else [in_seconds]
    if len(set(seconds)) > 1:
        raise bad("mixes durations and other numbers", "Write all of them alike, such as [3m, 5m]", at=within or ())
    belief = Belief(shape=shape, seconds=seconds[0], **numbers)
    _check(belief, within or ())
    return belief


def _number(value: Any, at: tuple[str | int, ...]) -> tuple[float, bool]:
    """A number as written, and whether it is a duration."""
    try:
        if isinstance(value, str) and value.strip().endswith("%"):
            return parse_share(value), False
        return (finite(value), False) if is_number(value) else (parse_duration(value), True)
    except BadValueError as error:
        if isinstance(value, str) and not value.strip().endswith("%"):
            raise bad("is no number, share or duration", "Write it as its key is written", value, at=at) from None
        raise BadValueError(*(fault.under(*at) for fault in error.faults)) from None


def _check(belief: Belief, at: tuple[str, ...]) -> None:
    """Parameters must be possible together, and leave something to vary."""
    spread = belief.cv if belief.shape == "lognormal" else belief.sd
    if belief.shape in ("normal", "lognormal", "beta") and not (spread or 0.0) >= LEAST_SPREAD:
        raise bad("does not vary", f"Write a spread of at least {LEAST_SPREAD:g}, or off", spread, at=at)
    if belief.shape == "lognormal" and (spread or 0.0) > MOST_CV:
        raise bad("has too large a cv", f"It is at most {MOST_CV:g}", spread, at=at)
    if belief.shape == "lognormal" and not (belief.mean or 0.0) > 0.0:
        raise bad("has no mean above 0", "Write a mean above 0", belief.mean, at=at)
    if belief.shape == "beta":
        _check_beta(belief, at)
    low, mode, high = belief.low, belief.mode, belief.high
    if low is not None and high is not None and low >= high:
        words = "leaves nothing to vary" if low == high else "has its low end above its high one"
        raise bad(words, "Write the low end first, or off for a number that is known", at=at)
    if mode is not None and not (low or 0.0) <= mode <= (high or 0.0):
        raise bad("has its mode outside its ends", "Write {triangular: [low, mode, high]}", at=at)
    if belief.shape in ("normal", "lognormal") and not belief.ends[0] < belief.ends[1]:
        raise bad("has nothing left between its ends", "Write low and high around the mean", at=at)


def _check_beta(belief: Belief, at: tuple[str, ...]) -> None:
    mean, sd = belief.mean or 0.0, belief.sd or 0.0
    if belief.seconds or not 0.0 < mean < 1.0:
        raise bad("has a mean outside 0 to 1", "beta is of shares; write normal or lognormal for others", at=at)
    if sd**2 >= mean * (1.0 - mean):
        most = (mean * (1.0 - mean)) ** 0.5
        raise bad(f"has too large an sd for a mean of {mean:g}", f"It must be below {most:.3g}", sd, at=at)


def _correlations(value: Any) -> list[Correlated]:
    fix = "Write [{between: [customers.repeat.probability, intents.*.resolution], rho: -0.4}]"
    if not isinstance(value, list | tuple):
        raise bad("is not a list", fix, value)
    found, faults = [], []
    for k, entry in enumerate(value):
        if not isinstance(entry, dict) or set(entry) != {"between", "rho"}:
            faults.append(Fault("is no correlation", fix, (k,)))
        elif not _is_pair(entry["between"]):
            faults.append(Fault("does not name two keys", fix, (k, "between")))
        elif not is_number(entry["rho"]) or not -1.0 < entry["rho"] < 1.0:
            faults.append(Fault("must lie between -1 and 1, both left out", "Write 0.4", (k, "rho"), entry["rho"]))
        else:
            found.append(Correlated(between=tuple(entry["between"]), rho=float(entry["rho"])))
    raise_any(faults)
    return found


def _is_pair(value: Any) -> bool:
    pair = isinstance(value, list | tuple) and len(value) == 2
    return pair and all(isinstance(key, str) for key in value) and value[0] != value[1]


NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string"}]}


def _list_schema(size: int) -> dict[str, Any]:
    return {"type": "array", "items": NUMBER_SCHEMA, "minItems": size, "maxItems": size}


def _belief_schema() -> dict[str, Any]:
    kinds = [
        {
            "type": "object",
            "properties": {"distribution": {"const": kind}} | dict.fromkeys((*names, *ENDS), NUMBER_SCHEMA),
            "required": ["distribution", *names],
            "additionalProperties": False,
        }
        for kind, names in PARAMETERS.items()
    ]
    three = {"type": "object", "properties": {"triangular": _list_schema(3)}, "required": ["triangular"]}
    forms: list[dict[str, Any]] = [_list_schema(2), three | {"additionalProperties": False}, *kinds]
    times = {"type": "object", "properties": {"times": {"anyOf": forms}}, "required": ["times"]}
    return {"anyOf": [*forms, times | {"additionalProperties": False}, {"const": OFF}]}


BELIEFS_SCHEMA = {
    "type": "object",
    "properties": {
        OTHERS: {"enum": [PUBLISHED, OFF]},
        CORRELATION: {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "between": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
                    "rho": {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1},
                },
                "required": ["between", "rho"],
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": _belief_schema(),
}
