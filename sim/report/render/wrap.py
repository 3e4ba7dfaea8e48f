"""Lines folded to the width of a screen: between words, and never between a number and its unit or its half-width."""

from __future__ import annotations

import os
import re
import textwrap
from typing import IO

GLUE = "\N{NO-BREAK SPACE}"
LEAST_WIDTH = 20
GLUED = re.compile(r"(?<=\d) (?=(?:%|s|min|h|pt|points?)(?!\w))|(?<=[\d%]) (?=±|\+/-)|(?<=±) (?=\d)|(?<=\+/-) (?=\d)")
INSIDE = re.compile(r"(?<=[^\W\d][./_-])(?=[^\W\d])")
"""Where a key may be broken."""
HANGING = re.compile(r"\s*\S+(?: \S+)*\s{2,}(?=\S)|\s*")


def glued(text: str) -> str:
    """Return a text whose numbers hold on to their units and half-widths."""
    return GLUED.sub(GLUE, text)


def packed(text: str, width: int) -> str:
    """Return a text as lines of at most `width`: broken at spaces, a longer word after a dot or dash, else anywhere."""
    lines = [""]
    for word in re.findall(r"[^ ]+", text):
        pieces = [word] if len(word) <= width else _pieces(word, width)
        if lines[-1] and len(lines[-1]) + 1 + len(pieces[0]) <= width:
            pieces[0] = f"{lines.pop()} {pieces[0]}"
        lines = [line for line in lines if line] + pieces
    return "\n".join(lines)


def _pieces(word: str, width: int) -> list[str]:
    """A word that is too long, in as few pieces as its dots and dashes allow."""
    pieces = [""]
    for part in re.split(INSIDE, word):
        if pieces[-1] and len(pieces[-1] + part) > width:
            pieces.append("")
        pieces[-1] += part
        while len(pieces[-1]) > width:
            pieces[-1:] = [pieces[-1][:width], pieces[-1][width:]]
    return pieces


def wrapped(text: str, width: int, hang: str = "") -> str:
    """Return text of one paragraph as lines of at most `width` characters; all but the first begin with `hang`."""
    lines = textwrap.wrap(glued(text), max(width, LEAST_WIDTH), subsequent_indent=hang, break_on_hyphens=False)
    return "\n".join(lines).replace(GLUE, " ")


def wrapped_lines(text: str, width: int) -> str:
    """Return every line of a text folded where it is too long; what goes on stands below its own column."""
    return "\n".join(line if len(line) <= width else _folded(line, width) for line in text.split("\n"))


def _folded(line: str, width: int) -> str:
    begins = HANGING.match(line)
    column = begins.end() if begins is not None and begins.end() <= width // 2 else 2
    return wrapped(line, width, " " * column)


def screen_width(stream: IO[str] | None) -> int | None:
    """Return the columns of a terminal; None where a stream is none, or does not know."""
    try:
        if stream is None or not stream.isatty():
            return None
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError, AttributeError):
        return None
