"""The page's server: who is let in, what is answered, what ends it."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from ruamel.yaml import YAML

import sim
import sim.whatif.session as session_module
from sim.whatif.page import MISSING, LivePage, page_server
from sim.whatif.session import Session
from tests.report.tiny import AFTER, BEFORE

ROOT = Path(__file__).parents[2]
CELL = "import sim\nsim.live(sim.load('after.yaml'), jobs=1)"
QUESTION = json.dumps({"settings": {"staff.desk": 0.5}, "kept": [{"bot.selectivity": 0.5}], "page": "p"})


@pytest.fixture(scope="module")
def server():
    made = page_server(Session(sim.loads(AFTER), sim.loads(BEFORE), jobs=1), "/there/after.yaml")
    made.start()
    yield made
    made.stop()


def asked(server, path, method="GET", body=None, **headers):
    """The status, the headers and the text of what is answered; a leading / stands for itself."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    whole = path if path.startswith("/") else f"/{server.token}/{path}"
    connection.request(method, whole, body, {name.title(): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def test_the_page_and_its_parts_are_there_and_load_nothing_from_elsewhere(server):
    for name in ("", "page.js", "charts.js", "page.css", "setup"):
        status, headers, text = asked(server, name)
        assert status == 200, name
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert not [word for word in ("//cdn", "https://", "@import", "eval(") if word in text], name
    assert asked(server, "nothing")[0] == 404


@pytest.mark.parametrize("name", ["", "page.js", "setup", "answer"])
def test_without_the_token_nothing_is_answered(server, name):
    for token in ("", "x" * len(server.token), server.token[:-1], server.token + "x"):
        status, _, text = asked(server, f"/{token}/{name}")
        assert status == 403
        assert server.token not in text


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "localhost:1", "127.0.0.1.example.com:{port}", ""])
def test_a_foreign_host_is_refused(server, host):
    assert asked(server, "setup", host=host.format(port=server.port))[0] == 403
    assert asked(server, "setup", host=f"localhost:{server.port}")[0] == 200


def test_another_page_of_the_browser_is_refused(server):
    own = f"http://127.0.0.1:{server.port}"
    assert asked(server, "answer", "POST", QUESTION, origin="http://example.com")[0] == 403
    assert asked(server, "answer", "POST", QUESTION, origin="null")[0] == 403
    assert asked(server, "answer", "POST", QUESTION, origin=own)[0] == 200


def test_answers_come_a_line_at_a_time_and_say_what_a_run_says(server):
    lines = [json.loads(line) for line in asked(server, "answer", "POST", QUESTION)[2].splitlines()]
    assert [line["replications"] for line in lines] == [2, 10, 30]
    scenario = server.session.changed({"staff.desk": 0.5})
    known = sim.run(scenario, replications=30, jobs=1).measures["mean"]
    row = next(row for row in lines[-1]["rows"] if row["measure"] == "abandonment_rate")
    now = [column["role"] for column in lines[-1]["columns"]].index("now")
    assert row["cells"][now]["mean"] == known["abandonment_rate"]
    assert "extends: /there/after.yaml" in lines[-1]["yaml"]
    assert [len(line["times"]) for line in lines[-1]["charts"][0]["lines"]] == [4] * 4


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no JSON object"),
        ("[1]", "no JSON object"),
        ('{"settings": [1]}', "no settings"),
        ('{"kept": {"staff.desk": 1}}', "no settings"),
        ('{"settings": {"staff.desk": 7}}', "not between 0.5 and 1.5"),
        ('{"settings": {"staff.desk": 1e999}}', "is not set to a number"),
        ('{"settings": {"agents.desk.staff": 2}}', "is no slider"),
        ('{"settings": {"staff.desk": {"file": "/etc/passwd"}}}', "is not set to a number"),
        ('{"page": "%s"}' % ("x" * 30_000), "too long"),
        ("[" * 19_000, "no JSON object"),
    ],
)
def test_what_is_no_question_is_refused_in_words(server, body, words):
    status, _, text = asked(server, "answer", "POST", body)
    assert status == 400
    assert words in json.loads(text)["problem"]


def test_only_this_machine_is_listened_to(server):
    assert server._socket.getsockname()[0] == "127.0.0.1"


def test_whoever_goes_away_stops_what_was_asked_for_and_another_tab_has_its_turn(server, monkeypatch):
    monkeypatch.setattr(session_module, "STAGES", (2, 100_000))
    for page in ("gone", "next"):
        tab = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        tab.request("POST", f"/{server.token}/answer", json.dumps({"settings": {"staff.desk": 0.7}, "page": page}))
        answer = tab.getresponse()
        assert json.loads(answer.readline())["replications"] == 2
        stopped = server.session._pages[page]._stopped
        assert not stopped.is_set()
        answer.close()
        tab.close()
        assert stopped.wait(20), "a closed tab is simulated for no more"


# From Python and from the command line ------------------------------------------


def test_a_notebook_shows_it_in_its_cell():
    page = sim.live(sim.loads(AFTER), before=sim.loads(BEFORE), sliders=["bot.opt_out=0%:40%"], jobs=1)
    try:
        assert isinstance(page, LivePage)
        assert f'<iframe src="{page.address}"' in page._repr_html_()
        status, headers, text = asked(page._server, "setup")
        assert status == 200
        assert json.loads(text)["sliders"][-1]["name"] == "bot.opt_out"
        assert "frame-ancestors http://localhost:*" in headers["content-security-policy"]
    finally:
        page.stop()
    with pytest.raises(OSError, match="refused"):
        asked(page._server, "setup")


@pytest.mark.long
def test_it_ends_with_the_kernel_of_its_notebook(tmp_path):
    (tmp_path / "after.yaml").write_text(json.dumps(AFTER))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel(env=os.environ | {"PYTHONPATH": str(ROOT)}):
        client.execute_cell(notebook.cells[0], 0)
        (shown,) = notebook.cells[0].outputs
        address = re.search(r'<iframe src="(http://127\.0\.0\.1:\d+/[^"]+/)"', shown["data"]["text/html"])[1]
        with urllib.request.urlopen(address) as page:
            assert b"What if?" in page.read()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address)


def test_what_is_not_installed_is_said_in_a_line(tmp_path, monkeypatch, capsys):
    from sim.cli.main import main

    file = tmp_path / "after.yaml"
    YAML().dump(AFTER, file)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(SystemExit) as left:
        main(["live", str(file)])
    assert (left.value.code, capsys.readouterr().err) == (2, f"{MISSING}\n")
    with pytest.raises(sim.CcsimError, match="pip install"):
        sim.live(sim.loads(AFTER))


def test_a_port_that_is_taken_is_said(server, tmp_path, capsys):
    from sim.cli.main import main

    file = tmp_path / "after.yaml"
    YAML().dump(AFTER, file)
    for arguments, words in (
        (["--port", str(server.port)], f"--port {server.port}: "),
        (["--slider", "bot.opt_out=1"], "--slider bot.opt_out=1: is no range"),
        (["--before", str(tmp_path / "none.yaml")], "none.yaml"),
    ):
        with pytest.raises(SystemExit) as left:
            main(["live", str(file), *arguments])
        told = capsys.readouterr()
        assert left.value.code == 2
        assert words in told.err
        assert told.out == ""


def test_ctrl_c_ends_it_cleanly(tmp_path):
    file = tmp_path / "after.yaml"
    YAML().dump(AFTER, file)
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", "live", str(file)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        address = process.stdout.readline().strip()
        port, token = address.removeprefix("http://127.0.0.1:").rstrip("/").split("/")
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        connection.request("POST", f"/{token}/answer", QUESTION)
        assert connection.getresponse().readline()
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.monotonic() - began < 30
    assert err.splitlines()[-1] == "stopped"
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == [file]
