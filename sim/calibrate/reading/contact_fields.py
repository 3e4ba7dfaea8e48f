"""The fields of a log of contacts, and what their columns are usually called."""

from __future__ import annotations

from collections.abc import Mapping

from sim.calibrate.reading.names import Field

CALLS: Mapping[str, Field] = {
    "arrival": Field(
        "date and time of arrival",
        "stamp",
        "arrival, arrival time, arrived, arrived at, arrival timestamp, start time, contact start time, start "
        "timestamp, start date time, start, contact start, contact start timestamp, initiation timestamp, initiated "
        "at, initiated, received, received at, received time, receive timestamp, received timestamp, created, created "
        "at, date created, created timestamp, task created, contact created, timestamp, contact time, contact "
        "timestamp, contact date, call date time, contact date time, offered at, offered time, started at, contact "
        "started at, contact start date, date time, segstart, segment start, conversation start, conversation start "
        "time, date, time, start date, initiated time, ring start, startdatetime, calldate, start time local, contact "
        "received, contact arrival, contact arrival time, received on, initiated date, timestamp local",
    ),
    "date": Field(
        "its date, where the times stand apart",
        "day",
        "date, day, contact date, start date, arrival date, row date, date contact, date received, datum, local date, "
        "created date, date of call",
    ),
    "time": Field(
        "its time of day",
        "clock",
        "time, contact time, start time, arrival time, arrival, time of day, received, received at, time received, "
        "start, time of call, contact start time, uhrzeit, zeit, local time, time start, created at, created time, "
        "arrived",
    ),
    "queued_at": Field(
        "when it joined the queue, where that is later than its arrival",
        "moment",
        "queued at, enqueued at, enqueue timestamp, queue enqueue timestamp, entered queue, entered queue at, queue "
        "entry time, queue start time, queue start, joined queue, enqueued, enqueue time, queue timestamp, joined "
        "queue at, queued time, queue entered, queue entry, queue enter time, enter queue time, queued, queue joined "
        "at",
    ),
    "answered_at": Field(
        "when an agent answered",
        "moment",
        "answered at, answered, answer time, answer, answer timestamp, connected at, connect time, connected to agent "
        "timestamp, agent connected to agent timestamp, connected, connect, accepted at, reservation accepted, "
        "accepted, pickup time, picked up at, picked up, agent answered, agent answered at, connect timestamp, accept "
        "time, agent connect time, agent answer time, agent connected at, time answered, contact answered, contact "
        "answered at, contact answer time, agent joined at, talk start, talk start time, conversation started at, "
        "reservation accepted at, task accepted, agent connected, segment answered",
    ),
    "left_queue_at": Field(
        "when it left the queue, answered or not",
        "moment",
        "dequeue timestamp, queue dequeue timestamp, dequeued at, left queue at, queue exit time, exit queue, left "
        "queue, dequeued, queue end, queue end time, queue exit, exited queue at",
    ),
    "abandoned_at": Field(
        "when the customer gave up",
        "moment",
        "abandoned at, abandoned, abandon time, abandon timestamp, gave up at, abandoned time, time abandoned, "
        "contact abandoned",
    ),
    "ended_at": Field(
        "when the talk ended",
        "moment",
        "ended at, end time, end, ended, end timestamp, contact end, contact end time, contact end timestamp, "
        "disconnect timestamp, disconnected at, disconnect time, disconnected, hangup time, hangup, hung up at, hang "
        "up time, hung up, completed at, finished, finished at, segstop, segment stop, end date time, enddatetime, "
        "conversation end, conversation end time, contact ended, contact ended at, talk end, talk end time, stop "
        "time, task wrapup, contact completed at, end date, time ended, disconnect, hangup at",
    ),
    "wrapped_at": Field(
        "when wrap-up ended",
        "moment",
        "wrapped up at, wrapped up, wrap up end, wrap end timestamp, agent wrap end timestamp, after contact work end "
        "timestamp, agent after contact work end timestamp, acw end, wrap up end time, wrapped at, wrap up completed "
        "at, wrap up ended at, task completed, acw end time, wrap up finished at, wrap up done, wrap completed, work "
        "end",
    ),
    "before_queue": Field(
        "time in the voice-response unit before joining the queue",
        "time",
        "before queue, ivr, ivr time, vru, vru time, pre queue, prequeue, time in ivr, ivr wait time, pre queue time, "
        "menu time, prequeue time, ivr treatment time",
    ),
    "type": Field(
        "what the contact is about, or its queue",
        "word",
        "type, queue, queue name, skill, skill name, intent, call type, contact type, reason, topic, contact reason, "
        "contact topic, split, csq, csq name, contact service queue, task queue, task queue name, task queue friendly "
        "name, queue friendly name, queuename, dispsplit, split skill, call queue, call group, call group name, ring "
        "groups, ring group, workgroup, hunt group, campaign, campaign name, department, line, subject, category, "
        "skill no, queue id, group, group name, team queue, line name, queue display name",
    ),
    "channel": Field(
        "voice, chat, ...; only voice is used unless --channel says otherwise",
        "word",
        "channel, channel type, media type, media, media name, channel name, contact channel, communication channel, "
        "media channel, task channel, task channel unique name, interaction channel, interaction type, type, contact "
        "type, contact media, via, kind",
    ),
    "direction": Field(
        "inbound, outbound, internal, ...; only inbound is used unless --direction says otherwise",
        "word",
        "direction, call direction, initial direction, originating direction, initiation method, interaction "
        "direction, contact direction, call type, type, contact type, in out, inbound outbound",
    ),
    "priority": Field(
        "class that is served with a head start (--head-start)",
        "word",
        "priority",
    ),
    "wait": Field(
        "time in the queue",
        "time",
        "wait, wait time, queue time, time in queue, time inqueue, inqueue, queue wait time, q time, queue wait, "
        "queue duration, wait duration, time in queue total, speed answer, answer speed, time to answer, agent speed "
        "to answer, speed to answer, asa, queuetime, customer wait time, contact wait time, queue total wait time, "
        "total wait time, total queue time, avg answer speed, time before answer, delay, inqueue time, acd wait, acd "
        "time in queue, time waiting, seconds in queue, ringing, ring time, t acd, t wait, hold time before answer, "
        "answer delay, pickup delay, total queue, total wait",
    ),
    "abandon_wait": Field(
        "time in the queue of those who gave up, where it stands apart",
        "time",
        "abandon time, time to abandon, abandon wait time, abandoned wait, abandoned after, abandon wait, wait before "
        "abandon",
    ),
    "service": Field(
        "talk",
        "time",
        "service, service time, talk, talk time, ser time, avg talk time, agent interaction time, agent agent "
        "interaction time, talk duration, talktime, agent time, in call, time in call, talking, billsec, bill sec, "
        "agent talk time, total talk time, contact talk time, conversation talk time, t talk, interaction time agent, "
        "time talking, agent interaction, in call time, total talk",
    ),
    "hold": Field(
        "hold beside talk",
        "time",
        "hold, hold time, customer hold time, agent customer hold time, total hold time, holding, ansholdtime, t "
        "held, held time, on hold, time on hold, agent hold time, total hold",
    ),
    "handle": Field(
        "talk, hold and wrap-up together",
        "time",
        "handle time, aht, total handle time, avg handle time, agent handle time, t handle, handletime, contact "
        "handle time",
    ),
    "total": Field(
        "from the beginning to the end, the wait included",
        "time",
        "total time, total, total duration, total contact time, total contact duration, duration total, totals, "
        "contact total time, total length",
    ),
    "wrap_up": Field(
        "after-call work",
        "time",
        "wrap up, acw, wrap up time, wrap time, acw time, after call work, agent after contact work duration, agent "
        "acw time, after call work time, wrap up duration, work time, postqueue, post queue, acwtime, t acw, total "
        "acw time, total wrap up time, agent wrap up time, total wrap up, total acw",
    ),
    "outcome": Field(
        "answered, abandoned, or neither; or a column of yes and no that is called after one of them",
        "word",
        "outcome, contact outcome, result, contact result, contact disposition, queue outcome, queue result, "
        "assignment status, completion status, call status, contact status, answered, answer, is answered, abandoned, "
        "is abandoned, abandon, handled, missed, is missed, lost, action result, call disp, disposition, status, "
        "state, call state, contact state, answer status, answered flag, abandoned flag, handled flag, contact "
        "answered, contact abandoned, was answered, answered or abandoned, missed call, abandon flag, unanswered, "
        "accepted, final status, event outcome",
    ),
    "gave_up": Field(
        "whether it gave up, beside a column that says what was answered",
        "word",
        "abandoned, is abandoned, abandon, abandoned flag, contact abandoned, abandon flag, abandoned in queue, "
        "reneged, lost",
    ),
    "agent": Field(
        "who answered",
        "word",
        "agent, agent id, agent no, agent name, agent username, agent login, answered by, handled by, server, user, "
        "user name, username, operator, representative, advisor, adviser, worker, worker name, worker sid, agent "
        "email, resource name, agent login id, anslogin, dstchannel, employee, staff, agent extension, agent number, "
        "rep, csr, handler, consultant, agents, users, user id",
    ),
    "customer": Field(
        "who called",
        "word",
        "customer, customer id, customer no, customer number, caller, caller id, ani, from, from number, calling "
        "number, calling party, calling pty, originator dn, src, customer phone number, caller number, customer "
        "endpoint address, client id, account number, customer phone",
    ),
    "queued": Field(
        "whether the contact had to wait",
        "word",
        "queued, was queued, queued flag",
    ),
    "application": Field(
        "program of the switch that had it last; only its queue is used, where it has one",
        "word",
        "lastapp",
    ),
    "contact": Field(
        "identity of the contact, where one can have several rows",
        "word",
        "contact, master contact id, contact id, initial contact id, call id, conversation id, interaction id, "
        "session id, task id, task sid, contact sid, callid, unique id, uniqueid, contact uuid, call uuid, "
        "interaction key, ucid, contact guid",
    ),
}
