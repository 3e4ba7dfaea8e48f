"""The command line, called in this process, and two small files for it."""

import pytest
from ruamel.yaml import YAML

from sim.cli.main import main
from tests.report.tiny import AFTER, BEFORE


@pytest.fixture
def files(tmp_path):
    """Scenario files of the tiny centre, before and after its bot."""
    paths = []
    for name, data in (("before", BEFORE), ("after", AFTER)):
        path = tmp_path / f"{name}.yaml"
        YAML().dump(data, path)
        paths.append(str(path))
    return paths


@pytest.fixture
def ccsim(capsys):
    """Call a verb: its exit code, what it printed, what it told on stderr, where no traceback ever stands."""

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return left.value.code or 0, told.out, told.err

    return call
