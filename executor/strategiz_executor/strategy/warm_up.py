"""Everything an execution may touch, imported and used once, before a child is locked down."""

from __future__ import annotations


def warm_up() -> None:
    """Nothing."""
