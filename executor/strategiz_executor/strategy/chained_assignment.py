"""The warning by which pandas 3 says that a write through two steps reaches nothing."""

from __future__ import annotations

from typing import cast

import pandas as pd

# Absent from the type stubs of pandas 3.
ChainedAssignmentError = cast(type[Warning], pd.errors.__dict__["ChainedAssignmentError"])
