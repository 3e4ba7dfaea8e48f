"""What became of each contact of a log: answered, abandoned, or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.values import Column, Floats, empty

Outcomes = npt.NDArray[np.int8]
ANSWERED, ABANDONED, DROPPED = "answered", "abandoned", "dropped"
CODE = {ANSWERED: 2, ABANDONED: 1, DROPPED: 0}
BEFORE_QUEUE = re.compile(r"(vru|ivr|menu|before.?queue|pre.?queue)", re.I)
ELSEWHERE = re.compile(
    r"(phantom|test|error|fail|transferred|outbound|voice.?mail|busy|congestion|call.?back|overflow|time.?out|redirect|reject|"
    r"out.of.(opening|business|office|service|hours)|after.hours|closed.hours|force|interflow|exit|blocked|spam|dequeue|cancel)",
    re.I,
)
GAVE_UP = re.compile(
    r"(abandon|aband\b|hang.?up|hung.?up|\blost\b|reneged|g(a|i)ve.?up|\bmissed\b|not.?answered|no.?answer|did.?not.?answer|"
    r"un.?answered|disconnected in queue|no.available.agent|exceeded.queue.wait)",
    re.I,
)
SERVED = re.compile(
    r"(^served|^answered|answered (by|in|within|call)|^handled|^completed?$|^complete(agent|caller)$|^agent$|"
    r"connected$|^accepted$|^talked|^success(ful)?$|^contact handled|^wrapping$|^inbound( call)?$|on hold$|"
    r"\b(answered|handled|completed)$)",
    re.I,
)
NO, YES = ("false", "0", "no", "n", "f", "0.0", "nein"), ("true", "1", "yes", "y", "t", "1.0", "ja")
LEAVING = frozenset(("abandon", "missed", "lost", "unanswered", "reneged"))
CODED = frozenset(("disposition", "disp"))


def outcomes_of(
    cells: Mapping[str, Column],
    codes: Mapping[str, str],
    known: Mapping[str, Floats],
    options: ReadOptions,
    import_log: ImportLog,
) -> Outcomes:
    """2 answered, 1 abandoned, 0 dropped, for every row.

    Parameters
    ----------
    cells : of the fields.
    codes : what the layout's codes mean.
    known : seconds of `service` and `answered_at` where the file has them, nan where not; for logs without an outcome.
    options : what the caller knows.
    import_log : is told how it was read.

    Raises
    ------
    ExportError
        With the words of an outcome that are not known.
    """
    if "outcome" not in cells:
        return _inferred(cells, known, import_log)
    read = _by_words(cells["outcome"], codes, options, import_log)
    return _beside(read, cells, import_log) if "gave_up" in cells else read


def _inferred(cells: Mapping[str, Column], known: Mapping[str, Floats], import_log: ImportLog) -> Outcomes:
    """Outcomes of a log that does not say them: by who answered, when, or how long they talked."""
    for name, words in (
        ("answered_at", "a moment of the answer is given"),
        ("agent", "an agent is named"),
        ("service", "there is talk"),
    ):
        if name == "agent" and name in cells:
            nobody = empty(cells[name].cells) | cells[name].cells.str.strip().isin(("0", "NONE", "NO_SERVER"))
            there = ~nobody.to_numpy()
        elif name in known:
            there = known[name] > 0
        else:
            continue
        import_log.facts["outcome"] = f"answered where {words}, else abandoned"
        return np.where(there, 2, 1).astype(np.int8)
    raise import_log.refused("does not say who was answered", "Say --map outcome=COLUMN, or --map agent=COLUMN")


def _by_words(column: Column, codes: Mapping[str, str], options: ReadOptions, import_log: ImportLog) -> Outcomes:
    places, unique = pd.factorize(column.cells.str.strip())
    texts = [str(text) for text in unique]
    meanings = _meanings(column.name, texts, codes, options)
    lines = import_log.lines_of(column.cells.index.to_numpy())
    unknown = [text for text, meaning in zip(texts, meanings, strict=True) if meaning is None]
    if unknown:
        line = int(lines[int(np.argmax(places == texts.index(unknown[0])))])
        others = f"; neither can {', '.join(unknown[1:6])}" if len(unknown) > 1 else ""
        fix = "Say --outcome WORD=answered, WORD=abandoned or WORD=dropped"
        words = f"{column.name}: what this outcome means cannot be known{others}"
        raise import_log.refused(words, fix, line, unknown[0])
    for place, meaning in enumerate(meanings):
        if meaning == DROPPED:
            why = "left before the queue" if BEFORE_QUEUE.search(texts[place]) else "neither answered nor abandoned"
            import_log.drop(places == place, lines, f"{why} ({column.name} {texts[place]!r})")
    values = np.array([CODE[str(meaning)] for meaning in meanings], np.int8)
    readings = [f"{text or '(empty)'} is {m}" for text, m in zip(texts, meanings, strict=True) if m != DROPPED]
    import_log.facts["outcome"] = "; ".join(readings[:8]) + f" ({column.name})"
    return np.asarray(values[places])


def _meanings(name: str, texts: list[str], codes: Mapping[str, str], options: ReadOptions) -> list[str | None]:
    """What each word means: as the caller says, by the layout's codes, by the column's name, or by itself."""
    name_words = understood(name).words
    leaving = bool(name_words & LEAVING)
    plain = [text.lower() for text in texts]
    is_flag = not name_words & CODED and all(text in (*NO, *YES, "") for text in plain)
    all_said = any(text in NO for text in plain) and any(text in YES for text in plain)
    meanings: list[str | None] = []
    for text, low in zip(texts, plain, strict=True):
        if text in options.outcomes:
            meanings.append(options.outcomes[text])
        elif is_flag and not text and all_said:
            meanings.append(DROPPED)
        elif text in codes:
            meanings.append(codes[text])
        elif is_flag or (low in (*NO, *YES) and not low.replace(".", "").isdigit()):
            yes = low in YES
            meanings.append((ABANDONED if yes else ANSWERED) if leaving else (ANSWERED if yes else ABANDONED))
        else:
            meanings.append(_meaning(text))
    return meanings


def _meaning(text: str) -> str | None:
    if BEFORE_QUEUE.search(text):
        return DROPPED
    words = text.replace("_", " ").strip()
    if "voicemail" in words.lower().replace(" ", ""):
        return DROPPED
    if GAVE_UP.search(words) and not words.lower().endswith("on hold"):
        return ABANDONED
    if SERVED.search(words):
        return ANSWERED
    return DROPPED if ELSEWHERE.search(words) else None


def _beside(read: Outcomes, cells: Mapping[str, Column], import_log: ImportLog) -> Outcomes:
    """Of those who were not answered, only the ones that gave up; the others left some other way."""
    gave_up = cells["gave_up"].cells.str.strip().str.lower()
    lines = import_log.lines_of(gave_up.index.to_numpy())
    neither = (read == 1) & gave_up.isin(NO).to_numpy()
    both = (read == 2) & gave_up.isin(YES).to_numpy()
    if both.any():
        name = f"{cells['outcome'].name} and {cells['gave_up'].name}"
        raise import_log.refused(
            f"{name}: answered and abandoned at once",
            "Say --map outcome=COLUMN for the one that is right",
            int(lines[int(np.argmax(both))]),
        )
    import_log.drop(neither, lines, "neither answered nor abandoned")
    return np.where(neither, 0, read).astype(np.int8)
