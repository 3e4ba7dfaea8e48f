"""The names of measures that a scenario may mention (docs/measures.md says what they mean)."""

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
    "containment_in_hours",
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
    "transfer_rate",
    "supervisor_rate",
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
PARTS = (
    "aht_stated_s",
    "aht_difficulty_s",
    "aht_frustration_s",
    "aht_fatigue_s",
    "aht_tenure_s",
    "aht_redundancy_s",
    "aht_speed_s",
    "aht_assistant_s",
    "aht_context_s",
    "aht_screens_s",
    "aht_supervisor_s",
    "aht_pace_s",
    "aht_wrap_up_s",
    "aht_summary_s",
    "aht_cleanup_s",
)
"""The causes that AHT is made of."""

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
    "csat",
    "leavers_expected",
    "replacement_cost",
)
MEASURES = (*COUNTS, *RATES, *TIMES, *PARTS, *AMOUNTS)

# `service_level` stands for the definition that `targets.service_level` names.
PRECISION_NAMES = ("service_level", *MEASURES)

MECHANISM = "a mechanism"

# What a scenario must have for a measure to have a value.
NEEDS = {
    "cost": "costs",
    "cost_per_resolution": "costs",
    "containment_rate": "bot",
    "bot_resolution_rate": "bot",
    "false_containment_rate": "bot",
    "escalation_rate": "bot",
    "fcr_bot": "bot",
    "bot_abandonment_rate": "bot",
    "opt_out_rate": "bot",
    "containment_in_hours": "bot.hours",
    "bot_session_s": "bot",
    "transfer_rate": "pace.sends_away",
    "supervisor_rate": "supervisor",
    "csat": "csat",
    "leavers_expected": "attrition",
    "replacement_cost": "attrition",
} | dict.fromkeys(PARTS, MECHANISM)
