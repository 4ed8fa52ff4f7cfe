"""Sources of strategies made at random: columns, values, conditions and statements out of one another."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

NUMBER_COLUMNS = ("open", "high", "low", "close", "volume")
WINDOW_METHODS = ("mean", "sum", "min", "max", "std", "median")
REDUCTIONS = ("max", "min", "mean", "sum", "std")
COMPARISONS = (">", "<", ">=", "<=", "==", "!=")
NUMBERS = ("0", "1", "-1", "0.5", "2", "60", "1000", "0.98")
KNOWING_ALL_BARS = (
    "(data.close.rank() > 20)",
    "(data.close.diff(9).bfill() > 0)",
    "(data.close > data.close.mean())",
    "(data.close > data.close.iloc[-1])",
    "(data.close < data.close.max())",
)
DEPTH = 3


class SourceMaker:
    """Draws the parts of one strategy; `names` are the columns that its statements have bound so far."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw
        self.columns: list[str] = []
        self.values: list[str] = []
        self._bound = 0

    def pick(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))

    def either(self, *options: Callable[[], str]) -> str:
        """One of the options; the others are not made."""
        return options[self.number(0, len(options) - 1)]()

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def column(self, depth: int = DEPTH) -> str:
        """A Series of numbers."""
        if depth == 0 or self.number(0, 3) == 0:
            bound = [*self.columns, *(f'data["{name}"]' for name in NUMBER_COLUMNS), "data.close"]
            return self.pick(*bound)
        inner = self.column(depth - 1)
        n = self.number(1, 12)
        return self.either(
            lambda: f"{inner}.rolling({n}).{self.pick(*WINDOW_METHODS)}()",
            lambda: f"{inner}.rolling({n}, min_periods=1).{self.pick(*WINDOW_METHODS)}()",
            lambda: f"{inner}.ewm(span={n}, adjust={self.pick('True', 'False')}).mean()",
            lambda: f"{inner}.ewm(alpha=1/{n + 1}, min_periods={self.number(0, 5)}).mean()",
            lambda: f"{inner}.expanding().{self.pick('mean', 'max', 'std')}()",
            lambda: f"{inner}.shift({self.number(0, 4)})",
            lambda: f"{inner}.diff({self.number(0, 3)})",
            lambda: f"{inner}.astype(float).pct_change()",
            lambda: f"{inner}.astype(float).clip(lower={self.pick(*NUMBERS)})",
            lambda: f"{inner}.astype(float).fillna({self.pick(*NUMBERS)})",
            lambda: f"{inner}.abs()",
            lambda: f"{inner}.cummax()",
            lambda: f"{inner}.cumsum()",
            lambda: f"({inner} {self.pick('+', '-', '*', '/')} {self.column(depth - 1)})",
            lambda: f"({inner} {self.pick('+', '-', '*', '/')} {self.pick(*NUMBERS)})",
            lambda: f"({self.pick(*NUMBERS)} {self.pick('-', '/', '*')} {inner})",
            lambda: f"(-{inner})",
            lambda: f"np.maximum({inner}, {self.column(depth - 1)})",
            lambda: f"np.abs({inner})",
            lambda: f"{inner}.astype(float).where({self.truths(depth - 1)}, {self.pick('0', '1.5', inner)})",
            lambda: f"talib.{self.pick('SMA', 'EMA', 'RSI', 'MAX')}({inner}, {n + 1})",
            lambda: f"ta.{self.pick('sma', 'ema', 'rsi', 'roc')}({inner}, length={n + 1})",
            lambda: f"{self.truths(depth - 1)}.astype(int)",
            lambda: (
                f"pd.concat([{inner}, {self.column(depth - 1)}], axis=1).{self.pick('max', 'min')}(axis=1)"
            ),
            lambda: f"{inner}.rank()",
            lambda: f"{inner}.bfill()",
        )

    def truths(self, depth: int = DEPTH) -> str:
        """A Series of truths."""
        compared = (
            f"({self.column(max(depth - 1, 0))} {self.pick(*COMPARISONS)} {self.column(max(depth - 1, 0))})"
        )
        if depth <= 0:
            return compared
        return self.either(
            lambda: compared,
            lambda: f"({self.column(depth - 1)} {self.pick(*COMPARISONS)} {self.pick(*NUMBERS)})",
            lambda: f"({compared} {self.pick('&', '|', '^')} {self.truths(depth - 1)})",
            lambda: f"(~{compared})",
            lambda: f"{self.column(depth - 1)}.isna()",
            lambda: f"{compared}.shift(1, fill_value=False)",
        )

    def value(self, depth: int = DEPTH) -> str:
        """A number."""
        column = self.column(max(depth - 1, 0))
        plain = [
            *[lambda name=name: name for name in self.values],
            lambda: f"{column}.iloc[-1]",
            lambda: f"{column}.iloc[-{self.number(1, 4)}]",
            lambda: f"{column}.iloc[{self.number(0, 3)}]",
            lambda: f"{column}.values[-1]",
            lambda: f"{column}.iat[-2]",
            lambda: f"data.iloc[-{self.number(1, 3)}]['{self.pick('close', 'volume', 'open')}']",
            lambda: "data.iloc[-1].high",
            lambda: "len(data)",
            lambda: f"{column}.{self.pick(*REDUCTIONS)}()",
            lambda: f"{column}.tail({self.number(1, 5)}).{self.pick(*REDUCTIONS)}()",
            lambda: f"{column}.iloc[-{self.number(1, 5)}:].{self.pick(*REDUCTIONS)}()",
            lambda: f"{self.truths(1)}.sum()",
        ]
        if depth <= 0:
            return self.either(*plain)
        one, other = self.either(*plain), self.value(depth - 1)
        return self.either(
            *plain,
            lambda: f"({one} {self.pick('+', '-', '*', '/')} {other})",
            lambda: f"({one} {self.pick('+', '-', '*', '/')} {self.pick(*NUMBERS)})",
            lambda: f"abs({one})",
            lambda: f"round({one}, {self.number(0, 3)})",
            lambda: f"float({one})",
            lambda: f"max({one}, {other})",
            lambda: f"min({one}, {self.pick(*NUMBERS)})",
            lambda: f"np.sqrt(abs({one}))",
            lambda: f"math.floor({one})",
            lambda: f"int({one})",
            lambda: f"({one} % 7)",
            lambda: f"({one} ** 2)",
            lambda: f"(-{one})",
            lambda: f"({one} if {self.condition(depth - 1)} else {other})",
        )

    def condition(self, depth: int = DEPTH) -> str:
        """What an `if` asks."""
        one = self.value(max(depth - 1, 0))
        compared = f"{one} {self.pick(*COMPARISONS)} {self.pick(self.value(0), *NUMBERS)}"
        if depth <= 0:
            return compared
        return self.either(
            lambda: compared,
            lambda: f"{self.truths(depth - 1)}.iloc[-1]",
            lambda: f"{self.truths(depth - 1)}.iloc[-{self.number(1, 4)}:].{self.pick('all', 'any')}()",
            lambda: f"({compared} {self.pick('and', 'or')} {self.condition(depth - 1)})",
            lambda: f"not ({self.condition(depth - 1)})",
            lambda: f"pd.isna({one})",
            lambda: f"np.isnan({one})",
            lambda: f"{self.pick(*NUMBERS)} < {one} <= {self.value(0)}",
            lambda: f"len(data) {self.pick('<', '>', '==')} {self.number(1, 40)}",
            lambda: one,
            lambda: f"{one} in (0, 1, 60.0)",
        )

    def text(self) -> str:
        one = self.value(1)
        return self.either(
            lambda: "'plain'",
            lambda: f"f'v {{{one}:.2f}} n {{len(data)}}'",
            lambda: f"f'{{{one}!r}} {{{one}}}'",
            lambda: f"'%.3f of it' % {one}",
            lambda: f"'{{}}/{{:.1f}}'.format({one}, {self.value(0)})",
            lambda: f"'a' + str({one})",
            lambda: f"str(round({one}, 2))",
            lambda: f"', '.join([f'{{{one}}}', 'x'])",
            lambda: "None",
        )

    def lines(self, depth: int, indent: str) -> list[str]:
        """Some statements; a block is never empty."""
        found: list[str] = []
        for _ in range(self.number(1, 3)):
            found += [indent + line for line in self.statement(depth)]
        return found

    def statement(self, depth: int) -> list[str]:
        kind = self.number(0, 13)
        if kind <= 3 and depth:
            return self._if(depth)
        if kind == 4:
            return [self._bind(self.columns, "c", self.column())]
        if kind == 5:
            return [self._bind(self.values, "v", self.value())]
        if kind == 6:
            return [f"print({self.text()}, {self.value(1)})"]
        if kind == 7:
            return [f"signal('{self.pick('BUY', 'SELL')}', {self.text()})"]
        if kind == 8:
            return [
                f'data["x{self.number(0, 2)}"] = {self.column()}',
                f"c0 = data.get('x0', {self.column(0)})",
            ]
        if kind == 9 and depth:
            return self._try(depth)
        if kind == 10 and depth:
            return [f"for k in ({self.number(1, 3)}, {self.number(2, 6)}):", *self._loop()]
        if kind == 11 and self.columns:
            return [
                f"{self.pick(*self.columns)} {self.pick('+=', '*=', '-=')} {self.pick('1', self.column(1))}"
            ]
        if kind == 12:
            return [f"data = data.copy(); data['x1'] = {self.column(1)}"]
        answer = self.pick("'BUY'", "'SELL'", "'HOLD'", "None", "1", "-1", "0")
        return [f"return {answer}"]

    def _bind(self, names: list[str], letter: str, source: str) -> str:
        self._bound += 1
        name = f"{letter}{self._bound}"
        names.append(name)
        return f"{name} = {source}"

    def _branch(self, depth: int) -> list[str]:
        """What a branch binds is not known after it."""
        columns, values = list(self.columns), list(self.values)
        found = self.lines(depth - 1, "    ")
        self.columns, self.values = columns, values
        return found

    def _if(self, depth: int) -> list[str]:
        found = [f"if {self.condition()}:", *self._branch(depth)]
        if self.number(0, 2) == 0:
            found += [f"elif {self.condition(1)}:", *self._branch(depth)]
        if self.number(0, 1):
            found += ["else:", *self._branch(depth)]
        return found

    def _try(self, depth: int) -> list[str]:
        caught = self.pick("IndexError", "Exception", "ZeroDivisionError", "(KeyError, ValueError)")
        found = [
            "try:",
            *self._branch(depth),
            f"except {caught} as error:",
            f"    {self.pick('pass', 'print(error)')}",
        ]
        return found if self.number(0, 3) else [*found, "finally:", "    print('done')"]

    def _loop(self) -> list[str]:
        column = self.column(1)
        body = self.pick(
            f"if {column}.rolling(k).mean().iloc[-1] > {self.value(0)}: break",
            f"print(k, {column}.shift(k).iloc[-1])",
            f"if {column}.iloc[-k] > {self.value(0)}: return 'BUY'",
        )
        return [f"    {body}"]


@st.composite
def sources(draw: Any) -> str:
    """A strategy of form 1, or of form 4."""
    maker = SourceMaker(draw)
    if draw(st.integers(0, 4)) == 0:
        lines = [line for line in maker.lines(2, "") if "return" not in line]
        return (
            "\n".join(["data = df", *lines, f"if {maker.condition(1)}: signal('BUY', {maker.text()})"]) + "\n"
        )
    body = maker.lines(2, "    ")
    otherwise = maker.pick("'SELL'", "None")
    last = f"    return 'BUY' if {maker.condition(1)} else {otherwise}"
    return "\n".join(["def strategy(data):", *body, last]) + "\n"


@st.composite
def column_sources(draw: Any) -> str:
    """A strategy of form 2; some compare with a single value, and many of those know later bars."""
    maker = SourceMaker(draw)
    body = [f"    {maker._bind(maker.columns, 'c', maker.column())}" for _ in range(maker.number(0, 2))]
    if maker.number(0, 1):
        body.append(f'    data["x0"] = {maker.column(1)}')
        maker.columns.append('data["x0"]')
    if maker.number(0, 1):
        body.append(f"    plot({maker.column(1)}, 'x', linewidth={maker.number(1, 3)})")
        body.append("    print('plotted', 1.5, sep='-')")
    truths = maker.either(
        maker.truths,
        maker.truths,
        lambda: f"({maker.column(1)} {maker.pick(*COMPARISONS)} {maker.value(1)})",
        lambda: f"({maker.truths(1)} & {maker.pick(*KNOWING_ALL_BARS)})",
    )
    answer = maker.pick(truths, f"{truths}.astype(int).diff()", f"np.where({truths}, 1, -1)")
    return "\n".join(["def strategy(data):", *body, f"    return {answer}"]) + "\n"
