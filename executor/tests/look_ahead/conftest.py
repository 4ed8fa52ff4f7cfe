"""Lets these tests run strategies and cells in process, as those beside them do."""

import sys
from pathlib import Path

tests = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(tests), str(tests / "strategy"), str(tests / "batch"), str(tests / "replay")]
