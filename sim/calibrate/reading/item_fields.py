"""The fields of a log of deferred work, and what their columns are usually called."""

from __future__ import annotations

from collections.abc import Mapping

from sim.calibrate.reading.names import Field

ITEMS: Mapping[str, Field] = {
    "opened": Field(
        "when the item came",
        "stamp",
        "opened, opened at, date opened, opened date, open date, open time, created, created at, date created, created "
        "date, created on, created time, creation date, creation time, submitted, submitted at, date submitted, "
        "received, received at, date received, received time, requested at, reported at, logged at, arrival, "
        "arrival time, start time",
    ),
    "closed": Field(
        "when the work on it was done; empty for what is open",
        "moment",
        "closed, closed at, date closed, closed date, closed on, close date, close time, closed time, resolved, "
        "resolved at, date resolved, resolved date, resolved on, resolution date, solved, solved at, date solved, "
        "solved date, completed, completed at, date completed, completion date, done, done at, finished at, "
        "ended at, end time",
    ),
    "work": Field(
        "time that an agent worked on it, not the time that it was open",
        "time",
        "work, work time, working time, time worked, worked, time spent, effort, touch time, handle time, "
        "handling time, agent work time, agent handle time, active time, logged time, aht",
    ),
    "due": Field(
        "when it is due",
        "moment",
        "due, due at, due date, date due, due on, due time, deadline, target date, resolve by, promised at",
    ),
    "type": Field(
        "what the item is about, or its queue",
        "word",
        "type, queue, queue name, category, topic, subject, reason, intent, ticket type, case type, issue type, "
        "request type, skill, group, group name, department, team queue",
    ),
    "channel": Field(
        "how it came; all rows are used unless --channel says otherwise",
        "word",
        "channel, via, source, origin, case origin, media type, channel type",
    ),
}
