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


class PlainAccount:
    """Cash, at most one position, and what became of each signal."""

    def __init__(self, signals, *, capital, commission, slippage, direction, sizing, fractional):
        self.signals, self.cash, self.position = signals, capital, None
        self.commission, self.slippage = commission, slippage
        self.direction, self.sizing, self.fractional = direction, sizing, fractional
        k = len(signals)
        self.out = PlainBacktest(outcome=[None] * k, quantity=[Fraction(0)] * k, fill_price=[None] * k)

    def act(self, index, bar, price):
        out, word = self.out, self.signals[index][1]
        if out.ruined_at >= 0:
            out.outcome[index] = 4
            return
        holding = self.position.direction if self.position else 0
        if word == holding or (word < 0 and holding == 0 and self.direction == "long"):
            out.outcome[index] = 2
            return
        price = self.slipped(word, price)
        quantity = self.leave(bar, price, index) if self.position else Fraction(0)
        if self.cash <= 0:
            out.ruined_at = bar
        elif holding == 0 or self.direction == "long-short":
            quantity += self.enter(word, bar, price, index)
        if quantity == 0:
            out.outcome[index] = 3
            return
        out.outcome[index], out.quantity[index], out.fill_price[index] = 0, quantity, price

    def slipped(self, word, price):
        return price * (1 + self.slippage) if word > 0 else price * (1 - self.slippage)

    def enter(self, word, bar, price, signal):
        if price <= 0 or self.cash <= 0:
            return Fraction(0)
        quantity = self.sizing * self.cash / (price * (1 + self.commission))
        if not self.fractional:
            quantity = Fraction(floor(quantity))
        if quantity == 0:
            return quantity
        value = quantity * price
        cash_of_entry = -value * (1 + self.commission) if word > 0 else value * (1 - self.commission)
        self.cash += cash_of_entry
        self.position = PlainTrade(word, quantity, bar, price, signal, cash_of_entry)
        return quantity

    def leave(self, bar, price, signal):
        trade, self.position = self.position, None
        value = trade.quantity * price
        cash_of_exit = (
            value * (1 - self.commission) if trade.direction > 0 else -value * (1 + self.commission)
        )
        self.cash += cash_of_exit
        trade.exit_bar, trade.exit_signal = bar, signal
        self.finish(trade, price, cash_of_exit)
        return trade.quantity

    def finish(self, trade, price, cash_of_exit):
        set_aside = trade.quantity * trade.entry_price * (1 + self.commission)
        trade.exit_price = price
        trade.pnl = trade.cash_in_entry + cash_of_exit
        trade.pnl_percent = 100 * trade.pnl / set_aside
        self.out.trades.append(trade)

    def worth(self, close):
        held = self.position.direction * self.position.quantity if self.position else 0
        return self.cash + held * close

    def end_bar(self, bar, close):
        out = self.out
        if self.worth(close) <= 0 and out.ruined_at < 0:
            out.ruined_at = bar
            if self.position:
                self.leave(bar, self.slipped(-self.position.direction, close), -1)
        out.bars_in_position += self.position is not None
        out.equity.append(self.worth(close))

    def end(self, close):
        out = self.out
        out.outcome = [(1 if out.ruined_at < 0 else 4) if o is None else o for o in out.outcome]
        if self.position:
            self.finish(self.position, close, self.position.direction * self.position.quantity * close)


def plain_backtest(opens, closes, signals, *, fill, **options):
    """Prices, capital, commission and slippage (shares, not percent) and sizing are Fractions.

    signals is a list of (bar, 1 or -1).
    """
    account = PlainAccount(signals, **options)
    for bar in range(len(opens)):
        for index, (signal_bar, _) in enumerate(signals):
            if fill == "next-open" and signal_bar + 1 == bar:
                account.act(index, bar, opens[bar])
            elif fill == "close" and signal_bar == bar:
                account.act(index, bar, closes[bar])
        account.end_bar(bar, closes[bar])
    account.end(closes[-1])
    return account.out
