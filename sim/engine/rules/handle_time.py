"""The order of factors in a handle time (docs/model.md, "Handle time")."""

from sim.jit import compiled, inlined
from sim.rng.scores import to_us


@inlined
def needed_talk(
    base_s: float,
    tired_base_s: float,
    frustration: float,
    fatigue: float,
    tenure: float,
    redundancy: float,
    speed: float,
    skill_speed: float,
    assistant: float,
    extra_s: float,
    context_s: float,
    screens_s: float,
) -> tuple[float, int, int, int, int, int, int, int, int]:
    """T_need: what the contact needs from this agent, unhurried, and what each cause adds to it.

    T0 x frustration x fatigue x tenure x redundancy x speed x assistant, + the time to recover lost context, + screens.
    Wrap-up stands apart.

    Parameters
    ----------
    base_s, tired_base_s : T0 (s), and with a tired agent's wider spread.
    frustration, fatigue, tenure, redundancy, speed, assistant : factors; `skill_speed` divides.
    extra_s, context_s, screens_s : seconds added, the first by the assistant.

    Returns
    -------
    T_need (s), and the microseconds of each of `sim.engine.records.FACTORS`: with T0 rounded to microseconds they add
    up to T_need rounded, exactly.
    """
    upset = base_s * frustration
    tired = tired_base_s * frustration * fatigue
    new = tired * tenure
    uneasy = new * redundancy
    own = uneasy * speed / skill_speed
    helped = own * assistant + extra_s
    informed = helped + context_s
    needed = informed + screens_s
    a, b, c, d = to_us(base_s), to_us(upset), to_us(tired), to_us(new)
    e, f, g, h = to_us(uneasy), to_us(own), to_us(helped), to_us(informed)
    return needed, b - a, c - b, d - c, e - d, f - e, g - f, h - g, to_us(needed) - h


@compiled
def shortened_wrap_up(wrap_us: int, left: float) -> int:
    """Wrap-up (us) of which the assistant leaves a share."""
    if left == 1.0:
        return wrap_us
    return to_us(wrap_us / 1e6 * left)
