"""The filter passes what strategies need and nothing else: every number, and the arguments bit by bit.

Its bytes run here on a machine of our own, so that aarch64 is tested on x86-64 and the other way round, and calls
are tried that a test could not make. executor/tests/hostile tries the real kernel.
"""

import functools
import itertools
import sys
from pathlib import Path

import kernel_headers
import pytest
from bpf_machine import ALLOW, EPERM, KILL_PROCESS, Instruction, decode, run, verify
from call_rules import MAY, ONLY_ON_X86, OWN_SOCKET, PASSING, Arguments
from hypothesis import given, settings
from hypothesis import strategies as st

from strategiz_executor.sandbox.seccomp import ARCHITECTURES, build_filter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "hostile"))
from hostile_numbers import ARCHITECTURES as MACHINES
from hostile_numbers import NUMBERS as ATTACKED

X86_64, AARCH64, I386, ARM = 0xC000003E, 0xC00000B7, 0x40000003, 0x40000028
AUDIT = {"x86_64": X86_64, "aarch64": AARCH64}
X32 = 0x40000000
ALL_SET = (2**64 - 1,) * 6
EDGES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 3, 2**63, 2**64 - 1)


@functools.cache
def program(machine: str) -> list[Instruction]:
    """The instructions in the bytes that a child gives to the kernel."""
    return decode(build_filter(OWN_SOCKET, machine).program.raw)


def called(machine: str, name: str, arguments: Arguments) -> bool:
    """Whether a call passes; what does not is an EPERM and never ends the process."""
    number = ARCHITECTURES[machine].numbers[name]
    action = run(program(machine), AUDIT[machine], number, arguments)
    assert action in (ALLOW, EPERM), hex(action)
    return action == ALLOW


def names(machine: str) -> list[str]:
    """The calls that may pass on a machine."""
    return [name for name in MAY if machine == "x86_64" or name not in ONLY_ON_X86]


pytestmark = pytest.mark.parametrize("machine", MACHINES)


def test_the_kernel_would_take_the_program(machine: str) -> None:
    verify(program(machine))


def test_only_calls_that_strategies_need_have_numbers(machine: str) -> None:
    assert sorted(ARCHITECTURES[machine].numbers) == sorted(names(machine))


def test_the_numbers_are_the_kernels(machine: str) -> None:
    known = kernel_headers.numbers(machine)
    if not known:
        pytest.skip("needs the headers of linux-libc-dev")
    ours = ARCHITECTURES[machine]
    assert {name: known[name] for name in ours.numbers} == ours.numbers
    assert known["seccomp"] == ours.seccomp
    attacked = {name: pair[MACHINES.index(machine)] for name, pair in ATTACKED.items()}
    assert {name: known.get(name, attacked[name]) for name in attacked} == attacked


def test_every_other_number_is_refused_whatever_its_arguments(machine: str) -> None:
    """All that kernels have, with room for centuries of new ones, and the highest and the negative ones."""
    code, allowed = program(machine), {ARCHITECTURES[machine].numbers[name] for name in names(machine)}
    for number in itertools.chain(range(4096), (2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)):
        if number not in allowed:
            for arguments in ((), ALL_SET, PASSING["sendto"], PASSING["mmap"]):
                assert run(code, AUDIT[machine], number, arguments) == EPERM, number


def test_every_number_of_the_x32_interface_is_refused(machine: str) -> None:
    code = program(machine)
    for number in range(4096):
        assert run(code, AUDIT[machine], X32 | number) == EPERM, number


def test_any_call_of_another_architecture_ends_the_process(machine: str) -> None:
    code, own = program(machine), AUDIT[machine]
    for foreign in (
        0,
        1,
        I386,
        ARM,
        *(set(AUDIT.values()) - {own}),
        own ^ 1,
        own ^ 0x80000000,
        0x3E,
        2**32 - 1,
    ):
        for number in range(1024):
            assert run(code, foreign, number) == KILL_PROCESS


def test_calls_without_rules_pass_whatever_their_arguments(machine: str) -> None:
    for name in set(names(machine)) - set(PASSING):
        assert called(machine, name, (0,) * 6)
        assert called(machine, name, ALL_SET)


@pytest.mark.parametrize("name", PASSING)
def test_each_bit_of_each_argument_is_judged(machine: str, name: str) -> None:
    passing = PASSING[name]
    assert called(machine, name, passing)
    for place, bit in itertools.product(range(6), range(64)):
        arguments = list(passing)
        arguments[place] ^= 1 << bit
        assert called(machine, name, tuple(arguments)) == MAY[name](tuple(arguments)), arguments


@pytest.mark.parametrize("name", PASSING)
def test_awkward_values_are_judged(machine: str, name: str) -> None:
    for place, value in itertools.product(range(6), (*EDGES, *range(16, 400))):
        arguments = list(PASSING[name])
        arguments[place] = value
        assert called(machine, name, tuple(arguments)) == MAY[name](tuple(arguments)), arguments


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PASSING)), st.tuples(*[st.integers(0, 2**64 - 1)] * 6), st.integers(0, 63))
def test_any_arguments_are_judged(machine: str, name: str, random: Arguments, kept: int) -> None:
    """Some arguments from a call that passes, the others at random."""
    mixed = tuple(PASSING[name][n] if kept >> n & 1 else random[n] for n in range(6))
    assert called(machine, name, mixed) == MAY[name](mixed)
