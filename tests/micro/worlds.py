"""Tiny worlds in which every time is known, and what happened in them as readable lists.

Times are seconds from the first opening (08:00 unless the calendar says otherwise); `at("09:30")` writes one.
A need has the label that the test gave it; its second attempt is "B2", its third "B3".
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sim.engine import simulate
from sim.loading.load import loads

MONDAY = date(2026, 11, 23)
OUTCOMES = {0: "none", 1: "answered", 2: "abandoned", 3: "balked", 4: "disconnected", 5: "blocked"}
STATES = {1: "available", 2: "handling", 3: "break"}
STATUS = {0: "pending", 1: "resolved", 2: "lost"}
GHOST_TIMES = ("joined_us", "assigned_us", "left_us")
HOUR, DAY = 3600, 86400
CLOSE = 12 * HOUR


def at(clock, day=0, opening="08:00"):
    """Seconds from the first opening to a time of day, `day` days later."""
    return _of_day(clock) - _of_day(opening) + day * DAY


def constant(seconds):
    return {"distribution": "constant", "value": f"{seconds}s"}


def intent(talk=60, wrap=0, **more):
    return {"talk_time": constant(talk), "wrap_up": constant(wrap), "resolution": 1.0, **more}


def chat(talk=100, wrap=0, lengths=(1, 1, 1), **more):
    """A chat: how long it takes alone, and how many times as long with 1, 2, 3 in hand."""
    times = [f"{round(60 * length, 6)}s" for length in lengths]
    return intent(talk, wrap, channel="chat", chat={"times": times}, **more)


def item(talk=100, wrap=0, **more):
    """Deferred work."""
    return intent(talk, wrap, channel="deferred", **more)


def staff(*counts, skills=("call",), intervals=24, **more):
    """A group by counts: one number, or one an interval, the last of which holds to the end of the day."""
    listed = [*counts, *[counts[-1]] * (intervals - len(counts))]
    return {"skills": _skills(skills), "staff": counts[0] if len(counts) == 1 else listed, **more}


def shift(start="08:00", length="12h", breaks=(), count=1, **more):
    rests = [{"after": after, "length": lasts} for after, lasts in breaks]
    return {"count": count, "start": start, "length": length, "breaks": rests, **more}


def shifts(*lines, skills=("call",), **more):
    return {"skills": _skills(skills), "shifts": list(lines), **more}


def equal(*skills):
    """Skills that a group likes equally well."""
    return {skill: {"preference": 1} for skill in skills}


def describe(folder, calls, intents=None, agents=None, calendar=None, **blocks):
    """Build the scenario of a world as the dictionary that a file would hold."""
    calendar = {"start": MONDAY.isoformat(), "days": 1, "hours": "08:00-20:00", "interval": "30m"} | (calendar or {})
    return {
        "schema_version": 1,
        "name": "micro",
        "calendar": calendar,
        "arrivals": {"process": "trace", "file": str(_trace(folder, calls, calendar))},
        "intents": intents or {"call": intent()},
        "customers": {"patience": "infinite"},
        "agents": agents or {"team": staff(1)},
        "run": {"seed": 1, "replications": 2, "warm_up": "0d", "follow_up": "0d"},
        **blocks,
    }


def tell(engine, folder, calls, **world):
    """Simulate a world and return its story."""
    return play(engine, describe(folder, calls, **world), calls)


def play(engine, document, calls=()):
    """Simulate any scenario and return its story."""
    scenario = loads(document)
    return Story(scenario, simulate(scenario, seed=1, replication=0, engine=engine), calls)


class Story:
    """What happened, in seconds from the first opening."""

    def __init__(self, scenario, records, calls=()):
        self.scenario, self.records = scenario, records
        self.zero = _first_opening(scenario)
        self.labels = self._named(calls)

    @property
    def contacts(self):
        """(label, how it left the human queue, when, agent or None): whoever joined it, by need and attempt."""
        return [
            (self._label(row), OUTCOMES[row["outcome"]], self.s(row["left_us"]), _agent(row))
            for row in rows(self.records.contacts)
            if row["outcome"]
        ]

    @property
    def waits(self):
        """Label -> (seconds waited, whether it had to wait)."""
        return {
            self._label(row): (seconds(row["left_us"] - row["joined_us"]), bool(row["delayed"]))
            for row in rows(self.records.contacts)
            if row["outcome"]
        }

    @property
    def arrivals(self):
        """(label, when), bot or not, by need and attempt."""
        return [(self._label(row), self.s(row["arrival_us"])) for row in rows(self.records.contacts)]

    @property
    def needs(self):
        """(label, status, attempts)."""
        return [
            (self.labels[number], STATUS[row["status"]], row["attempts"])
            for number, row in enumerate(rows(self.records.needs))
        ]

    def row(self, label):
        """Return the record of one attempt."""
        return next(row for row in rows(self.records.contacts) if self._label(row) == label)

    def channel(self, label):
        """Return what the channel adds to the record of one attempt."""
        contacts = rows(self.records.contacts)
        place = next(k for k, row in enumerate(contacts) if self._label(row) == label)
        return rows(self.records.channels[place : place + 1])[0]

    def closed(self, *labels):
        """Label -> when its agent was through with it."""
        return {label: self.s(self.channel(label)["closed_us"]) for label in labels}

    def levels(self, agent=0):
        """(places taken, chats that go on, from, to) of one agent while anything is in hand; equal ones joined."""
        found = []
        mine = zip(rows(self.records.segments), rows(self.records.levels), strict=True)
        for row, level in sorted((m for m in mine if m[0]["agent"] == agent), key=lambda m: m[0]["start_us"]):
            start, end = self.s(row["start_us"]), self.s(row["end_us"])
            if STATES[row["state"]] != "handling" or start == end:
                continue
            if found and found[-1][:2] == (level["held"], level["level"]) and found[-1][3] == start:
                start = found.pop()[2]
            found.append((level["held"], level["level"], start, end))
        return found

    @property
    def ghosts(self):
        """(label, joined, assigned or None, left or None) of places in a line that nobody fills any more."""
        return [
            (self.labels[row["need"]], *(self.s(row[k]) if row[k] >= 0 else None for k in GHOST_TIMES))
            for row in rows(self.records.ghosts)
        ]

    def order(self):
        """Labels of the answered, first answered first."""
        answered = [contact for contact in self.contacts if contact[1] == "answered"]
        return [label for label, *_ in sorted(answered, key=lambda contact: (contact[2], contact[3]))]

    def spells(self, agent=0):
        """(state, from, to) of one agent; spells of no length left out, a spell cut in two joined again."""
        told = []
        for row in self.segments(agent):
            state, start, end = STATES[row["state"]], self.s(row["start_us"]), self.s(row["end_us"])
            if told and state != "handling" and told[-1][0] == state and told[-1][2] == start:
                start = told.pop()[1]
            told.append((state, start, end))
        return told

    def segments(self, agent=0):
        mine = [row for row in rows(self.records.segments) if row["agent"] == agent and row["end_us"] > row["start_us"]]
        return sorted(mine, key=lambda row: row["start_us"])

    def duties(self, agent=0):
        """(on duty from, end of duty, gone) of one agent."""
        mine = [row for row in rows(self.records.duties) if row["agent"] == agent]
        mine.sort(key=lambda row: row["start_us"])
        return [tuple(self.s(row[key]) for key in ("start_us", "end_us", "left_us")) for row in mine]

    def s(self, microseconds):
        return seconds(microseconds - self.zero)

    def _label(self, row):
        return self.labels[row["need"]] + (str(row["attempt"]) if row["attempt"] > 1 else "")

    def _named(self, calls):
        names, order = defaultdict(list), list(self.scenario.intents)
        for label, (when, kind) in _calls(calls):
            names[round(when * 1e6), order.index(kind)].append(label)
        needs = rows(self.records.needs)
        left = [names.get((row["born_us"] - self.zero, row["intent"]), []) for row in needs]
        return [mine.pop(0) if mine else f"need {number} " for number, mine in enumerate(left)]


def rows(table):
    """Turn columns into a list of dictionaries of plain numbers."""
    names = table.dtype.names
    return [dict(zip(names, (value.item() for value in row), strict=True)) for row in table]


def seconds(microseconds):
    return microseconds // 1_000_000 if microseconds % 1_000_000 == 0 else microseconds / 1e6


def _agent(row):
    return row["agent"] if row["agent"] >= 0 else None


def _skills(skills):
    return dict(skills) if isinstance(skills, dict) else list(skills)


def _calls(calls):
    plain = [(label, call if isinstance(call, tuple) else (call, "call")) for label, call in dict(calls).items()]
    return sorted(plain, key=lambda named: named[1][0])


def _trace(folder, calls, calendar):
    hours = calendar["hours"]
    opening = (hours if isinstance(hours, str) else next(iter(hours.values())))[:5]
    zero = datetime.combine(date.fromisoformat(calendar["start"]), time.fromisoformat(opening))
    path = Path(folder) / "trace.csv"
    with path.open("w") as file:
        file.write("date,time,intent\n")
        for _, (when, kind) in _calls(calls):
            moment = zero + timedelta(microseconds=round(when * 1e6))
            file.write(f"{moment:%Y-%m-%d,%H:%M:%S.%f},{kind}\n")
    return path


def _first_opening(scenario):
    calendar = scenario.calendar
    return round((scenario.warm_up_days * DAY + calendar.open_hours(calendar.start)[0]) * 1e6)


def _of_day(clock):
    hours, minutes, *rest = clock.split(":")
    return int(hours) * HOUR + int(minutes) * 60 + (float(rest[0]) if rest else 0)
