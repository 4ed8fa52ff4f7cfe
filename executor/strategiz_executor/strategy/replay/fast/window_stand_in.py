"""`column.rolling(...)`, `.expanding(...)` or `.ewm(...)` before its method is called."""

from typing import Any

from .expression import Expression
from .operations import WINDOW_METHODS, Method, key_parts, window_method
from .refusals import refuse_the_rest
from .run import RealMethod


class WindowStandIn:
    """A window over a column; what is not on the list goes on with the real one."""

    __slots__ = ("_column", "_kind", "_options", "_run")
    _is_stand_in = True

    def __init__(self, column: Any, kind: str, options: dict[str, object]) -> None:
        self._run = column._run
        self._column = column
        self._kind = kind
        self._options = options

    def __getattr__(self, name: str) -> Any:
        method = WINDOW_METHODS[self._kind].get(name)
        if method is None:
            return self._real(name)
        return lambda *arguments, **keywords: self._call(name, method, arguments, keywords)

    def _real(self, name: str) -> Any:
        run = self._column._run
        opened = getattr(run.real(self._column, f"{self._kind}().{name}"), self._kind)(**self._options)
        found = getattr(opened, name)
        return RealMethod(run, found, name) if callable(found) else found

    def _call(
        self, name: str, method: Method, arguments: tuple[object, ...], keywords: dict[str, object]
    ) -> Any:
        run, source = self._column._run, self._column._expression
        given = method.bind(arguments, keywords)
        if given is None:
            return self._real(name)(*arguments, **keywords)
        key = run.memory.key(self._kind, source.key, *key_parts(self._options), name, *key_parts(given))

        def make() -> Expression:
            values = window_method(source.values, self._kind, self._options, name, given)
            return Expression(values, key, "series", source.name)

        return run.column(run.memory.recall(key, make, source.name or ""))

    def _refuse(self, *_: object, **__: object) -> Any:
        raise self._run.give_up(f"{self._kind}() used as a whole")


refuse_the_rest(WindowStandIn)
