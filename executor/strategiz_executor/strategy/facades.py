"""Curated modules: a fixed set of a library's names, immutable, that says by name what is absent."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any, NoReturn

from strategiz_executor.strategy.errors import NotAvailableError

LEFT_OUT = (ModuleType, dict, list, set, bytearray)
GENERAL_ADVICE = "strategies have no files, network, plotting or evaluation of text"


class CuratedModule(ModuleType):
    """A module that holds only what strategies may use."""

    def __init__(
        self,
        name: str,
        alias: str,
        contents: Mapping[str, Any],
        *,
        absent: Mapping[str, str],
        real_names: frozenset[str],
    ) -> None:
        super().__init__(name)
        own = self.__dict__
        own.update(contents)
        own["__all__"] = sorted(contents)
        own["_curated"] = (alias, absent, real_names)

    def __getattr__(self, name: str) -> NoReturn:
        alias, absent, real_names = self.__dict__["_curated"]
        if name in absent:
            raise NotAvailableError(
                f"{alias}.{name} is not available to strategies: {absent[name]}", hint=GENERAL_ADVICE
            )
        if name in real_names:
            raise NotAvailableError(f"{alias}.{name} is not available to strategies", hint=GENERAL_ADVICE)
        near = difflib.get_close_matches(name, self.__dict__["__all__"], n=1)
        raise NotAvailableError(
            f"{alias} has no attribute {name!r}", hint=f"did you mean {alias}.{near[0]}?" if near else ""
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise NotAvailableError(
            f"{self.__dict__['_curated'][0]}.{name} cannot be set: libraries are read-only"
        )

    def __delattr__(self, name: str) -> NoReturn:
        raise NotAvailableError(
            f"{self.__dict__['_curated'][0]}.{name} cannot be deleted: libraries are read-only"
        )

    def __dir__(self) -> list[str]:
        return list(self.__dict__["__all__"])


def curate(
    real: ModuleType,
    alias: str,
    names: Iterable[str],
    *,
    absent: Mapping[str, str] | None = None,
    replaced: Mapping[str, Any] | None = None,
) -> CuratedModule:
    """Answer a curated module of those `names` that `real` has, with some of them replaced.

    A name of `absent` is left out, its text ending the sentence of the error ("use data"). A module
    among the names is left out unless `replaced` gives a curated one: nothing leads to a real module.
    So is a table that could be written to (np.sctypeDict): what one run leaves in it, the next would see.
    """
    left_out, given = absent or {}, replaced or {}
    contents = {name: getattr(real, name) for name in names if name not in left_out and hasattr(real, name)}
    contents = {name: value for name, value in contents.items() if not isinstance(value, LEFT_OUT)}
    return CuratedModule(
        real.__name__,
        alias,
        {**contents, **given},
        absent=left_out,
        real_names=frozenset(dir(real)),
    )
