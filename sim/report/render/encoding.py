"""What a screen or pipe cannot print, said in characters that it can: never an error, whatever its encoding.

Files are always UTF-8 and need none of this.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import IO, Any

HANDLER = "ccsim"
UNKNOWN = "?"
SURROGATES = range(0xDC80, 0xDD00)
"""How Python keeps the bytes of a file name that it could not decode."""

PLAIN = {
    "±": "+/-",
    "−": "-",
    "–": "-",
    "—": "-",
    "‑": "-",
    "…": "...",
    "≈": "~",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "x",
    "÷": "/",
    "·": ".",
    "•": "*",
    "●": "*",
    "◆": "#",
    "→": "->",
    "←": "<-",
    "↑": "^",
    "↓": "v",
    "✓": "yes",
    "✗": "no",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "─": "-",
    "━": "-",
    "╸": "-",
    "╺": "-",
    "│": "|",
    "├": "+",
    "└": "+",
}
BARS = "▁▂▃▄▅▆▇█"
PLAIN |= {bar: str(height) for height, bar in enumerate(BARS, start=1)}
"""Characters whose decomposition says nothing; bars become their height, 1 to 8."""


def printable(text: str, encoding: str) -> str:
    """Return `text` with what `encoding` lacks replaced, so that a table can be laid out at the width it will have."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_printable(character, encoding) for character in text.translate(_heights(encoding)))
    except LookupError:
        return text
    return text


def _heights(encoding: str) -> dict[int, str]:
    """All bars as digits where an encoding has but some of them."""
    try:
        BARS.encode(encoding)
    except UnicodeEncodeError:
        return {ord(bar): PLAIN[bar] for bar in BARS}
    return {}


def _printable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return character if ord(character) in SURROGATES else plain(character)
    return character


def plain(character: str) -> str:
    """Return a character in ASCII: as a planner would type it, without its accent, or as a question mark."""
    if (known := PLAIN.get(character)) is not None:
        return known
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(PLAIN.get(part, part) for part in parts if not unicodedata.combining(part))
    if kept.isascii():
        return kept
    return "" if unicodedata.category(character) in ("Mn", "Cf") else UNKNOWN


def take_any_character(*streams: IO[str] | None) -> None:
    """Let streams print whatever they are given, each in its own encoding."""
    codecs.register_error(HANDLER, _replace)
    for stream in streams:
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors=HANDLER)


def _replace(error: UnicodeError) -> tuple[str | bytes, int]:
    """Stand in for what cannot be encoded; bytes of a file name stay as they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    if all(ord(character) in SURROGATES for character in lacking) and not _is_wide(error.encoding):
        return bytes(ord(character) - 0xDC00 for character in lacking), error.end
    return "".join(UNKNOWN if "\ud800" <= c <= "\udfff" else plain(c) for c in lacking), error.end


def _is_wide(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


def is_unicode(stream: Any) -> bool:
    """Tell whether a stream can print every character."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False
