from strategy_runs import market_bars, ok, run

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.strategy.language import PLAIN_PYTHON, LanguageLayer
from strategiz_executor.strategy.run import execute, warm_up

PLOT = "\nplot(df.close, 'c')"


def test_nothing_of_an_execution_stays_for_the_next_in_the_same_process():
    run("shared = 1\n__builtins__['len'] = None\nparams['x'] = 1" + PLOT)
    assert ok(
        "print(len([1]), params)\ntry:\n    shared\nexcept NameError:\n    print('gone')" + PLOT
    ).logs == ["1 {}", "gone"]


def test_library_settings_of_an_execution_end_with_it():
    run(
        "import decimal\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)\ndecimal.getcontext().prec = 3"
        + PLOT
    )
    code = "import decimal\nprint(np.float64(1) / 0, np.array([1 / 3]), decimal.Decimal(1) / 3)" + PLOT
    assert ok(code).logs == ["inf [0.33333333] 0.3333333333333333333333333333"]


def test_warnings_of_libraries_are_no_failure():
    ok("np.log(np.array([-1.0]))\nnp.array([1.0]) / 0\npd.Series([1, 2]).dt if False else None" + PLOT)


def test_compiled_code_comes_first_and_saves_the_compiler_the_next_time():
    request = RequestFrame(code='signal("BUY", "x")', bars=market_bars("FB", 30), backtest=True)
    compiled, last = execute(request)
    assert compiled.compiled
    assert not compiled.last
    request.compiled = compiled.compiled
    (again,) = execute(request)
    assert again.result == last.result
    assert again.replay == last.replay


def test_compiled_code_of_another_layer_or_no_code_at_all_is_compiled_anew():
    request = RequestFrame(code='signal("BUY", "x")', bars=market_bars("FB", 30))
    other = LanguageLayer("other", PLAIN_PYTHON.compile_tree)
    request.compiled = next(iter(execute(request, other))).compiled
    first, last = execute(request)
    assert first.compiled
    assert last.success
    request.compiled = b"nonsense"
    assert len(list(execute(request))) == 2


def test_a_guard_of_the_language_layer_joins_the_names():
    layer = LanguageLayer("test", PLAIN_PYTHON.compile_tree, {"_guard_": "there"})
    request = RequestFrame(code="print(_guard_)" + PLOT, bars=market_bars("FB", 30))
    *_, last = execute(request, layer)
    assert list(last.result.logs) == ["there"]


def test_phases_are_timed():
    timings = ok('def strategy(data):\n    return "BUY"').frame.timings
    assert min(timings.compile_ms, timings.run_ms, timings.replay_ms, timings.backtest_ms) > 0


def test_without_a_backtest_there_is_no_equity():
    *_, last = execute(RequestFrame(code='signal("BUY", "x")', bars=market_bars("FB", 30)))
    assert last.success
    assert not last.result.equity
    assert not last.HasField("metrics")
    assert last.live.type == 1


def test_a_wrong_backtest_option_fails_naming_it():
    request = RequestFrame(code='signal("BUY", "x")', bars=market_bars("FB", 30), backtest=True)
    request.options.sizing = 2
    *_, last = execute(request)
    assert (last.failure.code, last.success) == ("bad_option", False)
    assert "sizing" in last.failure.message


def test_a_result_names_what_it_rests_on():
    assumptions = ok('signal("BUY", "x")', market_bars("AAPL", 300)).frame.assumptions
    assert set(assumptions.versions) == {
        "executor",
        "python",
        "numpy",
        "pandas",
        "talib",
        "pandas_ta_classic",
    }
    assert all(assumptions.versions.values())
    assert assumptions.bars_per_year == 252


def test_the_warm_up_runs():
    warm_up()
