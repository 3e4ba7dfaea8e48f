"""Lines of text on stdout and stderr, in whatever encoding these have, folded where they are a terminal."""

from __future__ import annotations

import sys

from sim.report.render.wrap import screen_width, wrapped_lines


def echo(text: str, err: bool = False, nl: bool = True, wrap: bool = True) -> None:
    """Print a text on stdout, or with `err` on stderr, at once; nothing where there is no such stream.

    Parameters
    ----------
    wrap : whether a terminal folds it between words; false for what a machine reads.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    width = screen_width(stream) if wrap else None
    stream.write((wrapped_lines(text, width) if width else text) + ("\n" if nl else ""))
    stream.flush()
