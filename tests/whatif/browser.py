"""A headless Chromium, driven over its debugging pipe: no driver to install."""

import base64
import json
import os
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")


def found() -> str | None:
    """The browser of this machine, if it has one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page of a browser."""

    def __init__(self, profile, width=1280, height=900) -> None:
        ours, theirs = os.pipe(), os.pipe()

        def to_three_and_four() -> None:
            read, write = os.dup(ours[0]), os.dup(theirs[1])  # whatever is in the way
            os.dup2(read, 3)
            os.dup2(write, 4)

        command = [found(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, close_fds=False, preexec_fn=to_three_and_four, **quiet)
        os.close(ours[0])
        os.close(theirs[1])
        self.questions, self.answers = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")
        self.number, self.rest, self.session, self.events = 0, b"", None, []
        pages = self.call("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in pages if each["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.size(width, height)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Ask the browser something."""
        self.number += 1
        question = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            question["sessionId"] = self.session
        self.questions.write(json.dumps(question).encode() + b"\0")
        self.questions.flush()
        while True:
            said = self._next()
            if said.get("id") == self.number:
                assert "error" not in said, said
                return said["result"]
            self.events.append(said)

    def _next(self):
        while b"\0" not in self.rest:
            piece = os.read(self.answers.fileno(), 65536)
            assert piece, "the browser has gone"
            self.rest += piece
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def size(self, width, height) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)

    def open(self, address) -> None:
        self.call("Page.navigate", url=address)

    def value(self, expression):
        """What an expression of the page comes to."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def wait_for(self, expression, seconds=90):
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not (value := self.value(expression)):
            assert time.monotonic() < end, expression
            time.sleep(0.1)
        return value

    def press(self, key) -> None:
        """Press a key and let go."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            said = text if kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key], **said)

    def screenshot(self, path) -> None:
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        self.session = None
        self.call("Browser.close")
        self.process.wait(30)
        self.questions.close()
        self.answers.close()


KEYS = {"ArrowRight": 39, "Tab": 9, "Enter": 13}
