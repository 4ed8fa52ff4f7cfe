"""Every known way out of guarded Python: the language layer refuses it, and the kernel does where there is none."""

import pytest
from hostile_arena import Arena
from hostile_escapes import ATTRIBUTES, FRAMES, INSIDE, LIBRARIES, TELL, TEXTS
from hostile_groups import Groups

SOURCES = {
    "nothing_but_null_bytes": "\0",
    "parentheses_without_end": "(" * 30_000,
    "brackets_within_brackets": "[" * 150 + "]" * 150,
    "minuses_without_end": "-" * 50_000 + "1",
    "attributes_without_end": "a" + ".b" * 30_000,
    "calls_without_end": "print" + "()" * 30_000,
    "powers_without_end": "**".join(["2"] * 5_000),
    "sums_without_end": "+".join(["x"] * 30_000),
    "blocks_within_blocks": "".join(" " * depth + "if 1:\n" for depth in range(99)) + " " * 99 + "pass",
    "functions_within_functions": "".join(" " * d + f"def f{d}():\n" for d in range(90)) + " " * 90 + "pass",
    "lambdas_within_lambdas": "lambda: " * 10_000 + "0",
    "conditions_within_conditions": "1 if x else " * 10_000 + "0",
    "comprehensions_within_comprehensions": "[x " * 90 + "for x in ()]" * 90,
    "texts_within_texts": "f'{" * 200 + "1" + "}'" * 200,
    "a_number_of_60_kilobytes": "x = " + "9" * 60_000,
    "a_constant_that_is_folded_large": "x = 'a' * 10 ** 12",
    "a_power_that_is_folded_large": "x = 10 ** 10 ** 10 ** 10",
    "a_tuple_that_is_folded_large": "x = ((1,) * 10000,) * 10000",
    "a_thousand_names": "\n".join(f"n{number} = {number}" for number in range(1_000)),
    "half_a_character": "x = '\\ud800'\nprint(x)",
    "an_encoding_of_its_own": "# -*- coding: utf-7 -*-\nx = 1",
    "an_encoding_that_runs_code": "# -*- coding: raw_unicode_escape -*-\n\\u0069mport os",
    "a_file_of_line_feeds": "\f\r\v" * 10_000,
    "a_match_of_many_patterns": "match 1:\n"
    + "".join(f"    case {n} | [{n}, *_]: pass\n" for n in range(500)),
}


ESCAPES = {**ATTRIBUTES, **FRAMES, **TEXTS, **LIBRARIES}


def placed(arena: Arena, body: str) -> str:
    """A source that knows the way to what lies on the host, and says so if it gets inside."""
    known = {"DIRECTORY": arena.host.directory, "SECRET": arena.host.file, "TCP": arena.host.tcp_port}
    for name, value in known.items():
        body = body.replace(f"@{name}@", str(value))
    return arena.source(body + TELL)


@pytest.mark.parametrize("name", ESCAPES)
def test_escapes(groups: Groups, name: str) -> None:
    outcome = groups.program(ESCAPES, name, make=lambda body: placed(groups.arena, body))
    if outcome.language_layer:
        assert not [line for line in outcome.lines if INSIDE in line], outcome.lines
        assert not outcome.answer.success
        assert outcome.answer.failure.type not in ("PermissionError", "OSError"), "only the kernel refused it"


@pytest.mark.parametrize("name", SOURCES)
def test_sources(groups: Groups, name: str) -> None:
    """Whatever the compiler makes of it: an answer before its deadline, and the next execution as before."""
    outcome = groups.program(SOURCES, name, make=lambda body: body + "\n")
    assert outcome.answer.success or outcome.answer.failure.code != "executor_error", outcome.answer.error
