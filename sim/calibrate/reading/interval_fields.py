"""The fields of an export of intervals, and what their columns are usually called."""

from __future__ import annotations

from collections.abc import Mapping

from sim.calibrate.reading.names import Field

INTERVALS: Mapping[str, Field] = {
    "start": Field(
        "date and time at which the interval begins",
        "stamp",
        "start, interval start, interval start time, interval start timestamp, start interval, start time, start "
        "timestamp, timestamp, interval, time interval, interval time, d interval start, interval begin, period "
        "start, period, half hour, hour, date, time, from, bucket, slot, day, start date, start date time, interval "
        "date, date interval, interval timestamp, interval start date, interval start utc, window start, bucket "
        "start, date hour, row date",
    ),
    "date": Field(
        "its date, where the time stands apart",
        "day",
        "date, day, row date, report date, interval date, start date, call date, calendar date, business date, datum, "
        "work date, interval start date, date local, local date, period, row timestamp",
    ),
    "time": Field(
        "its time of day",
        "clock",
        "time, interval time, start time, interval, time interval, half hour, hour, time of day, time slot, slot, "
        "time period, period, interval start, interval start time, hour of day, start, start interval, from, time "
        "from, time range, half hourly interval, half hour interval, interval half hour, quarter hour, uhrzeit, zeit, "
        "call hour, interval begin, starttime, local time, time local, bucket, interval number, hour interval, hours, "
        "times",
    ),
    "end": Field(
        "when the interval ends",
        "moment",
        "interval end, end, end time, end interval, interval end time, interval end timestamp, period end, to, until, "
        "time to",
    ),
    "queue": Field(
        "name of the queue",
        "word",
        "queue, queue name, skill, skill name, split, split skill, split name, csq, csq name, contact service queue, "
        "call type, contact type, call type name, precision queue, task queue, task queue name, queue friendly name, "
        "task queue friendly name, vdn, vdn name, workgroup, work group, hunt group, ring group, ring groups, acd "
        "group, call group, call queue, call queue name, campaign, campaign name, department, line, line name, "
        "service name, application, topic, skill group, skill group name, contact group, c name, group, group name, "
        "queue display name, queue number, queue id, split number, skill no, skill id",
    ),
    "channel": Field(
        "voice, chat, ...; only voice is used unless --channel says otherwise",
        "word",
        "channel, channel type, media type, media, media name, channel name, contact channel, communication channel, "
        "media channel, task channel, task channel unique name, interaction channel, interaction type, contact media, "
        "type",
    ),
    "direction": Field(
        "inbound, outbound, ...; only inbound is used unless --direction says otherwise",
        "word",
        "direction, call direction, initial direction, originating direction, initiation method, interaction "
        "direction, call type, type, contact type, contact direction, in out",
    ),
    "offered": Field(
        "contacts that joined the queue",
        "number",
        "offered, contacts offered, acd calls offered, n offered, calls presented, presented, n entered acd, contacts "
        "queued, contacts inqueue, offered contacts, entered queue, contacts entered queue, contacts entered, "
        "incoming contacts, incoming contact volume, inbound contacts, contacts received, received, incoming, total "
        "contacts offered, total offered, total incoming contacts, total inbound contacts, contacts in, inbound, "
        "contact volume, volume, arrivals, contacts arrived, count offered, count contacts offered, tasks created, "
        "contacts created, queue contacts, total queue contacts, n contacts, total contacts, contacts total, "
        "contacts, count contacts, calls to queue, queued, demand, entered, contacts total offered, total contacts "
        "received, contacts incoming queue, total contacts queued, calls in queue, contacts routed, number of calls, "
        "calloffered",
    ),
    "overflow_in": Field(
        "contacts that came from another queue",
        "number",
        "overflow in, flow in, inflow contacts, inflow, contacts transferred in, transferred in, flow in contacts",
    ),
    "overflow_out": Field(
        "contacts that went on to another queue",
        "number",
        "overflow out, flow out, outflow contacts, outflow, flow out contacts, overflow, n flow out, contacts "
        "overflowed, overflowed",
    ),
    "answered": Field(
        "contacts answered",
        "number",
        "answered, contacts answered, acd calls, n answered acd, n answered, calls ans, answered contacts, total "
        "answered, total contacts answered, handled, contacts handled, handled contacts, calls handled, n handled, n "
        "handle, total handled, total contacts handled, contacts serviced, serviced, accepted, contacts accepted, n "
        "accepted, connected, contacts connected, n connected, completed, contacts completed, tasks completed, tasks "
        "accepted, queue contacts answered, contacts handled total, count answered, count handled, picked up, "
        "contacts picked up, contacts taken, reservations accepted",
    ),
    "abandoned": Field(
        "contacts that gave up",
        "number",
        "abandoned, contacts abandoned, n abandoned acd, n abandon, n abandoned, abandoned contacts, total abandoned, "
        "total contacts abandoned, abandoned in queue, contacts abandoned in queue, contacts abandoned inqueue, queue "
        "abandoned, abandoned inqueue, queue contacts abandoned, lost, lost contacts, contacts lost, missed, missed "
        "contacts, contacts missed, unanswered, contacts unanswered, unanswered contacts, not answered, contacts not "
        "answered, tasks canceled, canceled, hang ups, hangups, reneged, count abandoned, t abandon count, caller "
        "abandoned",
    ),
    "short_abandoned": Field(
        "of these, the ones that count as short",
        "number",
        "short abandoned, short contacts abandoned, abandoned short, short abandoned contacts, n short abandon, shorts",
    ),
    "asa": Field(
        "mean wait of the answered",
        "time",
        "asa, avg answer speed, speed answer, avg wait answered, avg time to answer, avg answer time, avg queue "
        "answer time, avg wait time answered, avg queue time answered, avg delay answered, avg answer delay, time to "
        "answer, avg answer wait, average speed answer acd, speed to answer, avg speed to answer, average queue wait "
        "time answered, avg queue wait answered, avg pickup time, avg ring time answered, avg delay to answer, avg "
        "contacts answer speed",
    ),
    "wait_answered": Field(
        "waits of the answered, added up",
        "time",
        "wait answered, total answer time, total wait answered, total wait time answered, total queue time answered, "
        "t answered acd, t answered, total time to answer, total queue answer time, anstime, total delay answered, "
        "queue time answered, wait time answered, total answer wait time, total speed answer",
    ),
    "time_to_abandon": Field(
        "mean wait of those who gave up",
        "time",
        "time to abandon, avg time to abandon, avg abandon time, avg abandon, avg queue abandon time, avg wait "
        "abandoned, avg wait time abandoned, avg queue time abandoned, avg abandon wait time, avg delay abandoned, "
        "avg abandon delay, ata, avg abandon wait, avg abandoned contacts wait time, avg time abandoned, mean abandon "
        "time, avg abandoned queue wait time",
    ),
    "wait_abandoned": Field(
        "waits of those who gave up, added up",
        "time",
        "wait abandoned, total abandon time, total wait abandoned, total wait time abandoned, total queue time "
        "abandoned, t abandoned acd, t abandon, t abandoned, total time to abandon, abntime, total delay abandoned, "
        "queue time abandoned, wait time abandoned, total abandon wait time",
    ),
    "mean_wait": Field(
        "mean wait of all, the answered and those who gave up",
        "time",
        "avg wait, avg wait time, avg queue time, avg queue wait time, avg time in queue, avg time inqueue, avg queue "
        "wait, avg inqueue time, avg delay, avg inqueue, avg queue, avg delay time, avg time queue, avg ring time",
    ),
    "aht": Field(
        "mean handle time, wrap-up included",
        "time",
        "aht, avg handle, avg contact handle time, avg acd handle time, avg handle time contact, avg processing time, "
        "avg total handle time",
    ),
    "handle": Field(
        "handle time, wrap-up included, added up",
        "time",
        "total handle time, total handle, t handle, t handle time, sum handle time, total contact handle time",
    ),
    "talk": Field(
        "talk, added up",
        "time",
        "talk, total talk time, total talk, t talk, t talk acd, t talk complete, total acd time, acdtime, talk time "
        "total, total agent interaction time, total conversation time, total service time",
    ),
    "mean_talk": Field(
        "mean talk",
        "time",
        "mean talk, avg talk time, att, avg acd time, avg agent interaction time, avg agent interaction customer hold "
        "time, avg agent interaction and customer hold time, avg conversation time, avg call time, avg service time, "
        "avg agent time, avg acd talk time, avg conversation, avg contact talk time, avg in call time",
    ),
    "hold": Field(
        "hold beside talk, added up",
        "time",
        "total hold time, total hold, t held, t hold, t hold acd, t held complete, holdtime, total customer hold time",
    ),
    "mean_hold": Field(
        "mean hold beside talk",
        "time",
        "mean hold, avg hold time, avg customer hold time, avg hold, avg customer hold, avg hold time contact",
    ),
    "wrap_up": Field(
        "wrap-up, added up",
        "time",
        "wrap up, total wrap up, total wrap up time, t acw, total acw time, acwtime, total work time, after call work "
        "total",
    ),
    "mean_wrap_up": Field(
        "mean wrap-up",
        "time",
        "mean wrap up, avg wrap up time, avg acw, avg acw time, avg work time, avg wrap, avg agent acw time, avg "
        "after call work time",
    ),
    "agents": Field(
        "agents on the queue, on average",
        "number",
        "agents, staffed, agents staffed, staffed agents, avg agents, avg agents staffed, avg pos staff, avg "
        "positions staffed, positions, avg staffed, positions staffed, agents on queue, avg agents on queue, on queue "
        "agents, agents logged in, logged in agents, avg agents logged in, count agents, agents online, online "
        "agents, avg staffed agents, agents available or on contact, staff, avg logged in agents, count agents "
        "staffed, agents signed in, avg staff",
    ),
    "service_level": Field(
        "share answered in time; read of a row a day only",
        "word",
        "service level, service level percent, percent service level, sl percent, sl, percent answered in time, "
        "percent within service level, sla, sla percent, service level agreement",
    ),
    "length": Field(
        "length of the interval",
        "number",
        "length, interval length, interval duration, interval minutes, intrvl, interval size",
    ),
}
