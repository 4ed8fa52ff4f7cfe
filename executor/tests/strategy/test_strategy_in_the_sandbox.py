"""What a strategy answers in a locked-down child is what it answers in this process."""

import pytest
from running_executor import RunningExecutor
from strategy_runs import REPOSITORY, market_bars, run, validated

from strategiz_executor.generated import strategy_execution_pb2 as wire
from strategiz_executor.strategy.warm_up_strategies import BROKEN, RUNNING

EXAMPLES = [path.read_text() for path in sorted((REPOSITORY / "examples" / "strategies").glob("*.py"))]
STATEMENTS = (
    "df.resample('ME').agg({'open': 'first', 'close': 'last'})",
    "df.groupby([df.index.year, df.index.month]).close.ohlc()",
    "df.tz_convert('Asia/Kolkata').between_time('03:00', '20:00')",
    "print(df.describe().to_markdown() if hasattr(df, 'nothing') else df.describe())",
    "print(df.head().to_dict('records'), df.to_json()[:50], df.info())",
    "np.linalg.lstsq(np.vander(np.arange(9.0), 3), np.arange(9.0), rcond=None)",
    "df.close.rolling('30D').mean(), df.close.ewm(halflife='10D', times=df.index).mean()",
    "df.close.rolling(5).corr(df.volume), df.rolling(20).cov().iloc[-1]",
    "pd.date_range('2020-01-31', periods=4, freq='BME'), pd.offsets.BDay(3) + df.index[0]",
    "pd.Series(['2020-01-01', '5 May 2021']).map(pd.to_datetime)",
    "import datetime; datetime.datetime.strptime('2020-01-05', '%Y-%m-%d').strftime('%A %d %B')",
    "import decimal, statistics; statistics.quantiles([1, 2, 3, 4]), decimal.Decimal('1.1').sqrt()",
    "[talib.MACD(df.close), talib.STOCHRSI(df.close), talib.HT_SINE(df.close), talib.CDLENGULFING(df.open, df.high, df.low, df.close)]",  # noqa: E501
    "[ta.ichimoku(df.high, df.low, df.close), ta.squeeze(df.high, df.low, df.close), ta.psar(df.high, df.low)]",
    "df.close.plot()",
    "df['close'].astype('category').cat.codes, df.close.astype('string').str.len()",
    "print(f'{df.index[-1]:%c} {1e9:,.1f} {True!r:>8}', df.index[-1].isoformat())",
)
CODES = [*EXAMPLES, *RUNNING, *BROKEN, *(f"{statement}\nsignal('BUY', 'x')" for statement in STATEMENTS)]


@pytest.mark.parametrize("number", range(len(CODES)))
def test_a_child_answers_what_this_process_answers(executor: RunningExecutor, number: int):
    code, bars = CODES[number], market_bars("AAPL", 120)
    here = run(code, bars)
    there = executor.stub.ExecuteStrategy(
        wire.ExecuteStrategyRequest(code=code, bars=bars, timeframe="1D"), timeout=40
    )
    assert there.success == here.frame.success, there.error
    assert list(there.logs) == here.logs
    if there.success:
        assert there.result.signals == here.frame.result.signals
        assert there.result.plots == here.frame.result.plots
        assert there.result.equity == here.frame.result.equity
        return
    same = ("class", "code", "type", "line", "hint")
    assert [getattr(there.failure, name) for name in same] == [getattr(here.failure, name) for name in same]


@pytest.mark.parametrize("number", range(len([*EXAMPLES, *BROKEN])))
def test_a_child_finds_what_this_process_finds(executor: RunningExecutor, number: int):
    code = [*EXAMPLES, *BROKEN][number]
    there = executor.stub.ValidateCode(wire.ValidateCodeRequest(code=code), timeout=20)
    assert there == validated(code)


@pytest.mark.parametrize(
    "write", ["df.to_csv('/tmp/out.csv')", "df.to_pickle('out.pkl')", "df.to_json('out.json')"]
)
def test_writing_a_file_fails_with_a_hint(executor: RunningExecutor, write: str):
    answer = executor.execute(f"{write}\nsignal('BUY', 'x')")
    assert not answer.success
    assert getattr(answer.failure, "class") == "user"
    assert "no files" in answer.failure.hint
