"""Makes the tests' own modules importable."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent), str(here.parent / "strategy"), str(here.parent / "replay")]
