"""One synthetic export for each system: the columns that it writes, and rows made so that a wrong column shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

MONDAY = dt.datetime(2026, 3, 2)
HOURS = range(9, 13)


@dataclass(frozen=True)
class Slot:
    """An interval: ten times as many answered as abandoned, and every time of its own."""

    start: dt.datetime
    answered: int
    abandoned: int
    asa: int = 17
    gone: int = 43
    talk: int = 211
    hold: int = 19
    wrap: int = 31

    @property
    def offered(self) -> int:
        return self.answered + self.abandoned

    @property
    def aht(self) -> int:
        return self.talk + self.hold + self.wrap


@dataclass(frozen=True)
class Call:
    """A contact of a log; who gave up has neither talk nor agent."""

    number: int
    at: dt.datetime
    answered: bool
    wait: int
    talk: int = 0
    hold: int = 0
    wrap: int = 0
    agent: str = ""

    @property
    def answer(self) -> dt.datetime:
        return self.at + dt.timedelta(seconds=self.wait)

    @property
    def end(self) -> dt.datetime:
        return self.answer + dt.timedelta(seconds=self.talk + self.hold)


def slots(days: int = 7) -> list[Slot]:
    """Four hours a day."""
    hours = [MONDAY + dt.timedelta(days=day, hours=hour) for day in range(days) for hour in HOURS]
    return [Slot(start, 20 + place % 7, 2 + place % 3) for place, start in enumerate(hours)]


def calls(days: int = 7) -> list[Call]:
    """Thirty contacts a day, each sixth of whom gives up."""
    made = []
    for number in range(30 * days):
        at = MONDAY + dt.timedelta(days=number // 30, hours=9, seconds=431 * (number % 30) + 7)
        if number % 6 == 5:
            made.append(Call(number, at, False, 40 + number % 9))
        else:
            times = (number % 11, 200 + number % 17, 12 + number % 5, 25 + number % 7)
            made.append(Call(number, at, True, *times, agent=f"A{number % 4}"))
    return made


def clock(seconds: float) -> str:
    """h:mm:ss."""
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02d}:{int(seconds) % 60:02d}"


def bare(seconds: float) -> str:
    """As the reports of Avaya CMS: :28, 4:10, 1:02:03."""
    whole = int(seconds)
    return f":{whole:02d}" if whole < 60 else f"{whole // 60}:{whole % 60:02d}"


@dataclass(frozen=True)
class Vendor:
    """An export of a system.

    Attributes
    ----------
    header : its columns.
    row : the cells of an interval, or of a contact.
    wishes : what must be said to read it.
    lacks : figures that it does not have.
    wrap : whether its work has wrap-up.
    alike : whether it tells one wait for the answered and those who gave up.
    titles, delimiter : what stands above the header, and between the cells.
    """

    name: str
    header: str
    row: Callable[..., list[object]]
    wishes: dict[str, object] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    wrap: bool = True
    alike: bool = False
    titles: tuple[str, ...] = ()
    delimiter: str = ","

    def text(self, rows: list[Slot] | list[Call]) -> str:
        """The file."""
        body = [self.delimiter.join(str(cell) for cell in self.row(row)) for row in rows]
        head = [self.header] if self.header else []
        return "\n".join([*self.titles, *head, *body]) + "\n"


def _share(slot: Slot) -> str:
    return f"{100 * slot.answered / slot.offered:.1f}%"


BY_INTERVAL = (
    Vendor(
        "avaya_cms_report",
        "Date,Time,Split/Skill,Avg Speed Ans,Avg Aban Time,ACD Calls,Avg ACD Time,Avg ACW Time,Aban Calls,Max Delay,"
        "Flow In,Flow Out,% Ans Calls,Calls Per Pos",
        lambda s: [
            *(f"{s.start:%-m/%-d/%Y}", f"{s.start:%-I:%M %p}", "Support", bare(s.asa), bare(s.gone), s.answered),
            *(bare(s.talk + s.hold), bare(s.wrap), s.abandoned, "2:07", 0, 0, _share(s), 3.2),
        ],
        {"dates": "month-first"},
    ),
    Vendor(
        "avaya_cms_items",
        "ROW_DATE,STARTTIME,INTRVL,SPLIT,CALLSOFFERED,ACDCALLS,ABNCALLS,ANSTIME,ABNTIME,ACDTIME,HOLDTIME,ACWTIME,"
        "INFLOWCALLS",
        lambda s: [
            *(f"{s.start:%Y-%m-%d}", f"{s.start:%-H%M}", 60, 12, s.offered, s.answered, s.abandoned),
            *(
                s.asa * s.answered,
                s.gone * s.abandoned,
                s.talk * s.answered,
                s.hold * s.answered,
                s.wrap * s.answered,
                0,
            ),
        ],
    ),
    Vendor(
        "uccx_csq_activity",
        "CSQ Name,Interval Start Time,Interval End Time,Calls Presented,Calls Handled,Calls Abandoned,"
        "Avg Queue Time,Max Queue Time,"
        "Avg Speed of Answer,Avg Handle Time,Max Handle Time,Avg Time to Abandon,Calls Dequeued",
        lambda s: [
            *("Support", f"{s.start:%m/%d/%y %I:%M:%S %p}", f"{s.start + dt.timedelta(hours=1):%m/%d/%y %I:%M:%S %p}"),
            *(
                s.offered,
                s.answered,
                s.abandoned,
                clock(22),
                clock(99),
                clock(s.asa),
                clock(s.aht),
                clock(700),
                clock(s.gone),
                0,
            ),
        ],
        {"dates": "month-first"},
        lacks=frozenset(("wrap",)),
    ),
    Vendor(
        "cuic_call_type",
        "DateTime,Call Type Name,Calls Offered,Calls Answered,Aban,ASA,Avg Aban Time,AHT,Avg Talk,Avg Hold,"
        "Avg Wrap,SL %",
        lambda s: [
            *(
                f"{s.start:%Y-%m-%d %H:%M:%S}",
                "Support",
                s.offered,
                s.answered,
                s.abandoned,
                clock(s.asa),
                clock(s.gone),
            ),
            *(clock(s.aht), clock(s.talk), clock(s.hold), clock(s.wrap), _share(s)),
        ],
    ),
    Vendor(
        "genesys_cloud",
        "Interval Start,Interval End,Interval Complete,Media Type,Queue Name,Offered,Answered,Answered %,"
        "Abandoned,Abandoned %,ASA,"
        "Service Level %,Avg Wait,Avg Handle,Avg Talk,Avg Hold,Avg ACW,Avg Abandon,Hold,Transferred",
        lambda s: [
            *(
                f"{s.start:%Y-%m-%d %H:%M}",
                f"{s.start + dt.timedelta(hours=1):%Y-%m-%d %H:%M}",
                "true",
                "voice",
                "Support",
            ),
            *(s.offered, s.answered, 0.9, s.abandoned, 0.1, s.asa * 1000, 0.8, 20_000, s.aht * 1000, s.talk * 1000),
            *(s.hold * 1000, s.wrap * 1000, s.gone * 1000, 5, 1),
        ],
    ),
    Vendor(
        "pureconnect",
        "cName,dIntervalStart,nEnteredAcd,nAnsweredAcd,nAbandonedAcd,tAnsweredAcd,tAbandonedAcd,tTalkAcd,tHoldAcd,tAcw",
        lambda s: [
            *("Support", f"{s.start:%Y-%m-%d %H:%M:%S}", s.offered, s.answered, s.abandoned, s.asa * s.answered),
            *(s.gone * s.abandoned, s.talk * s.answered, s.hold * s.answered, s.wrap * s.answered),
        ],
        {"unit": "seconds"},
    ),
    Vendor(
        "cxone_interval",
        "Interval,Skill Name,Media Type,Contacts Offered,Contacts Handled,Abandons,ASA (sec),"
        "Avg Abandon Time (sec),AHT (sec),"
        "Avg Talk Time (sec),Avg Hold Time (sec),Avg ACW Time (sec),Service Level",
        lambda s: [
            *(
                f"{s.start:%m/%d/%Y %H:%M} - {s.start + dt.timedelta(hours=1):%H:%M}",
                "Support",
                "Phone Call",
                s.offered,
            ),
            *(s.answered, s.abandoned, s.asa, s.gone, s.aht, s.talk, s.hold, s.wrap, _share(s)),
        ],
        {"dates": "month-first"},
    ),
    Vendor(
        "five9_acd_queue",
        "DATE,HOUR,SKILL,CALLS count,ABANDONED count,Average SPEED OF ANSWER,Average TIME TO ABANDON,"
        "Average HANDLE TIME,"
        "Average TALK TIME,Average HOLD TIME,Average AFTER CALL WORK TIME",
        lambda s: [
            *(
                f"{s.start:%m/%d/%Y}",
                f"{s.start:%H:%M}",
                "Support",
                s.offered,
                s.abandoned,
                clock(s.asa),
                clock(s.gone),
            ),
            *(clock(s.aht), clock(s.talk), clock(s.hold), clock(s.wrap)),
        ],
        {"dates": "month-first"},
    ),
    Vendor(
        "amazon_connect_history",
        "Queue,StartInterval,EndInterval,Contacts queued,Contacts handled,Contacts abandoned,"
        "Average queue answer time,"
        "Average queue abandon time,Average handle time,Average agent interaction time,Average customer hold time,"
        "Average after contact work time,Service level 60 seconds,Maximum queued time,Contacts transferred out",
        lambda s: [
            *(
                "Support",
                f"{s.start:%Y-%m-%dT%H:%M:%S.000Z}",
                f"{s.start + dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%S.000Z}",
            ),
            *(s.offered, s.answered, s.abandoned, s.asa, s.gone, s.aht, s.talk, s.hold, s.wrap, 88, 140, 1),
        ],
        {"zone": "UTC"},
    ),
    Vendor(
        "twilio_flex",
        "Interval Start,Task Queue Friendly Name,Task Channel Unique Name,Tasks Created,Tasks Completed,"
        "Tasks Canceled,"
        "Avg Time To Answer (s),Avg Time To Abandon (s),Avg Talk Time (s),Avg Hold Time (s),Avg Wrap Up Time (s)",
        lambda s: [
            *(f"{s.start:%Y-%m-%d %H:%M}", "Support", "voice", s.offered, s.answered, s.abandoned, s.asa, s.gone),
            *(s.talk, s.hold, s.wrap),
        ],
    ),
    Vendor(
        "3cx_queue",
        "Queue;Date;Time;Total Calls;Answered;Unanswered;Avg. Waiting Time;Avg. Talk Time",
        lambda s: [
            *(
                "800 Support",
                f"{s.start:%d.%m.%Y}",
                f"{s.start:%H:%M}",
                s.offered,
                s.answered,
                s.abandoned,
                clock(s.asa),
            ),
            clock(s.talk + s.hold),
        ],
        lacks=frozenset(("wrap",)),
        wrap=False,
        alike=True,
        delimiter=";",
    ),
    Vendor(
        "aircall_hours",
        "date,hour,line,direction,inbound_calls,answered,missed,avg_time_to_answer_sec,avg_talk_time_sec,"
        "avg_wrap_up_time_sec",
        lambda s: [
            *(f"{s.start:%Y-%m-%d}", s.start.hour, "Support", "inbound", s.offered, s.answered, s.abandoned, s.asa),
            *(s.talk + s.hold, s.wrap),
        ],
        lacks=frozenset(("gone",)),
    ),
    Vendor(
        "ringcentral_queue",
        "Call Queue,Date,Time,Total Calls,Answered Calls,Missed Calls,Average Speed of Answer,"
        "Average Abandon Time,Average Handle Time",
        lambda s: [
            *("Support", f"{s.start:%b %-d %Y}", f"{s.start:%-I:%M %p}", s.offered, s.answered, s.abandoned),
            *(clock(s.asa), clock(s.gone), clock(s.aht)),
        ],
        lacks=frozenset(("wrap",)),
    ),
    Vendor(
        "talkdesk_queue",
        "Interval,Ring Groups,Inbound Contacts,Answered Contacts,Abandoned Contacts,Short Abandoned Contacts,"
        "Avg. Speed to Answer,"
        "Avg. Abandon Time,Avg. Handle Time,Avg. Talk Time,Avg. Hold Time,Avg. Wrap Up Time",
        lambda s: [
            *(
                f"{s.start:%Y-%m-%dT%H:%M}",
                "support",
                s.offered,
                s.answered,
                s.abandoned,
                0,
                clock(s.asa),
                clock(s.gone),
            ),
            *(clock(s.aht), clock(s.talk), clock(s.hold), clock(s.wrap)),
        ],
    ),
    Vendor(
        "zendesk_talk_hours",
        "Date,Hour,Calls offered,Calls answered,Calls abandoned in queue,Average time to answer (sec),"
        "Average talk time (sec),"
        "Average hold time (sec),Average wrap-up time (sec)",
        lambda s: [
            *(f"{s.start:%Y-%m-%d}", s.start.hour, s.offered, s.answered, s.abandoned, s.asa, s.talk, s.hold, s.wrap),
        ],
        lacks=frozenset(("gone",)),
    ),
    Vendor(
        "public_daily_set_by_hour",
        "Date,Time,Incoming Calls,Answered Calls,Answer Rate,Abandoned Calls,Answer Speed (AVG),Talk Duration (AVG),"
        "Waiting Time (AVG),Service Level (20 Seconds)",
        lambda s: [
            *(f"{s.start:%Y-%m-%d}", f"{s.start:%H:%M}-{s.start + dt.timedelta(hours=1):%H:%M}", s.offered, s.answered),
            *(_share(s), s.abandoned, clock(s.asa), clock(s.talk + s.hold), clock(165), "76.28%"),
        ],
        lacks=frozenset(("gone", "wrap")),
        wrap=False,
    ),
)


def _empty(call: Call, cell: object) -> object:
    return cell if call.answered else ""


BY_CONTACT = (
    Vendor(
        "avaya_cms_calls",
        "CALLID,SEGSTART,SEGSTOP,DISPSPLIT,DISPOSITION,DISPTIME,TALKTIME,ANSHOLDTIME,ACWTIME,ANSLOGIN,CALLING_PTY",
        lambda c: [
            *(
                c.number + 1,
                f"{c.at:%Y-%m-%d %H:%M:%S}",
                f"{c.end:%Y-%m-%d %H:%M:%S}",
                12,
                2 if c.answered else 3,
                c.wait,
            ),
            *(c.talk, c.hold, c.wrap, c.agent, 5550000 + c.number),
        ],
    ),
    Vendor(
        "uccx_contacts",
        "sessionID,startDateTime,endDateTime,contactType,contactDisposition,originatorDN,csqName,agentName,"
        "queueTime,ringTime,talkTime,"
        "holdTime,workTime",
        lambda c: [
            *(c.number + 1, f"{c.at:%Y-%m-%d %H:%M:%S}", f"{c.end:%Y-%m-%d %H:%M:%S}", 1, 2 if c.answered else 1),
            *(5550000 + c.number, "Support", c.agent, c.wait, 3, c.talk, c.hold, c.wrap),
        ],
    ),
    Vendor(
        "genesys_cloud_interactions",
        "Full Export Completed,Conversation ID,Media Type,Users,Date,End Date,Duration,Direction,ANI,DNIS,Queue,"
        "Total Queue,Total Talk,"
        "Total Hold,Total ACW,Abandoned",
        lambda c: [
            *("YES", f"conv-{c.number}", "voice", c.agent, f"{c.at:%Y-%m-%d %H:%M:%S}", f"{c.end:%Y-%m-%d %H:%M:%S}"),
            *(
                c.wait + c.talk + c.hold + c.wrap,
                "Inbound",
                f"tel:{c.number}",
                "800",
                "Support",
                c.wait,
                c.talk,
                c.hold,
                c.wrap,
            ),
            "NO" if c.answered else "YES",
        ],
        {"unit": "seconds"},
    ),
    Vendor(
        "cxone_contacts",
        "contact_id,master_contact_id,media_name,ANI_DIALNUM,skill_name,agent_no,agent_name,start_date,start_time,"
        "PreQueue,InQueue,"
        "Agent_Time,PostQueue,Total_Time,Abandon_Time,abandon,Hold_Time,ACW_Seconds",
        lambda c: [
            *(
                c.number,
                c.number,
                "Call",
                f"5{c.number}",
                "Support",
                c.agent,
                c.agent,
                f"{c.at:%m/%d/%Y}",
                f"{c.at:%H:%M:%S}",
            ),
            *(0, c.wait, c.talk + c.hold, 0, c.wait + c.talk, 0 if c.answered else c.wait, "N" if c.answered else "Y"),
            *(0, c.wrap),
        ],
        {"dates": "month-first"},
    ),
    Vendor(
        "five9_call_log",
        "CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,DISPOSITION,ANI,CALL TIME,IVR TIME,QUEUE WAIT TIME,RING TIME,"
        "TALK TIME,HOLD TIME,"
        "AFTER CALL WORK TIME,ABANDONED",
        lambda c: [
            *(
                c.number,
                f'"{c.at:%a, %d %b %Y %H:%M:%S}"',
                "Support",
                "Inbound",
                c.agent or "[None]",
                "Sale",
                f"5{c.number}",
            ),
            *(
                clock(c.wait + c.talk + c.hold),
                clock(0),
                clock(c.wait),
                clock(2),
                clock(c.talk),
                clock(c.hold),
                clock(c.wrap),
            ),
            0 if c.answered else 1,
        ],
    ),
    Vendor(
        "amazon_connect_ctr",
        "ContactId,Channel,InitiationMethod,InitiationTimestamp,DisconnectTimestamp,Queue.Name,"
        "Queue.EnqueueTimestamp,Queue.Duration,"
        "Agent.Username,Agent.ConnectedToAgentTimestamp,Agent.AgentInteractionDuration,Agent.CustomerHoldDuration,"
        "Agent.AfterContactWorkDuration,DisconnectReason",
        lambda c: [
            *(f"id-{c.number}", "VOICE", "INBOUND", f"{c.at - dt.timedelta(seconds=30):%Y-%m-%dT%H:%M:%SZ}"),
            *(f"{c.end:%Y-%m-%dT%H:%M:%SZ}", "Support", f"{c.at:%Y-%m-%dT%H:%M:%SZ}", c.wait, c.agent),
            *(_empty(c, f"{c.answer:%Y-%m-%dT%H:%M:%SZ}"), _empty(c, c.talk), _empty(c, c.hold), _empty(c, c.wrap)),
            "CUSTOMER_DISCONNECT",
        ],
        {"zone": "UTC"},
    ),
    Vendor(
        "twilio_flex_insights",
        "Conversation ID,Date,Time,Communication Channel,Direction,Queue,Agent,Queue Time,Talk Time,Hold Time,"
        "Wrap Up Time,Abandon Time,"
        "Abandoned",
        lambda c: [
            *(
                f"WT{c.number}",
                f"{c.at:%Y-%m-%d}",
                f"{c.at:%H:%M:%S}",
                "Call",
                "Inbound",
                "Support",
                c.agent,
                clock(c.wait),
            ),
            *(_empty(c, clock(c.talk)), _empty(c, clock(c.hold)), _empty(c, clock(c.wrap))),
            *("" if c.answered else clock(c.wait), "No" if c.answered else "Yes"),
        ],
    ),
    Vendor(
        "twilio_taskrouter",
        "task_sid,task_channel_unique_name,task_queue_friendly_name,worker_name,task_created,reservation_accepted,"
        "task_wrapup,"
        "task_completed,assignment_status",
        lambda c: [
            *(
                f"WT{c.number}",
                "voice",
                "Support",
                c.agent,
                f"{c.at:%Y-%m-%dT%H:%M:%SZ}",
                _empty(c, f"{c.answer:%Y-%m-%dT%H:%M:%SZ}"),
            ),
            *(f"{c.end:%Y-%m-%dT%H:%M:%SZ}", _empty(c, f"{c.end + dt.timedelta(seconds=c.wrap):%Y-%m-%dT%H:%M:%SZ}")),
            "completed" if c.answered else "canceled",
        ],
        {"zone": "UTC", "outcomes": {"canceled": "abandoned"}},
    ),
    Vendor(
        "3cx_call_log",
        "Call Time,Caller ID,Destination,Status,Ringing,Talking,Totals,Cost,Reason",
        lambda c: [
            *(
                f"{c.at:%Y-%m-%d %H:%M:%S}",
                f"5{c.number}",
                "800",
                "Answered" if c.answered else "Unanswered",
                clock(c.wait),
            ),
            *(clock(c.talk + c.hold), clock(c.wait + c.talk + c.hold), "", ""),
        ],
        wrap=False,
    ),
    Vendor(
        "aircall_calls",
        "line,datetime (UTC),country_code,direction,from,to,answered,missed_call_reason,user,duration (total),"
        "duration (in call),via,tags",
        lambda c: [
            *(
                "Support",
                f"{c.at:%Y-%m-%d %H:%M:%S}",
                "DE",
                "inbound",
                f"5{c.number}",
                "800",
                "Yes" if c.answered else "No",
            ),
            *(
                "" if c.answered else "abandoned_in_classic",
                c.agent,
                c.wait + c.talk + c.hold,
                c.talk + c.hold,
                "classic",
                "",
            ),
        ],
        {"zone": "UTC"},
        wrap=False,
    ),
    Vendor(
        "ringcentral_calls",
        "Type,Direction,From,Queue,Date,Time,Action Result,Agent,Wait Time,Duration",
        lambda c: [
            *("Voice", "Incoming", f"5{c.number}", "Support", f"{c.at:%a %m/%d/%Y}", f"{c.at:%I:%M:%S %p}"),
            *("Call connected" if c.answered else "Missed", c.agent, clock(c.wait), clock(c.wait + c.talk + c.hold)),
        ],
        {"dates": "month-first"},
        wrap=False,
    ),
    Vendor(
        "talkdesk_calls",
        "Interaction ID,Call Type,Start Time,End Time,Talkdesk Phone Number,Customer Phone Number,Talk Time,"
        "Hangup,Waiting Time,"
        "Holding Time,Agent Name,Abandon Time,Ring Groups,Wrap Up Time",
        lambda c: [
            *(
                f"t{c.number}",
                "inbound" if c.answered else "abandoned",
                f"{c.at:%Y-%m-%d %H:%M:%S}",
                f"{c.end:%Y-%m-%d %H:%M:%S}",
            ),
            *("800", f"5{c.number}", clock(c.talk), "contact", clock(c.wait), clock(c.hold), c.agent),
            *("" if c.answered else clock(c.wait), "support", clock(c.wrap)),
        ],
    ),
    Vendor(
        "zendesk_calls",
        "id,created_at,direction,completion_status,agent_id,customer_id,call_group_id,wait_time,talk_time,"
        "hold_time,wrap_up_time,duration",
        lambda c: [
            *(
                c.number,
                f"{c.at:%Y-%m-%dT%H:%M:%SZ}",
                "inbound",
                "completed" if c.answered else "abandoned_in_queue",
                c.agent,
            ),
            *(f"5{c.number}", 7, c.wait, c.talk, c.hold, c.wrap, c.wait + c.talk + c.hold),
        ],
        {"zone": "UTC"},
    ),
    Vendor(
        "asterisk_cdr",
        "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,"
        "disposition,amaflags,uniqueid",
        lambda c: [
            *(
                "",
                f"5{c.number}",
                "800",
                "from-trunk",
                "",
                f"SIP/trunk-{c.number}",
                f"SIP/{c.agent}" if c.answered else "",
                "Queue",
            ),
            *(
                "support",
                f"{c.at:%Y-%m-%d %H:%M:%S}",
                _empty(c, f"{c.answer:%Y-%m-%d %H:%M:%S}"),
                f"{c.end:%Y-%m-%d %H:%M:%S}",
            ),
            *(
                c.wait + c.talk + c.hold,
                c.talk + c.hold,
                "ANSWERED" if c.answered else "NO ANSWER",
                3,
                f"17.{c.number}",
            ),
        ],
        wrap=False,
    ),
    Vendor(
        "asterisk_cdr_without_header",
        "",
        lambda c: [
            *('""', f'"5{c.number}"', '"800"', '"from-trunk"', '""', f'"SIP/trunk-{c.number}"'),
            *(f'"SIP/{c.agent}"' if c.answered else '""', '"Queue"', '"support"', f'"{c.at:%Y-%m-%d %H:%M:%S}"'),
            *(_empty(c, f'"{c.answer:%Y-%m-%d %H:%M:%S}"'), f'"{c.end:%Y-%m-%d %H:%M:%S}"', c.wait + c.talk + c.hold),
            *(
                c.talk + c.hold,
                '"ANSWERED"' if c.answered else '"NO ANSWER"',
                '"DOCUMENTATION"',
                f'"17.{c.number}"',
                '""',
            ),
        ],
        wrap=False,
    ),
    Vendor(
        "public_call_set",
        "Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,"
        "Satisfaction rating",
        lambda c: [
            *(f"ID{c.number:04d}", c.agent or "Diane", f"{c.at:%m/%d/%Y}", f"{c.at:%-H:%M:%S}", "Streaming"),
            *("Y" if c.answered else "N", "Y", _empty(c, c.wait), _empty(c, clock(c.talk + c.hold)), _empty(c, 4)),
        ],
        {"dates": "month-first"},
        lacks=frozenset(("gone",)),
        wrap=False,
    ),
)
