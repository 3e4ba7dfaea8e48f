"""Finished parts of a long study, kept beside the folder to come, so that an interruption loses none of them.

A part is a file of its own, written under a temporary name and moved. The place's name carries a digest of everything
that decides the figures; a part is read again only when it was made for that very study and is undamaged.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from sim.errors import OutputError
from sim.jit import source_hash
from sim.report.render.folder import write_whole

LIBRARIES = ("numba", "numpy", "scipy")
ROOMS = ("schema", "scenario", "facts", "loading", "study")
"""The rooms, besides those that `sim.jit` looks at, that decide what is measured."""
NAME_DIGITS = 12


class KeptParts:
    """The finished parts of one study.

    Parameters
    ----------
    out : the folder to come.
    kind : ends the name of the place, such as "sweep".
    about : what decides the figures, beside the program itself.
    part : what a part is called within its file, such as "point".
    """

    def __init__(self, out: Path, kind: str, about: Mapping[str, Any], part: str) -> None:
        self.about = program() | dict(about)
        self.digest = hashlib.sha256(_text(self.about).encode()).hexdigest()
        self.part = part
        place = out.resolve()
        self.place = place.parent / f".{place.name}.{self.digest[:NAME_DIGITS]}.{kind}"

    def keep(self, number: int, content: Mapping[str, Any]) -> None:
        """Put a part there.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        body = {"plan": self.digest, self.part: number} | dict(content)
        try:
            if not (self.place / "plan.json").exists():
                self.place.mkdir(parents=True, exist_ok=True)
                write_whole(json.dumps(self.about, indent=1, ensure_ascii=False), self.place / "plan.json")
            write_whole(_text({"sha256": _hash(body), "body": body}), self._file(number))
        except OSError as error:
            raise OutputError(f"{self.place}: finished {self.part}s cannot be kept there: {error.strerror}") from None

    def read(self, number: int) -> dict[str, Any] | None:
        """A part; None where it is not there, damaged, or of another study."""
        try:
            kept: Any = json.loads(self._file(number).read_text(encoding="utf-8"))
            body: dict[str, Any] = kept["body"]
            whole = _hash(body) == kept["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return body if whole and (body["plan"], body[self.part]) == (self.digest, number) else None

    def remove(self) -> None:
        """Take the parts away: the folder stands."""
        shutil.rmtree(self.place, ignore_errors=True)

    def _file(self, number: int) -> Path:
        return self.place / f"{number:05d}.json"


def program() -> dict[str, Any]:
    """What decides figures beside what is asked: this program and what it stands on."""
    return {
        "ccsim": sim.__version__,
        "source": source_hash(*ROOMS),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _text(document: Any) -> str:
    """JSON whose numbers read back to the same bits."""
    return json.dumps(document, ensure_ascii=False)


def _hash(body: Any) -> str:
    return hashlib.sha256(_text(body).encode()).hexdigest()
