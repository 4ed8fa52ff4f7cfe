"""The layer as a caller of the real server meets it, on and off."""

from running_executor import RunningExecutor

from strategiz_executor.generated import strategy_execution_pb2 as messages

INSIDE = "kind = df.close.__class__\nplot(df.close, 'close')"


def test_with_the_layer_a_refusal_names_rule_and_line(executor: RunningExecutor):
    failure = executor.execute(INSIDE).failure
    assert (failure.code, failure.line, failure.source_line) == ("not_available", 1, INSIDE.splitlines()[0])
    assert failure.message == "the attribute __class__ is not available to strategies: write type(x)"


def test_without_the_layer_the_same_code_runs(plain_executor: RunningExecutor):
    assert plain_executor.execute(INSIDE).success


def test_health_says_whether_the_layer_is_on(executor: RunningExecutor, plain_executor: RunningExecutor):
    assert executor.health().metadata["language_layer"] == "on"
    assert plain_executor.health().metadata["language_layer"] == "off (unsafe)"


def test_validate_answers_a_place_for_each_refusal_and_for_each_error(executor: RunningExecutor):
    refused = executor.stub.ValidateCode(messages.ValidateCodeRequest(code="_a = 1\nb = df._c"), timeout=20)
    assert [(each.line, each.column) for each in refused.diagnostics] == [(1, 1), (2, 8)]
    raised = executor.stub.ValidateCode(
        messages.ValidateCodeRequest(code="SYMBOL = 'A'\nx = 1 + df.query('close > 3')\nplot(x, 'x')"),
        timeout=20,
    )
    assert [(each.code, each.line, each.column) for each in raised.diagnostics] == [("not_available", 2, 9)]
