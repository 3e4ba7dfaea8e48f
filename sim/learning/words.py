"""What words of a log mean: how a contact came to an agent, how a session ended, which arm, yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog
from sim.calibrate.reading.values import Column, empty
from sim.learning.contacts import Arm, Floats, Ints, Route, SessionEnd

YES = re.compile(r"^(y|yes|true|t|1|1\.0|ja|resolved|solved|kept|lost)$", re.I)
NO = re.compile(r"^(n|no|false|f|0|0\.0|nein|unresolved|unsolved|not.?(resolved|solved|kept|lost))$", re.I)
ARMS = {
    Arm.CONTROL: re.compile(r"control|^(no|n|0|false|off|a|without.*|not.?exposed|holdout|baseline|no.?bot)$", re.I),
    Arm.PILOT: re.compile(r"pilot|treat|variant|expos|^(yes|y|1|true|on|b|with.*|test|bot)$", re.I),
}
OPTED_OUT = re.compile(r"opt|asked|human.?request|request.*(human|agent)|refus|declin|bypass|skip", re.I)
HANDED_OVER = re.compile(
    r"hand|escal|transfer|fail|to.?(agent|human|person)|forward|^agent$|^human$|not.?contained", re.I
)
CONTAINED = re.compile(r"contain|deflect|self.?serv|complete|closed|automat|resolved|done|finished|success", re.I)
LEFT = re.compile(r"left|leave|aband|hang|hung|drop|time.?out|gave.?up|quit|disconnect", re.I)
STRAIGHT = re.compile(r"^(none|no|straight|direct|never|without.*|no.?bot|0|false|-)?$", re.I)
ROUTES = {
    Route.OPTED_OUT: OPTED_OUT,
    Route.HANDED_OVER: HANDED_OVER,
    Route.STRAIGHT: STRAIGHT,
}
ENDS = {
    SessionEnd.OPTED_OUT: OPTED_OUT,
    SessionEnd.HANDED_OVER: HANDED_OVER,
    SessionEnd.LEFT: LEFT,
    SessionEnd.CONTAINED: CONTAINED,
}
END_WORDS = {
    "contained": SessionEnd.CONTAINED,
    "handed_over": SessionEnd.HANDED_OVER,
    "opted_out": SessionEnd.OPTED_OUT,
    "left": SessionEnd.LEFT,
}
"""What `--bot-outcome WORD=...` may say."""


def coded(
    column: Column,
    meanings: Mapping[int, re.Pattern[str]],
    said: Mapping[str, int],
    fix: str,
    import_log: ImportLog,
) -> Ints:
    """The code of each cell; -1 where it says nothing.

    Parameters
    ----------
    meanings : a pattern a code, tried in their order.
    said : what the caller says of single words.
    fix : what to say about a word that is not known.

    Raises
    ------
    ExportError
        With the line of the first word that means nothing.
    """
    cells = column.cells.str.strip()
    places, unique = pd.factorize(cells)
    nothing = empty(pd.Series(unique, dtype=object).astype(str)).to_numpy()
    found = np.array([_code(str(text), meanings, said) for text in unique], np.int64)
    found[nothing & (found == UNKNOWN)] = -1
    if (found == UNKNOWN).any():
        worst = int(np.argmax(found == UNKNOWN))
        line = int(import_log.lines_of(column.cells.index.to_numpy())[int(np.argmax(places == worst))])
        words = f"{column.name}: what this word means cannot be known"
        raise import_log.refused(words, fix, line, str(unique[worst]))
    return np.asarray(found[places])


UNKNOWN = -99


def _code(text: str, meanings: Mapping[int, re.Pattern[str]], said: Mapping[str, int]) -> int:
    if text in said:
        return int(said[text])
    return next((int(code) for code, pattern in meanings.items() if pattern.search(text)), UNKNOWN)


def flags(column: Column, import_log: ImportLog) -> Floats:
    """1 for yes, 0 for no, nan where a cell says nothing."""
    codes = coded(column, {0: NO, 1: YES}, {}, "Write yes or no", import_log)
    return np.where(codes < 0, np.nan, codes.astype(np.float64))
