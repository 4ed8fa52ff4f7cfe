"""A number, or why there is none."""

from __future__ import annotations

import math

Figure = float | str
"""A finite number, or the reason in words why it cannot be computed."""

ROUNDING = 1e-14
"""Returns, deviations of returns and drawdowns up to this are rounding noise of doubles and count as 0."""

TOO_LARGE = "too large to be represented"


def ratio(numerator: float, denominator: float, factor: float = 1.0) -> Figure:
    """Answer numerator / denominator x factor, for a denominator that is not 0."""
    if not math.isfinite(denominator):
        return TOO_LARGE
    return finite(numerator / denominator * factor)


def finite(value: float) -> Figure:
    """Answer the value, or that it is too large."""
    return value if math.isfinite(value) else TOO_LARGE


def needs(what: str, least: int, has: int) -> str:
    """Answer the reason for too few of something."""
    return f"needs at least {least} {what}, has {has}"
