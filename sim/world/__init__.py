"""Who calls, and their luck: settled before any centre is simulated.

The world knows arrival times, intents and the draw for any entity, purpose and attempt. It knows nothing of bots,
staffing or mechanisms, so two scenarios with the same seed meet the same people.
"""

from sim.world.customers import World, make_world
from sim.world.horizon import Horizon, make_horizon

__all__ = ["Horizon", "World", "make_horizon", "make_world"]
