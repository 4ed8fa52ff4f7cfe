"""The failures that the server itself states; the others come from the child.

Classes are those of the job: `user` and `limit` are never retried, `platform` is.
"""

from strategiz_executor.generated.strategy_execution_pb2 import Failure


def error_text(failure: Failure) -> str:
    """The old `error` field: "TypeName: message (line N)", without the line where there is none."""
    place = f" (line {failure.line})" if failure.line > 0 else ""
    return f"{failure.type or 'Error'}: {failure.message}{place}"


def over_limit(name: str, limit: float, used: float, unit: str, message: str) -> Failure:
    """A limit crossed: its name, value, what was used and the unit of both."""
    failure = _failure("limit", name, "LimitExceeded", message)
    return _with_limit(failure, name, limit, used, unit)


def timed_out(limit_s: float, used_s: float) -> Failure:
    """Killed at the wall-time limit."""
    message = f"execution exceeded the limit of {limit_s:g} s"
    return _with_limit(_failure("limit", "timeout", "TimeoutError", message), "time", limit_s, used_s, "s")


def no_time_left() -> Failure:
    """Not run, or cut off, because the deadline of the whole call came first."""
    message = "the call's deadline came before this deployment's turn: send fewer, or a longer deadline"
    return _failure("limit", "call_deadline", "TimeoutError", message)


def out_of_cpu(limit_s: float, used_s: float) -> Failure:
    """Ended by the kernel at the CPU-time limit."""
    message = f"execution used more than {limit_s:g} s of CPU time"
    return _with_limit(_failure("limit", "cpu", "TimeoutError", message), "cpu", limit_s, used_s, "s")


def out_of_memory(limit_mb: float, used_mb: float) -> Failure:
    """Ended by the kernel while close to its memory limit."""
    message = f"execution exceeded the limit of {limit_mb:g} MB of memory"
    return _with_limit(_failure("limit", "memory", "MemoryError", message), "memory", limit_mb, used_mb, "MB")


def result_too_long(limit_bytes: int, used_bytes: int) -> Failure:
    """The child announced a result above the cap; it was not read."""
    limit_mb, used_mb = limit_bytes / (1 << 20), used_bytes / (1 << 20)
    message = f"the result has {used_mb:.1f} MB, more than the limit of {limit_mb:g} MB"
    return over_limit("result", limit_mb, used_mb, "MB", message)


def crashed(how: str) -> Failure:
    """The code ended its own process: by exiting, or by a fault in native code."""
    message = f"the strategy ended its process ({how})"
    return _failure("user", "crashed", "ProcessEnded", message)


def invalid_result(reason: str) -> Failure:
    """The child answered something that an honest run cannot answer."""
    return _failure("user", "invalid_result", "InvalidResult", f"the result was refused: {reason}")


def child_died(why: str) -> Failure:
    """The sandbox ended for a reason that is ours."""
    return _failure("platform", "child_died", "SandboxError", f"the sandbox process ended: {why}")


def no_child(waited_s: float) -> Failure:
    """No sandbox became ready."""
    message = f"no sandbox process became ready within {waited_s:g} s"
    return _failure("platform", "no_child", "SandboxError", message)


def no_core(limit_s: float, on_core_s: float, waited_s: float) -> Failure:
    """A cell that waited for a core until it was ended, with time of its limit left."""
    message = (
        f"the cell had {on_core_s:.2g} s of a core of its limit of {limit_s:g} s, and waited {waited_s:.2g} s for one:"
        " the machine was busy with other work, retry it"
    )
    return _failure("platform", "no_core", "SandboxError", message)


def bad_parameters(message: str) -> Failure:
    """A cell's parameters are no flat JSON object."""
    return _failure("user", "bad_parameter", "ParameterError", message)


def no_time_for_cells() -> Failure:
    """The time of the whole batch came before these cells' turn."""
    message = "the time of the whole call was over before these cells' turn: send fewer, or a longer timeout"
    return _failure("limit", "call_deadline", "TimeoutError", message)


def bad_market_data(message: str) -> Failure:
    """The bars cannot be used; the message names the row and the reason."""
    return _failure("user", "bad_market_data", "MarketDataError", message)


def _failure(kind: str, code: str, type_name: str, message: str) -> Failure:
    failure = Failure(code=code, message=message, type=type_name)
    setattr(failure, "class", kind)
    return failure


def _with_limit(failure: Failure, name: str, limit: float, used: float, unit: str) -> Failure:
    failure.limit_name = name
    failure.limit_value = limit
    failure.limit_used = used
    failure.limit_unit = unit
    return failure
