"""Channels and directions: which rows are inbound contacts of one channel; the others are left out, and counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.channel_kinds import KINDS, OTHER_CHANNEL, VOICE, Kind, kind_of, split_wish
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.values import Column, empty

Bools = npt.NDArray[np.bool_]
CALL = frozenset(["call", "calls", "acd"])
CALLBACK = frozenset(["callback", "callbacks"])
INBOUND = frozenset(
    [
        "inbound",
        "in",
        "incoming",
        "ib",
        "received",
        "entry",
        "entering",
        "inward",
        "ingress",
        "queue",
        "queued",
        "acd",
        "webrtc",
    ]
)
OUTBOUND = frozenset(
    [
        "outbound",
        "out",
        "outgoing",
        "ob",
        "manual",
        "dialer",
        "dialler",
        "dialled",
        "dialed",
        "preview",
        "predictive",
        "progressive",
        "outward",
        "campaign",
        "autodial",
        "egress",
    ]
)
INTERNAL = frozenset(
    ["internal", "intern", "consult", "consultation", "consulting", "intercom", "extension", "conference", "test"]
)
TRANSFER = frozenset(["transfer", "transfers", "transferred", "xfer", "forward", "forwarded", "disconnect"])
OUTCOME = frozenset(
    ["missed", "abandoned", "short", "answered", "unanswered", "voicemail", "connected", "lost", "handled"]
)
TELLING = (INBOUND - {"in", "queue", "queued", "received"}) | (OUTBOUND - {"out", "manual"}) | INTERNAL
CODES = {"1": "inbound", "2": "outbound", "3": "internal", "4": "transfer", "5": "transfer", "6": "outbound"}
"""Types of a contact in the tables of Cisco UCCX."""


def words_of(text: str) -> frozenset[str]:
    """The words of a cell, in small letters: InboundCall, inbound-call and INBOUND_CALL are one."""
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text.strip())
    text = re.sub(
        r"\b(call|e|web|live|in)[\s-]+(back|backs|mail|mails|chat|bound)\b", r"\1\2", text.lower().replace("_", " ")
    )
    text = re.sub(r"\bout[\s-]+bound\b", "outbound", text)
    return frozenset(word for word in re.split(r"[^a-z0-9]+", text) if word)


def channel_of(text: str) -> str:
    """voice, callback, another channel (other), or empty where a word is not known."""
    words = words_of(text)
    for name, known in (
        ("callback", CALLBACK),
        ("other", frozenset(("voicemail",))),
        ("voice", VOICE),
        ("other", OTHER_CHANNEL),
    ):
        if words & known:
            return name
    return "voice" if words & (CALL | TELLING) else ""


def direction_of(text: str) -> str:
    """inbound, outbound, internal, callback or transfer; empty where a word is not known."""
    words = words_of(text)
    for name, known in (
        ("callback", CALLBACK),
        ("transfer", TRANSFER),
        ("outbound", OUTBOUND),
        ("internal", INTERNAL),
        ("inbound", INBOUND),
        ("inbound", OUTCOME),
    ):
        if words & known:
            return name
    return ""


def is_of_channels(cells: Sequence[str]) -> bool:
    """Whether most cells of a column are words for channels, and say no direction."""
    known = [bool(channel_of(cell)) and not words_of(cell) & TELLING for cell in cells]
    return bool(known) and sum(known) > 0.5 * len(known)


def is_of_directions(cells: Sequence[str]) -> bool:
    """Whether most cells of a column are words for directions, some of them for more than an outcome."""
    known = [bool(direction_of(cell)) for cell in cells]
    return any(words_of(cell) & TELLING for cell in cells) and sum(known) > 0.5 * len(known)


# Choosing rows --------------------------------------------------------------------------------------------------------


def own_rows(cells: dict[str, Column], options: ReadOptions, import_log: ImportLog) -> tuple[dict[str, Column], Kind]:
    """The rows of one channel, inbound, or of what is asked for, and what that channel is; empty where nothing says.

    Raises
    ------
    ExportError
        Where a word is not known, no row is left, or a flag speaks of a column that the file does not have.
    """
    kind: Kind = ""
    if "channel" in cells:
        rows, kind = channel_rows(cells["channel"], options.channels, import_log)
        cells = chosen(cells, rows)
    elif options.channels:
        kind = _kind_of_all(options.channels, import_log)
    if "direction" in cells:
        cells = chosen(cells, inbound_rows(cells["direction"], options.directions, import_log))
    elif options.directions:
        raise refused(
            "--direction", f"{import_log.path} has no column for it", "Say --map direction=COLUMN, or leave it out"
        )
    return cells, kind


def are_deferred(wanted: Sequence[str]) -> bool:
    """Whether the channels that are asked for are deferred work, so that a row is an item and no contact."""
    wishes = [split_wish(word) for word in wanted]
    kinds = {said or kind_of(words_of(word)) for word, said in wishes}
    return kinds == {"deferred"}


def chosen(cells: Mapping[str, Column], rows: Bools) -> dict[str, Column]:
    """Some of the rows."""
    return {ours: Column(column.path, column.name, column.cells[rows]) for ours, column in cells.items()}


def one_kind(kinds: Sequence[Kind], import_log: ImportLog) -> Kind:
    """The channel that the files of an export have in common.

    Raises
    ------
    ExportError
        Where they are of several.
    """
    found = sorted(set(kinds) - {""})
    if len(found) > 1:
        fix = "They are fitted one at a time: --channel " + " or --channel ".join(found)
        raise refused(import_log.path, f"and its other files are of several channels, {' and '.join(found)}", fix)
    return found[0] if found else ""


def _kind_of_all(wanted: Sequence[str], import_log: ImportLog) -> Kind:
    """What the caller says that all rows are, where no column has the channel."""
    word = wanted[0].strip().lower()
    kind = next((kind for kind in KINDS if word == kind), None)
    if kind is None or len(wanted) > 1:
        fix = "Say --map channel=COLUMN; or, if all rows are of one channel, --channel phone, chat or deferred"
        raise refused("--channel", f"{import_log.path} has no column for it", fix, None, " ".join(wanted))
    import_log.facts["channel"] = f"{kind}, as said; the file has no column for it"
    return kind


def channel_rows(column: Column, wanted: Sequence[str], import_log: ImportLog) -> tuple[Bools, Kind]:
    """Rows of voice, or of the channels that are asked for, and what these are.

    Several chats are in an agent's hands at a time, and deferred work has no queue to leave, so channels are fitted one
    at a time. Where the file has no voice and all its channels are of one kind, they are taken.

    Raises
    ------
    ExportError
        Where a word is not known, no row is left, or what is asked for is of several kinds.
    """
    wishes = dict(split_wish(word) for word in wanted)
    words = tuple(wishes) or _only_kind(column)
    none_left = "Say --channel WORD for those to use: --channel chat, --channel email; or WORD=chat, WORD=deferred"
    rows = _rows(column, words, import_log, ("channel", "voice", channel_of, none_left))
    said = {kind for kind in wishes.values() if kind}
    kinds = said or {kind_of(words_of(str(text))) for text in column.cells[rows].unique()} - {""}
    if len(kinds) > 1:
        fix = "They are fitted one at a time: --channel " + " or --channel ".join(sorted(kinds))
        words_said = f"asks for channels of several kinds, {' and '.join(sorted(kinds))}"
        raise refused("--channel", words_said, fix, None, " ".join(wanted))
    kind = kinds.pop() if kinds else ("" if words else "phone")
    if not words:
        _tell_others(column, import_log)
    return rows, kind


def _only_kind(column: Column) -> tuple[str, ...]:
    """The words of a column without voice, if all of them are of one kind; none otherwise."""
    texts = [str(text) for text in column.cells.str.strip().unique()]
    kinds = {kind_of(words_of(text)) for text in texts}
    return tuple(texts) if len(kinds) == 1 and kinds < {"chat", "deferred"} else ()


def _tell_others(column: Column, import_log: ImportLog) -> None:
    """Say how what is left out beside voice is fitted."""
    kinds = {kind_of(words_of(str(text))) for text in column.cells.unique()}
    ways = " and ".join(f"--channel {kind}" for kind in ("chat", "deferred") if kind in kinds)
    if ways:
        import_log.note(f"{column.name}: only calls are fitted; {ways} fits the others, each to a scenario of its own")


def inbound_rows(column: Column, wanted: Sequence[str], import_log: ImportLog) -> Bools:
    """Inbound rows, or those of the directions that are asked for.

    Outbound and internal contacts are not in the queue. A callback keeps nobody waiting on the line, and a transfer is
    a further part of a contact that was counted when it came.

    Raises
    ------
    ExportError
        Where a word is not known, or no row is left.
    """
    return _rows(
        column, wanted, import_log, ("direction", "inbound", direction_of, "Say --direction WORD for those to use")
    )


def _rows(
    column: Column, wanted: Sequence[str], import_log: ImportLog, about: tuple[str, str, Callable[[str], str], str]
) -> Bools:
    what, usual, meaning, none_left = about
    codes, unique = pd.factorize(column.cells.str.strip())
    texts = [str(text) for text in unique]
    blank = empty(pd.Series(texts, dtype=str)).to_numpy() if texts else np.zeros(0, bool)
    numbers = np.bincount(codes, minlength=len(texts))
    meanings = [meaning(text) or ((CODES.get(text, "")) if what == "direction" else "") for text in texts]
    shown = ", ".join(
        f"{text or '(empty)'!s} {count:,}"
        for text, count in sorted(zip(texts, numbers, strict=True), key=lambda pair: -pair[1])
    )
    if wanted:
        keep = _asked(column, wanted, texts, meanings, (what, shown))
    else:
        unknown = [place for place, text in enumerate(texts) if not meanings[place] and not blank[place]]
        if unknown:
            line = int(column.cells.index[int(np.argmax(codes == unknown[0]))])
            words = f"{column.name}: which {what} this is cannot be known; the file has {shown}"
            fix = f"Say --{what} WORD for each that is to be used; the others are left out"
            fix += ". WORD=phone, WORD=chat or WORD=deferred says what it is" if what == "channel" else ""
            raise import_log.refused(words, fix, int(import_log.lines_of(np.array([line]))[0]), texts[unknown[0]])
        keep = np.array([said == usual for said in meanings], bool) | blank
    lines = import_log.lines_of(column.cells.index.to_numpy())
    for place in np.flatnonzero(~keep):
        import_log.drop(codes == place, lines, _why(what, usual, texts[place], meanings[place], bool(wanted)))
    rows = keep[codes]
    if not rows.any():
        raise import_log.refused(f"has no row of the {what} {', '.join(wanted) or usual}; it has {shown}", none_left)
    kept = [text for text, kept_one, none in zip(texts, keep, blank, strict=True) if kept_one and not none]
    empties = int(numbers[blank & keep].sum())
    said = ", ".join(kept) + (f"; {empties:,} rows without one are taken as {usual}" if empties and kept else "")
    if said and import_log.file == 0:
        import_log.facts[what] = f"{said} ({column.name})"
    return np.asarray(rows)


def _why(what: str, usual: str, text: str, meaning: str, asked: bool) -> str:
    """Why the rows of a word are left out."""
    if asked:
        return f"{what} {text!r}, not asked for"
    if what == "channel":
        return f"another channel than voice ({text})"
    reasons = {"transfer": "a further part of a contact", "callback": "nobody waits for it in the queue"}
    return f"no {usual} contact ({text}{': ' + reasons[meaning] if meaning in reasons else ''})"


def _asked(
    column: Column, wanted: Sequence[str], texts: list[str], meanings: list[str], about: tuple[str, str]
) -> Bools:
    """The words that are asked for, as the file writes them or by what they mean."""
    what, shown = about
    keep = np.zeros(len(texts), bool)
    for word in wanted:
        asked = word.strip().lower()
        mine = np.array([text.lower() == asked for text in texts], bool)
        if not mine.any():
            meant = {"in": "inbound", "out": "outbound"}.get(asked, asked)
            mine = np.array([said == meant and bool(said) for said in meanings], bool)
        if not mine.any() and what == "channel":
            mine = np.array([bool(asked) and kind_of(words_of(text)) == asked for text in texts], bool)
        if not mine.any():
            raise refused(f"--{what}", f"{column.path} has no such {what}", f"It has {shown}", None, word)
        keep |= mine
    return keep
