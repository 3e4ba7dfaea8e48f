"""The order of factors in a handle time (docs/model.md, "Handle time")."""

from sim.jit import compiled


@compiled
def needed_talk(
    base_s: float, frustration_factor: float, fatigue_factor: float, speed: float, lost_context_s: float
) -> float:
    """T_need (s): what the contact needs from this agent, unhurried.

    T0 x frustration x fatigue / speed, + the time to recover lost context. Wrap-up stands apart.
    """
    return base_s * frustration_factor * fatigue_factor / speed + lost_context_s
