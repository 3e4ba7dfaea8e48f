"""The names of measures that a scenario may mention (docs/measures.md says what they mean)."""

from sim.mechanisms import parts_of_handle_time, registered

COUNTS = (
    "demand",
    "pending",
    "bot_offered",
    "bot_contained",
    "bot_escalated",
    "bot_abandoned",
    "bot_resolved",
    "offered",
    "answered",
    "abandoned",
    "balked",
    "disconnected",
)
RATES = (
    "containment_rate",
    "bot_resolution_rate",
    "false_containment_rate",
    "escalation_rate",
    "bot_abandonment_rate",
    "opt_out_rate",
    "sl_offered",
    "sl_excl_abn_in_t",
    "sl_credit_abn_in_t",
    "sl_answered",
    "sl_intervals_met",
    "sl_days_met",
    "delay_rate",
    "abandonment_rate",
    "occupancy",
    "utilisation",
    "first_attempt_resolution",
    "fcr",
    "fcr_human",
    "fcr_bot",
    "resolution_rate",
    "repeat_rate",
    "redial_rate",
    "repeat_7d",
    "frustration_at_agent",
    "frustration_at_end",
    "mistreatment_rate",
    "fatigue_mean",
    "fatigue_end_of_shift",
    "strained_share",
)
TIMES = (
    "asa_s",
    "wait_all_s",
    "wait_p90_s",
    "time_to_human_s",
    "aht_s",
    "talk_s",
    "acw_s",
    "natural_aht_s",
    "workload_per_resolution_s",
    "bot_session_s",
)
AMOUNTS = (
    "agents_on_queue",
    "positions_scheduled",
    "fte",
    "paid_hours",
    "overtime_hours",
    "attempts_per_need",
    "workload_hours",
    "cost",
    "cost_per_resolution",
)
_OF_ALL = (*COUNTS, *RATES, *TIMES, *AMOUNTS)
MECHANISM = "a mechanism"

_NEEDS = {
    "cost": "costs",
    "cost_per_resolution": "costs",
    "containment_rate": "bot",
    "bot_resolution_rate": "bot",
    "false_containment_rate": "bot",
    "escalation_rate": "bot",
    "fcr_bot": "bot",
    "bot_abandonment_rate": "bot",
    "opt_out_rate": "bot",
    "bot_session_s": "bot",
}


ATTENTION = "attention_share"
"""What a target of occupancy is held to where agents may have several chats in hand."""
CHAT, DEFERRED = "an intent with channel: chat", "an intent with channel: deferred"
SILENCE, CALLBACK, OVERFLOW = "chats and customers.silent_leave", "customers.callback", "a skill with overflow_after"
LIMIT, BOT_AWAY = "queues", "bot.max_sessions or bot.outage"

_BEYOND = {
    CHAT: ("elapsed_s", "concurrency_mean", "slot_use", "writing_share", ATTENTION),
    SILENCE: ("silent_hours", "sl_reported", "abandonment_reported"),
    DEFERRED: (
        "items_done",
        "due_met",
        "turnaround_mean_h",
        "turnaround_p90_h",
        "age_mean_h",
        "age_p90_h",
        "oldest_h",
        "overdue",
        "backlog_at_close",
        "backlog_hours",
    ),
    CALLBACK: (
        "callback_rate",
        "callback_wait_s",
        "callback_reached",
        "sl_with_callbacks",
        "abandonment_with_callbacks",
    ),
    OVERFLOW: ("overflow_rate",),
    LIMIT: ("blocked",),
    BOT_AWAY: ("bot_spilled",),
}
CHANNEL_NEEDS = {name: need for need, names in _BEYOND.items() for name in names}
"""What a scenario must have for the measures that go beyond a telephone line, by measure."""


def measure_names() -> tuple[str, ...]:
    """Return the names of all measures: those of every contact, the parts of handle time, those of mechanisms."""
    declared = (measure.name for mechanism in registered() for measure in mechanism.measures)
    return (*_OF_ALL, *CHANNEL_NEEDS, *(part.measure for part in parts_of_handle_time()), *declared)


def precision_names() -> tuple[str, ...]:
    """Return the names that `run.precision` may have; `service_level` is what `targets.service_level` defines."""
    return ("service_level", *measure_names())


def needs() -> dict[str, str]:
    """Return what a scenario must have for a measure to have a value, by measure."""
    declared = {measure.name: measure.needs for mechanism in registered() for measure in mechanism.measures}
    return (
        _NEEDS | CHANNEL_NEEDS | declared | dict.fromkeys((part.measure for part in parts_of_handle_time()), MECHANISM)
    )
