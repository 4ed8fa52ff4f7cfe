"""Byte layout of what a child answers to frames of kind BATCH. Constants only.

Each answer is LENGTH (bytes that follow), TAG and a body. A cell that went well in summary detail is one
RECORD of a fixed size, so that a reader checks and transposes thousands of them at once.
"""

import struct

HEAD = struct.Struct("<IB")  # bytes after the length, tag
LENGTH_BYTES = 4

COMPILED = 1  # body: marshalled code, once, before user code runs
ASSUMPTIONS = 2  # body: Assumptions, before the first record of a series
NOTES = 3  # body: NOTES_ID and NoteSet, before the first record that names it
RECORD = 4  # a cell's summary
RESULT = 5  # body: PLACE and ResultFrame: a failure, or a cell in full
REFUSED = 6  # body: ResultFrame with the failure that ends the batch (the code does not compile)

PLACE = struct.Struct("<i")  # of a cell among those of its series
NOTES_ID = struct.Struct("<i")
MOST_NOTE_SETS = 1_000
NO_NOTES = -1

WAYS = ("once", "paths", "proxies", "plain")

# Nullable: NaN where the figure cannot be computed.
METRICS = (
    ("total_return_pct", False),
    ("total_pnl", False),
    ("cagr_pct", True),
    ("volatility_pct", True),
    ("sharpe", True),
    ("sortino", True),
    ("max_drawdown_pct", False),
    ("longest_drawdown_bars", False),
    ("calmar", True),
    ("win_rate_pct", True),
    ("avg_win", True),
    ("avg_loss", True),
    ("expectancy", True),
    ("profit_factor", True),
    ("sqn", True),
    ("exposure_pct", False),
    ("buy_and_hold_pct", True),
    ("buy_and_hold_pnl", True),
    ("outperformance_pct", True),
    ("total_trades", False),
    ("profitable_trades", False),
    ("buy_count", False),
    ("sell_count", False),
    ("ignored_signals", False),
    ("pending_signals", False),
    ("final_equity", False),
    ("open_position", False),
)
RETURNS = ("return_mean", "return_sd", "return_skewness", "return_kurtosis")
FIGURES = len(METRICS) + len(RETURNS)

# length, tag, live, way, unused, place, notes, returns, run_us, figures
RECORD_STRUCT = struct.Struct(f"<IBbbBiiiI{FIGURES}d")
RECORD_FIELDS = [
    ("length", "<u4"),
    ("tag", "u1"),
    ("live", "i1"),
    ("way", "i1"),
    ("unused", "u1"),
    ("place", "<i4"),
    ("notes", "<i4"),
    ("returns", "<i4"),
    ("run_us", "<u4"),
    ("figures", "<f8", (FIGURES,)),
]
