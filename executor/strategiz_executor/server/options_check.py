"""Checks of a request's backtest options and timeframe."""

import math

from strategiz_executor.generated.strategy_execution_pb2 import BacktestOptions
from strategiz_executor.server.errors import InvalidRequest

TIMEFRAMES = ("1m", "30m", "1h", "4h", "1D", "1W", "1M")
FILLS = ("next-open", "close")
DIRECTIONS = ("long", "long-short")
# Field, lowest value, whether that itself is allowed, highest value.
RANGES = (
    ("initial_capital", 0.0, False, 1e15),
    ("commission_pct", 0.0, True, 50.0),
    ("slippage_pct", 0.0, True, 50.0),
    ("sizing", 0.0, False, 1.0),
    ("bars_per_year", 0.0, False, 1e6),
    ("risk_free_rate", -1.0, False, 1.0),
)


def check_options(options: BacktestOptions) -> None:
    """Raises InvalidRequest naming the option, its value and the rule."""
    _check_choice("options.fill", options.fill, FILLS)
    _check_choice("options.direction", options.direction, DIRECTIONS)
    for name, lowest, inclusive, highest in RANGES:
        if options.HasField(name):
            value = getattr(options, name)
            above = value >= lowest if inclusive else value > lowest
            if not (math.isfinite(value) and above and value <= highest):
                rule = f"{'at least' if inclusive else 'above'} {lowest:g} and at most {highest:g}"
                raise InvalidRequest(f"options.{name} is {value:g}: it must be {rule}")


def check_timeframe(timeframe: str) -> None:
    """Raises InvalidRequest for a timeframe that is neither empty nor one of those there are."""
    _check_choice("timeframe", timeframe, TIMEFRAMES)


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value and value not in choices:
        raise InvalidRequest(f"{name} is {value[:64]!r}: it must be one of {', '.join(choices)}")
