"""``ccsim plan``: what a plan of heads does to the months ahead, and which plan meets the targets at least cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
