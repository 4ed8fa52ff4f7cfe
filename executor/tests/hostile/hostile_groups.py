"""Many hostile programs against one server: several calls in flight, small attacks as one source, each told apart.

A group runs when the first of its programs is asked for, and once per arena. Where something is left on the host,
or a source of many small attacks does not end as it should, its programs run again one by one, so that the right
one is named. HOSTILE=alone runs all of them one by one, each in an execution of its own.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import grpc
from hostile_arena import MOST_GROWTH_KB, SLOTS, Arena
from hostile_outcome import Outcome

ALONE = os.environ.get("HOSTILE") == "alone"
CALLS = 1 if ALONE else 4  # in flight: each is a child, and an honest one after it
ATTACKS_IN_ONE_SOURCE = 1 if ALONE else 16
BEGIN = "BEGIN"
Told = Outcome | Exception
"""What came of a program, or why that is not known or not as it must be."""


class Groups:
    """The groups of one arena by the names in them."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self._told: dict[tuple[str, ...], dict[str, Told]] = {}

    def attack(self, attacks: Mapping[str, str], name: str) -> Outcome:
        """The outcome of one of these expressions, each of which must be refused where it stands."""
        return self._outcome(attacks, name, lambda: self._run_attacks(attacks))

    def program(
        self,
        bodies: Mapping[str, str],
        name: str,
        *,
        make: Callable[[str], str] | None = None,
        calls: int = CALLS,
        **fields: object,
    ) -> Outcome:
        """The outcome of one of these programs, each in an execution of its own; `make` makes a source of one."""
        make = make or self.arena.source
        return self._outcome(bodies, name, lambda: self._run(bodies, make, calls, fields))

    def endless(self, bodies: Mapping[str, str], name: str, seconds: int) -> Outcome:
        """The outcome of one of these programs that take all their time: as many at once as there are slots."""
        return self.program(bodies, name, calls=SLOTS, timeout_seconds=seconds)

    def _outcome(self, group: Mapping[str, str], name: str, run: Callable[[], dict[str, Told]]) -> Outcome:
        key = tuple(group)
        if key not in self._told:
            self._told[key] = run()
        told = self._told[key][name]
        if isinstance(told, Exception):
            raise told
        told.reached_nothing()
        return told

    def _run_attacks(self, attacks: Mapping[str, str]) -> dict[str, Told]:
        told: dict[str, Told] = {}
        names = list(attacks)
        parts = [names[at : at + ATTACKS_IN_ONE_SOURCE] for at in range(0, len(names), ATTACKS_IN_ONE_SOURCE)]
        bodies = {str(number): together(attacks, part) for number, part in enumerate(parts)}
        outcomes = self._run(bodies, self.arena.source, CALLS, {})
        for part, outcome in zip(parts, outcomes.values(), strict=True):
            told |= self._told_apart(attacks, part, outcome)
        return told

    def _told_apart(self, attacks: Mapping[str, str], names: list[str], told: Told) -> dict[str, Told]:
        """Each attack with its own lines. All again, alone, where the source did not run through."""
        if isinstance(told, Outcome) and told.language_layer and not told.answer.success:
            return dict.fromkeys(names, told)  # the layer refused what every one of them begins with
        if isinstance(told, Outcome) and told.answer.success:
            own = _by_beginning(told.lines)
            if list(own) == names:
                return {name: replace(told, lines=own[name]) for name in names}
        return {name: self._alone(self.arena.source(together(attacks, [name])), {}) for name in names}

    def _run(
        self, bodies: Mapping[str, str], make: Callable[[str], str], calls: int, fields: Mapping[str, object]
    ) -> dict[str, Told]:
        before = self.arena.resident_kb()
        # Made here: Python 3.11 cannot parse in two threads at once ("AST constructor recursion depth mismatch").
        sources = {name: make(body) for name, body in bodies.items()}
        with ThreadPoolExecutor(calls) as threads:
            told = threads.map(lambda source: self._one(source, fields), sources.values())
            found = dict(zip(bodies, told, strict=True))
        if self.arena.traces():
            return {name: self._alone(source, fields) for name, source in sources.items()}
        assert self.arena.resident_kb() - before < MOST_GROWTH_KB
        return found

    def _one(self, source: str, fields: Mapping[str, object]) -> Told:
        try:
            outcome = self.arena.execute(source, **fields)
            self.arena.check_answer(outcome)
            self.arena.run_honest()
        except (AssertionError, grpc.RpcError) as error:
            return error
        return outcome

    def _alone(self, source: str, fields: Mapping[str, object]) -> Told:
        try:
            return self.arena.run_source(source, **fields)
        except (AssertionError, grpc.RpcError) as error:
            return error


def together(attacks: Mapping[str, str], names: list[str]) -> str:
    """One body of several attacks, each with its name before it."""
    return "\n".join(f"print('{BEGIN}', {name!r})\nattempt(lambda: {attacks[name]})" for name in names)


def _by_beginning(lines: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.startswith(f"{BEGIN} "):
            name = line.removeprefix(f"{BEGIN} ")
            found[name] = ()
        elif found:
            found[name] += (line,)
    return found
