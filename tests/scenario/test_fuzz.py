"""Whatever a file holds, reading it gives a scenario or a ScenarioError, never anything else."""

import random
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.errors import ScenarioError
from sim.loading.load import loads

from .texts import GOOD, OBSERVED

PLAIN = YAML(typ="safe", pure=True)
TREE = loads(GOOD + OBSERVED).resolved()
SCRAPS = [
    "",
    "off",
    "{}",
    "[]",
    "~",
    "&a ",
    "*a",
    "- ",
    ": ",
    "\t",
    "\n",
    "  ",
    "'",
    '"',
    "#",
    "!!int ",
    "1e999",
    "-1",
    ".nan",
    "é",
    "\x00",
    "%",
    "|",
    ">",
]


def examples(count):
    """Return the settings of a test with so many examples, the same ones every time."""
    quiet = list(HealthCheck)
    return settings(max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=quiet)


def read(data, changes=()):
    """Load; a problem must be printable and must name a file."""
    problems = ()
    try:
        scenario = loads(data, changes)
    except ScenarioError as error:
        problems = error.problems
    else:
        assert loads(scenario.resolved()) == scenario
        return
    assert problems
    assert all(str(problem) and problem.file for problem in problems)


def leaves(tree, path=()):
    if isinstance(tree, dict):
        return [path, *(leaf for key, item in tree.items() for leaf in leaves(item, (*path, key)))]
    if isinstance(tree, list):
        return [path, *(leaf for k, item in enumerate(tree) for leaf in leaves(item, (*path, k)))]
    return [path]


def replaced(tree, path, value):
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = replaced(tree[path[0]], path[1:], value)
    return copy


PATHS = [path for path in leaves(TREE) if path]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(string.printable, max_size=12),
    st.sampled_from(
        [
            "off",
            "infinite",
            "auto",
            "unlimited",
            "closed",
            "35%",
            "4m",
            "0s",
            "1e400s",
            "mon-fri",
            "2026-11-23",
            "80/20",
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["distribution", "mean", "cv", "file", "mon", "fri-mon", "points", "off", "counts", "x.y", ""]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=6,
)


@examples(300)
@given(path=st.sampled_from(PATHS), value=values)
def test_any_value_anywhere(path, value):
    read(replaced(TREE, path, value))


@examples(60)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 6), st.sampled_from(SCRAPS)), min_size=1, max_size=3)
)
def test_any_cut_and_paste_of_the_text(cuts):
    text = GOOD
    for start, length, scrap in cuts:
        text = text[:start] + scrap + text[start + length :]
    read(text)


@examples(40)
@given(st.integers(0, 10**9))
def test_any_order_of_lines(seed):
    lines = GOOD.splitlines(keepends=True)
    rng = random.Random(seed)
    for _ in range(3):
        lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
    read("".join(lines))


@examples(150)
@given(st.text(max_size=60))
def test_any_text(text):
    read(text)


@examples(150)
@given(
    key=st.text("abcdefghijklmnopqrstuvwxyz_.0123456789=", max_size=30), value=st.text(string.printable, max_size=12)
)
def test_any_setting(key, value):
    read(TREE, [f"{key}={value}"])
