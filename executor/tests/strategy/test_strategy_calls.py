import numpy as np
import pytest
from strategy_runs import fails, ok, run, tiny_bars

from strategiz_executor.generated.frames_pb2 import Limits

pytestmark = pytest.mark.usefixtures("way")


@pytest.mark.parametrize("type_", ["1", "True", "None", "'HOLD'", "'LONG'"])
def test_signal_takes_only_buy_and_sell(type_):
    failure = fails(f"signal({type_}, 'why')")
    assert (failure.code, failure.line) == ("bad_signal", 1)


@pytest.mark.parametrize(
    "time",
    [
        "df.index[2]",
        "df['timestamp'].iloc[2]",
        "'2020-01-04'",
        "'2020-01-04T00:00:00Z'",
        "pd.Timestamp('2020-01-04')",
        "datetime.datetime(2020, 1, 4)",
        "datetime.date(2020, 1, 4)",
        "np.datetime64('2020-01-04')",
        "pd.Timestamp('2020-01-04 09:00', tz='Asia/Tokyo')",
        "df.index.values[2]",
    ],
)
def test_a_timestamp_may_be_any_time_that_names_a_bar(time):
    assert ok(f"import datetime\nsignal('BUY', {time}, 1.0)").words == [(2, "BUY")]


@pytest.mark.parametrize("time", ["'2019-01-01'", "df.index[2] + pd.Timedelta(hours=1)"])
def test_a_timestamp_without_a_bar_fails(time):
    failure = fails(f"signal('BUY', {time}, 1.0)")
    assert failure.code == "signal_without_bar"
    assert failure.line == 1


@pytest.mark.parametrize(
    "time", ["2", "2.5", "None", "'soon'", "pd.NaT", "df.index", "'NaT'", "pd.Timedelta(1)"]
)
def test_a_timestamp_that_is_no_time_fails(time):
    failure = fails(f"signal('BUY', {time}, 1.0)")
    assert failure.code == "bad_signal"
    assert "must be a time" in failure.message


@pytest.mark.parametrize("price", ["'5'", "float('nan')", "float('inf')", "True", "df.close"])
def test_the_price_of_a_signal_must_be_a_finite_number(price):
    assert fails(f"signal('BUY', df.index[0], {price})").code == "bad_signal"


def test_a_signals_price_is_its_bars_close_unless_given():
    answer = ok(
        "signal('BUY', timestamp=df.index[1])\nsignal('SELL', df.index[2], np.float64(7.5))", [3, 4, 5]
    )
    assert answer.prices == [4.0, 7.5]


def test_all_names_of_signal_are_keywords():
    answer = ok("signal(type='BUY', timestamp=df.index[1], price=2, reason='r', icon='star')")
    assert answer.signals == [(1, "BUY", "r")]
    assert list(answer.frame.result.signals.icon) == ["star"]
    assert ok("signal(type='buy', reason='r')").signals == [(0, "BUY", "r")]


@pytest.mark.parametrize(
    "call",
    [
        "signal()",
        "signal('BUY', 'a', reason='b')",
        "signal('BUY', size=3)",
        "signal('BUY', df.index[0], 1, 'r', 'i', 'x')",
    ],
)
def test_signal_called_wrongly_says_how(call):
    failure = fails(call)
    assert getattr(failure, "class") == "user"
    assert failure.line == 1


def test_a_reason_may_be_anything_that_has_a_text():
    assert ok("signal('BUY', 3.5)").signals == [(0, "BUY", "3.5")]
    assert ok("signal('BUY', None)").signals == [(0, "BUY", "")]
    assert ok("signal('BUY', '\\ud800')").signals == [(0, "BUY", "?")]


def test_a_plot_returns_one_value_a_bar_and_gaps_for_what_is_no_number():
    answer = ok(
        "plot(df.close.rolling(3).mean(), 'sma', color='red', linewidth=2, overlay=False)", [1, 2, 3, 4]
    )
    (plot,) = answer.frame.result.plots
    assert (plot.name, plot.color, plot.linewidth, plot.overlay) == ("sma", "red", 2.0, False)
    np.testing.assert_array_equal(answer.plots["sma"], [np.nan, np.nan, 2, 3])


@pytest.mark.parametrize(
    "values",
    [
        "[1, None, 3]",
        "np.array([1.0, np.inf, 3])",
        "pd.Series([1, pd.NA, 3], dtype='Int64')",
        "pd.Series([1, None, 3])",
    ],
)
def test_plots_take_lists_arrays_and_series(values):
    np.testing.assert_array_equal(ok(f"plot({values}, 'p')", [1, 2, 3]).plots["p"], [1, np.nan, 3])


def test_a_plot_of_booleans_is_zeros_and_ones():
    np.testing.assert_array_equal(ok("plot(df.close > 1, 'p')", [1, 2]).plots["p"], [0, 1])


@pytest.mark.parametrize(
    "values",
    [
        "[1]",
        "5",
        "df",
        "['a', 'b', 'c']",
        "df.close.sort_values()",
        "np.zeros((3, 1))",
        "df.index",
        "(1, 2, 3)",
    ],
)
def test_a_plot_of_anything_else_fails(values):
    failure = fails(f"plot({values}, 'p')", [3, 2, 1])
    assert failure.code == "bad_plot"
    assert "'p'" in failure.message


def test_plots_of_the_last_bar_count():
    answer = ok("def strategy(data):\n    plot(data.close * len(data), 'p')\n    return 'HOLD'", [1, 2, 3])
    assert len(answer.frame.result.plots) == 1
    np.testing.assert_array_equal(answer.plots["p"], [3, 6, 9])


def test_changing_a_series_after_plotting_it_changes_nothing():
    code = "a = np.zeros(len(df))\nplot(a, 'p')\na[:] = 9"
    np.testing.assert_array_equal(ok(code, [1, 2]).plots["p"], [0, 0])


def test_plots_over_the_limit_are_cut_with_a_note():
    answer = ok("for i in range(25):\n    plot(df.close, f'p{i}')")
    assert len(answer.plots) == 20
    assert answer.warnings["plots_cut"] == "plots cut at the limit of 20, 5 left out"


def test_logs_over_the_limit_are_cut_with_a_note():
    code = "for i in range(200):\n    print('x' * 999)\nplot(df.close, 'c')"
    answer = ok(code, limits=Limits(log_bytes=10_240))
    assert sum(len(line) + 1 for line in answer.logs[:-1]) <= 10_241
    assert answer.logs[-1] == "[logs cut at the limit of 10 KB, 189760 bytes left out]"
    assert "logs_cut" in answer.warnings


def test_after_the_cut_nothing_more_is_kept():
    code = "print('y' * 2000)\nprint('small')\nplot(df.close, 'c')"
    assert ok(code, limits=Limits(log_bytes=1024)).logs == [
        "y" * 1024,
        "[logs cut at the limit of 1 KB, 983 bytes left out]",
    ]


def test_print_writes_as_pythons_own():
    code = "print('a', 1, None, sep='-')\nprint('b', end='')\nprint('c\\nd')\nprint()\nprint('\\ud800')\nplot([1], 1)"
    assert ok(code, [1]).logs == ["a-1-None", "bc", "d", "", "?"]


def test_what_libraries_write_to_standard_output_goes_to_the_logs():
    logs = ok("df.info()\nprint('then')\nplot(df.close, 'c')").logs
    assert "DatetimeIndex" in logs[1]
    assert logs[-1] == "then"


def test_print_to_a_file_fails():
    assert "file=" in fails("print('x', file=3)\nplot(df.close, 'c')").message


def test_more_signals_than_bars_cross_a_limit():
    code = "for i in range(3):\n    signal('BUY', 'a')\n    signal('SELL', 'b')"
    failure = fails(code, [1.0, 2.0])
    assert getattr(failure, "class") == "limit"
    assert (failure.code, failure.limit_name, failure.limit_value, failure.limit_used) == (
        "signals",
        "signals",
        2,
        12,
    )


def test_repeats_do_not_count_toward_the_limit():
    assert ok("for i in range(50):\n    signal('BUY', 'a')").signals == [(0, "BUY", "a")]


def test_a_result_over_its_limit_fails_with_what_was_used():
    failure = fails("signal('BUY', 'x' * 900)", limits=Limits(result_bytes=1024))
    assert (getattr(failure, "class"), failure.code, failure.limit_unit) == ("limit", "result", "MB")
    assert failure.limit_used > failure.limit_value


def test_a_weekend_bar_is_a_bar():
    assert ok("signal('BUY', '2020-01-05', 1)", tiny_bars([1, 2, 3, 4])).words == [(3, "BUY")]


def test_without_a_backtest_there_are_signals_and_a_live_signal_alone():
    answer = run("signal('BUY', 'a')")
    assert answer.frame.result.equity
    assert answer.frame.HasField("metrics")
