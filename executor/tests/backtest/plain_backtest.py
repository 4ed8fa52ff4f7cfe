"""The rules of docs/metrics.md written down once more: bar by bar, in exact fractions, for comparison.

Slow and plain on purpose. It shares no code with the backtest that it checks.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor


@dataclass
class PlainTrade:
    direction: int
    quantity: Fraction
    entry_bar: int
    entry_price: Fraction
    entry_signal: int
    cash_in_entry: Fraction  # received (short) or minus paid (long)
    exit_bar: int = -1
    exit_price: Fraction = Fraction(0)
    exit_signal: int = -1
    pnl: Fraction = Fraction(0)
    pnl_percent: Fraction = Fraction(0)


@dataclass
class PlainBacktest:
    equity: list = field(default_factory=list)
    trades: list = field(default_factory=list)
    outcome: list = field(default_factory=list)
    quantity: list = field(default_factory=list)
    fill_price: list = field(default_factory=list)
    bars_in_position: int = 0
    ruined_at: int = -1


def plain_backtest(
    opens, closes, signals, *, capital, commission, slippage, fill, direction, sizing, fractional
):
    """Prices, capital, commission and slippage (shares, not percent) and sizing are Fractions.

    signals is a list of (bar, 1 or -1).
    """
    n = len(opens)
    out = PlainBacktest(
        outcome=[None] * len(signals), quantity=[Fraction(0)] * len(signals), fill_price=[None] * len(signals)
    )
    cash = capital
    position = None  # the open PlainTrade

    def leave(bar, price, signal):
        nonlocal cash, position
        trade, position = position, None
        value = trade.quantity * price
        cash_of_exit = value * (1 - commission) if trade.direction > 0 else -value * (1 + commission)
        cash += cash_of_exit
        trade.exit_bar, trade.exit_price, trade.exit_signal = bar, price, signal
        finish(trade, cash_of_exit)
        return trade.quantity

    def finish(trade, cash_of_exit):
        set_aside = trade.quantity * trade.entry_price * (1 + commission)
        trade.pnl = trade.cash_in_entry + cash_of_exit
        trade.pnl_percent = 100 * trade.pnl / set_aside
        out.trades.append(trade)

    def enter(word, bar, price, signal):
        nonlocal cash, position
        if price <= 0 or cash <= 0:
            return Fraction(0)
        quantity = sizing * cash / (price * (1 + commission))
        if not fractional:
            quantity = Fraction(floor(quantity))
        if quantity == 0:
            return quantity
        value = quantity * price
        cash_of_entry = -value * (1 + commission) if word > 0 else value * (1 - commission)
        cash += cash_of_entry
        position = PlainTrade(word, quantity, bar, price, signal, cash_of_entry)
        return quantity

    def act(index, bar, price):
        word = signals[index][1]
        holding = position.direction if position else 0
        if word == holding or (word < 0 and holding == 0 and direction == "long"):
            out.outcome[index] = 2
            return
        price = price * (1 + slippage) if word > 0 else price * (1 - slippage)
        quantity = leave(bar, price, index) if position else Fraction(0)
        if cash <= 0:
            out.ruined_at = bar
        elif holding == 0 or direction == "long-short":
            quantity += enter(word, bar, price, index)
        if quantity == 0:
            out.outcome[index] = 3
            return
        out.outcome[index], out.quantity[index], out.fill_price[index] = 0, quantity, price

    for bar in range(n):
        for index, (signal_bar, _) in enumerate(signals):
            if fill == "next-open" and signal_bar + 1 == bar:
                if out.ruined_at < 0:
                    act(index, bar, opens[bar])
                else:
                    out.outcome[index] = 4
            elif fill == "close" and signal_bar == bar:
                if out.ruined_at < 0:
                    act(index, bar, closes[bar])
                else:
                    out.outcome[index] = 4
        equity = cash + (position.direction * position.quantity * closes[bar] if position else 0)
        if equity <= 0 and out.ruined_at < 0:
            out.ruined_at = bar
            if position:
                close = closes[bar]
                leave(bar, close * (1 - slippage) if position.direction > 0 else close * (1 + slippage), -1)
            equity = cash
        out.bars_in_position += position is not None
        out.equity.append(equity)
    for index, outcome in enumerate(out.outcome):
        if outcome is None:
            out.outcome[index] = 1 if out.ruined_at < 0 else 4
    if position:
        trade = position
        trade.exit_price = closes[-1]
        finish(trade, trade.direction * trade.quantity * closes[-1])
    return out
