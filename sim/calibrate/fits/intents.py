"""The intents of a log: its types, the rare ones together, those with a head start apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.centre import keys_of
from sim.calibrate.fits.estimate import Floats, Ints
from sim.calibrate.reading.calls import ReadContacts

RARE = 0.02
OTHER, RARE_TYPES = "other", "rare types together"


@dataclass(frozen=True)
class Intents:
    """The intents of a log.

    Attributes
    ----------
    names : of the intents.
    about : what the log calls each.
    head_start_s : of each.
    codes : (contacts,) the intent of each contact.
    """

    names: tuple[str, ...]
    about: tuple[str, ...]
    head_start_s: tuple[float, ...]
    codes: Ints


def intents_of(calls: ReadContacts) -> Intents:
    """Give every contact an intent: its type, and apart those that are served with a head start.

    A type with less than 2 % of the contacts becomes part of ``other``.
    """
    table = calls.table
    kinds, ahead = table["type"].cat.codes.to_numpy(np.int64), _head_starts(calls)
    steps = sorted(set(ahead.tolist()))
    classes = kinds * len(steps) + np.searchsorted(steps, ahead)
    size = np.bincount(classes, minlength=len(table["type"].cat.categories) * len(steps))
    own, place = own_classes(size)
    codes = place[classes]
    usual = "chats" if calls.channel == "chat" else "calls"
    labels = [(str(table["type"].cat.categories[code // len(steps)]), float(steps[code % len(steps)])) for code in own]
    names = list(keys_of([f"{kind or usual}{' ahead' if seconds else ''}" for kind, seconds in labels], (OTHER,)))
    if (codes == len(own)).any():
        labels.append((RARE_TYPES, 0.0))
        names.append(OTHER)
    about = [f"{kind or 'all contacts'}{f', head start {seconds:g} s' if seconds else ''}" for kind, seconds in labels]
    return Intents(tuple(names), tuple(about), tuple(seconds for _, seconds in labels), codes)


def own_classes(size: Ints) -> tuple[list[int], Ints]:
    """Classes with at least 2 % of all, the largest first, and the place of each class among them.

    The rare ones are last, in one place; one that is rare alone stays itself.

    Parameters
    ----------
    size : (classes,) how many there are of each.
    """
    order = [int(code) for code in np.argsort(-size, kind="stable") if size[code]]
    own = [code for code in order if size[code] >= RARE * size.sum()]
    own = order if len(own) == len(order) - 1 else own
    place = np.full(len(size), len(own), np.int64)
    place[own] = np.arange(len(own))
    return own, place


def _head_starts(calls: ReadContacts) -> Floats:
    """The head start of each contact (s).

    Where it is recorded of those who had to wait only, the others get it in turn, in the proportion of their type:
    whether a contact finds an agent free has nothing to do with who it is.
    """
    table = calls.table
    seconds = np.array(table["priority"].astype(str).map(calls.head_starts).astype(float).fillna(0.0), np.float64)
    if not calls.priority_unseen:
        return seconds
    delayed, kinds = table["delayed"].to_numpy(), table["type"].cat.codes.to_numpy()
    for kind in np.unique(kinds):
        known, unknown = (kinds == kind) & delayed, (kinds == kind) & ~delayed
        seconds[unknown] = _in_turn(seconds[known], int(unknown.sum()))
    return seconds


def _in_turn(known: Floats, count: int) -> Floats:
    """So many values in the proportions of the known ones, evenly mixed."""
    values = np.zeros(count)
    for value in sorted(set(known[known > 0].tolist())):
        steps = np.floor(np.arange(count + 1) * float((known == value).mean()) + 0.5)
        values[np.diff(steps) > 0] = value
    return values
