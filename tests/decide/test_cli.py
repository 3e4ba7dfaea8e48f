"""``ccsim decide``: what it prints and writes, and how it leaves."""

import json

import pytest
from ruamel.yaml import YAML

from tests.cli.conftest import ccsim
from tests.decide import desk

__all__ = ["ccsim"]
QUICK = ("--replications", "4", "--luck-only")


@pytest.fixture
def files(tmp_path):
    """The desk before and after its honest bot, and after the other one."""
    made = {
        "before": desk.DESK,
        "after": desk.after(desk.HONEST).resolved(),
        "misled": desk.after(desk.DISHONEST).resolved(),
    }
    for name, data in made.items():
        YAML().dump(data, tmp_path / f"{name}.yaml")
    return {name: str(tmp_path / f"{name}.yaml") for name in made}


@pytest.mark.long
def test_it_writes_the_pages_behind_it(ccsim, files, tmp_path):
    code, _, err = ccsim("decide", files["before"], files["after"], *QUICK, "--out", tmp_path / "out")
    assert code == 0, err
    for name in ("bridge", "release"):
        assert (tmp_path / "out" / name / "report.html").exists()


@pytest.mark.long
def test_it_answers_and_leaves_with_0(ccsim, files):
    code, out, err = ccsim("decide", files["before"], files["after"], *QUICK, "--json")
    assert code == 0, err
    said = json.loads(out)
    assert said["feasible"]
    assert said["people"] > 0
    assert "how many can go at equal service ..." in err
    assert "What is assumed was not looked at." in said["sections"]["measure_first"]["sentences"]


def test_where_more_are_needed_it_leaves_with_1(ccsim, files):
    code, out, _ = ccsim("decide", files["before"], files["misled"], *QUICK)
    assert code == 1
    assert "more are needed" in " ".join(out.split())


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--root-causes", "5"), "--root-causes: 5: is not a share"),
        (("--coaching", "200%"), "--coaching: 200%: is not a share"),
        (("--coaching", "150%"), "--coaching: 150%: is not a share from 0 to below 100%"),
        (("--set", "agents.desk.stafff=3"), "stafff"),
    ],
)
def test_bad_input_is_told_in_a_line_and_leaves_with_2(ccsim, files, flags, said):
    code, _, err = ccsim("decide", files["before"], files["after"], *flags)
    assert code == 2
    assert said in err
