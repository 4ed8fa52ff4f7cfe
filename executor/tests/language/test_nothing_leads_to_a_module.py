"""A walk over everything that a strategy can reach by attributes it may write, looking for ways out."""

import builtins
import contextlib
import os
import socket
import subprocess
import sys
import warnings
from collections import deque
from types import BuiltinFunctionType, CodeType, FrameType, MappingProxyType, ModuleType
from typing import Any

from language_programs import SERIES

from strategiz_executor.strategy.bars_frame import frame_up_to
from strategiz_executor.strategy.errors import StrategyError
from strategiz_executor.strategy.facades import CuratedModule
from strategiz_executor.strategy.imports import curated_modules
from strategiz_executor.strategy.language.guards import GUARDS, guarded_getattr
from strategiz_executor.strategy.namespace import fresh_namespace
from strategiz_executor.strategy.parameters import ParameterReader
from strategiz_executor.strategy.printing import PrintLog
from strategiz_executor.strategy.signal_recorder import SignalRecorder

DEEPEST = 5
MOST_HELD = 200
ONE_BY_ONE = (type, ModuleType, dict, MappingProxyType, list, tuple, set, frozenset)
SAMPLES = """
close = df.close
samples = [df, close, df.index, df.columns, df.iloc, df.loc, df.groupby("volume"), close.rolling(3),
    close.ewm(3), df.dtypes, close.expanding(), close.resample("W"), df.rolling(3), df.index.tz,
    df.index[0], pd.Timedelta(1), pd.Period("2020"), pd.Series(["a"]).str, df.timestamp.dt,
    pd.Categorical(["a"]), pd.Series(["a"], dtype="category").cat, pd.col("close"), close.array,
    df.volume.array, df.timestamp.array, close.flags, df.flags, pd.NA, pd.NaT, pd.array(["a"]),
    pd.interval_range(0, 3), pd.MultiIndex.from_tuples([(1, 2)]), pd.offsets.BDay(1), pd.Grouper(freq="D"),
    pd.NamedAgg("a", "b"), np.ones(3), np.float64(1), np.dtype("f8"), np.random.default_rng(),
    np.random.default_rng().bit_generator, np.random.RandomState(), np.add, np.vectorize(len), np.poly1d([1,
    2]), np.nditer(np.ones(2)), np.errstate(), np.zeros(2, "f8,i4"), np.matrix("1 2"),
    np.datetime64("2020"), np.flatiter, df.ta, ta.rsi, talib.SMA, talib.MA_Type, math.sin, signal, plot,
    param, params, print, len, [].append, "".join, (x for x in "a"), iter([]), range(3), slice(1),
    property(len), classmethod(len), staticmethod(len), super, ValueError("x"), KeyError("k"), lambda: 0,
    type, object, 1, 1.5, 2j, "a", b"a", None, ..., NotImplemented, {1}, {}.keys(), datetime.datetime.now(),
    datetime.timezone.utc, decimal.Decimal(1), decimal.getcontext(), random.Random(), time.gmtime(),
    collections.deque(), collections.Counter(), collections.ChainMap(), collections.UserString("a"),
    itertools.count(), functools.partial(len), functools.lru_cache(len), functools.cached_property(len),
    statistics.NormalDist(), operator.itemgetter(1)]
"""
FORBIDDEN = {
    *(getattr(builtins, name) for name in ("open", "eval", "exec", "compile", "__import__", "globals", "vars")),
    *(value for value in vars(os).values() if isinstance(value, BuiltinFunctionType)),
    sys._getframe, socket.socket, subprocess.Popen,
} - {os.fspath}  # fmt: skip


def test_no_attribute_leads_to_a_module_a_frame_or_a_function_of_the_system():
    assert _ways_out() == []


def _ways_out() -> list[str]:
    found: list[str] = []
    waiting: deque[tuple[str, Any, int]] = deque((path, value, 0) for path, value in _reachable_at_once())
    seen: dict[Any, Any] = {}
    with warnings.catch_warnings(), contextlib.suppress(KeyboardInterrupt):
        warnings.simplefilter("ignore")
        while waiting:
            path, value, depth = waiting.popleft()
            if _is_way_out(value):
                found.append(path)
            elif depth < DEEPEST and not _was_seen(value, seen):
                waiting.extend((f"{path}.{name}", part, depth + 1) for name, part in _parts(value))
    return found


def _reachable_at_once() -> list[tuple[str, Any]]:
    recorder = SignalRecorder(SERIES)
    recorder.look_at(len(SERIES))
    names = fresh_namespace(GUARDS, recorder, ParameterReader({}), PrintLog(1000))
    modules = {name: module for name, module in curated_modules().items() if "." not in name}
    names |= {"df": frame_up_to(SERIES, len(SERIES)), **modules}
    with_samples = dict(names)
    exec(SAMPLES, with_samples)
    samples = with_samples["samples"]
    public = {name: value for name, value in names.items() if not name.startswith("_")}
    python = {name: value for name, value in names["__builtins__"].items() if not name.startswith("_")}
    listed = [(f"sample {type(sample).__name__}", sample) for sample in samples]
    return [*public.items(), *python.items(), *listed]


def _is_way_out(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return not isinstance(value, CuratedModule)
    if isinstance(value, FrameType | CodeType):
        return True
    try:
        return value in FORBIDDEN
    except Exception:  # noqa: BLE001
        return False


def _held(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict | MappingProxyType):
        return [(f"[{key!r}]", part) for key, part in list(value.items())[:MOST_HELD]]
    if isinstance(value, list | tuple | set | frozenset):
        return [(f"[{place}]", part) for place, part in enumerate(list(value)[:MOST_HELD])]
    return []


def _was_seen(value: Any, seen: dict[Any, Any]) -> bool:
    """Of objects that are no classes, modules and containers, one of each kind is looked at."""
    key = id(value) if isinstance(value, ONE_BY_ONE) else type(value)
    if key in seen:
        return True
    seen[key] = value  # kept alive: ids of what is gone are used again
    return False


def _parts(value: Any) -> list[tuple[str, Any]]:
    parts = _held(value)
    for name in dir(value):
        if not name.startswith("_"):
            with contextlib.suppress(StrategyError, Exception):
                parts.append((name, guarded_getattr(value, name)))
    return parts
