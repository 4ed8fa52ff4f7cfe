"""ExecuteList: one result per (deployment, symbol), and one failing deployment fails no other."""

from running_executor import REACH_OS, RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages

BUY = "def strategy(data):\n    plot(data['close'] * 2, 'twice')\n    signal('buy', 'always')\n"
ENDLESS = "def strategy(data):\n    while True:\n        pass\n"
BROKEN = "def strategy(data):\n    return data['Close']\n"
HOLD = "def strategy(data):\n    return 'HOLD'\n"


def bars(close: float, count: int = 5) -> list[messages.MarketDataBar]:
    """Flat bars."""
    return [
        messages.MarketDataBar(
            timestamp=f"2024-01-{day + 1:02d}", open=close, high=close, low=close, close=close, volume=1
        )
        for day in range(count)
    ]


def deployment(name: str, code: str, user: str = "u") -> messages.DeploymentExecution:
    """One deployment."""
    return messages.DeploymentExecution(
        deployment_id=name, deployment_type="ALERT", strategy_code=code, user_id=user
    )


def symbol_set(
    deployments: list[messages.DeploymentExecution], symbols: tuple[str, ...] = ("AAA", "BBB")
) -> messages.SymbolSetExecution:
    """Deployments over symbols with 10 and 20 as closes; CCC has no bars."""
    found = messages.SymbolSetExecution(symbols=symbols, deployments=deployments)
    for symbol, close in (("AAA", 10), ("BBB", 20)):
        found.market_data[symbol].symbol = symbol
        found.market_data[symbol].bars.extend(bars(close))
    return found


def run(executor: RunningExecutor, *sets: messages.SymbolSetExecution, seconds: float = 30, limit: int = 0):
    """Calls ExecuteList."""
    request = messages.ExecuteListRequest(symbol_sets=sets, tier="T1", timeout_seconds=limit)
    return executor.stub.ExecuteList(request, timeout=seconds)


def test_each_deployment_answers_for_each_symbol_in_order(executor: RunningExecutor) -> None:
    answer = run(executor, symbol_set([deployment("a", BUY), deployment("b", HOLD)]))
    assert [(r.deployment_id, r.symbol) for r in answer.results] == [
        ("a", "AAA"),
        ("a", "BBB"),
        ("b", "AAA"),
        ("b", "BBB"),
    ]
    assert all(result.success for result in answer.results), [result.error for result in answer.results]
    first = answer.results[1].signal
    assert (first.signal_type, first.symbol, first.price, first.reason) == ("BUY", "BBB", 20, "always")
    assert (first.indicators["twice"], first.timestamp) == (40, "2024-01-05")
    assert answer.results[2].signal.signal_type == "HOLD"
    assert (answer.total_deployments, answer.successful_deployments, answer.failed_deployments) == (4, 4, 0)


def test_one_failing_deployment_fails_no_other(executor: RunningExecutor) -> None:
    names = [("ok", BUY), ("loop", ENDLESS), ("broken", BROKEN), ("last", BUY)]
    answer = run(executor, symbol_set([deployment(*name) for name in names], ("AAA",)), limit=1)
    by_name = {result.deployment_id: result for result in answer.results}
    assert by_name["ok"].success and by_name["last"].success
    assert by_name["loop"].error == "TimeoutError: execution exceeded the limit of 1 s"
    assert by_name["broken"].error.startswith("KeyError: 'Close'") and "(line 2)" in by_name["broken"].error
    assert (answer.success, answer.successful_deployments, answer.failed_deployments) == (True, 2, 2)


def test_a_killed_child_costs_only_its_own_deployment_of_the_same_owner_and_code(
    plain_executor: RunningExecutor,
) -> None:
    ends = "    if data['close'].iloc[-1] == 10:\n        system['_exit'](1)\n"
    code = f"{REACH_OS}\ndef strategy(data):\n{ends}    return 'BUY'\n"
    answer = run(plain_executor, symbol_set([deployment("a", code), deployment("b", code)]))
    assert [result.success for result in answer.results] == [False, True, False, True]
    assert answer.results[0].failure.code == "crashed"


def test_the_calls_deadline_caps_all_and_says_so(executor: RunningExecutor) -> None:
    deployments = [deployment(str(number), ENDLESS, user="") for number in range(4)]
    answer = run(executor, symbol_set(deployments, ("AAA",)), seconds=2, limit=10)
    assert {result.failure.code for result in answer.results} == {"call_deadline"}
    assert answer.failed_deployments == 4
    executor.wait_for_busy_slots(0, seconds=2)


def test_a_symbol_without_bars_fails_alone(executor: RunningExecutor) -> None:
    answer = run(executor, symbol_set([deployment("a", BUY)], ("AAA", "CCC")))
    assert [result.success for result in answer.results] == [True, False]
    assert "CCC" in answer.results[1].error


def test_an_empty_list_is_answered(executor: RunningExecutor) -> None:
    answer = run(executor)
    assert (answer.success, answer.total_deployments) == (True, 0)
