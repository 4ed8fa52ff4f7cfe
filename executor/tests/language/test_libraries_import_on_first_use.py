"""C code of Python and numpy imports on first use, through the `__import__` of the strategy that calls it."""

import subprocess
import sys
from pathlib import Path

import pytest

from strategiz_executor.strategy.errors import StrategyImportError
from strategiz_executor.strategy.imports import Importer, curated_modules

EXECUTOR = Path(__file__).resolve().parents[2]
FIRST_USES = """
import sys
sys.path[:0] = ["tests/strategy", "."]
import _strptime
from strategy_runs import fails, ok
for line in (
    "import time; time.strptime('2020', '%Y')",
    "from datetime import datetime; datetime.strptime('2020-01-01', '%Y-%m-%d')",
    "np.array([1, 2]).mean(); np.array([1.5]).std(); np.array([True]).any()",
    "print(np.array([1, 2]), repr(np.array([1.5])))",
    "np.zeros(2, dtype='f4,i4')",
):
    ok(line + "\\nplot(df.close, 'c')")
assert "broadcast" in fails("plot(df.close, 'c'); np.array([1, 2]) + np.array([1, 2, 3])").message
"""


def test_what_libraries_import_on_first_use_is_there_in_a_process_that_did_not_use_it_yet():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIRST_USES],
        cwd=EXECUTOR,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()


def test_a_strategy_that_asks_in_the_same_way_gets_nothing():
    importer = Importer(curated_modules())
    nothing = importer.import_module("os", {}, {}, [], 0)
    assert [name for name in dir(nothing) if not name.startswith("_")] == []
    with pytest.raises(AttributeError):
        nothing.system  # noqa: B018
    with pytest.raises(StrategyImportError):
        importer.import_module("os", {}, {}, ("path",), 0)
    with pytest.raises(StrategyImportError):
        importer.import_module("a_module_that_is_nowhere", {}, {}, [], 0)
