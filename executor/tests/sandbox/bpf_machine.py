"""The kernel's machine for seccomp filters, as far as our filters use it, written from its documentation.

https://docs.kernel.org/networking/filter.html describes classic BPF, seccomp(2) what a filter may load.
"""

import struct
from collections.abc import Sequence

INSTRUCTION = struct.Struct("<HBBI")  # struct sock_filter: code, jt, jf, k
SECCOMP_DATA = struct.Struct("<iIQ6Q")  # number, architecture, instruction pointer, arguments
LONGEST_PROGRAM = 4096  # BPF_MAXINSNS

LOAD_WORD_ABSOLUTE = 0x00 | 0x00 | 0x20  # BPF_LD | BPF_W | BPF_ABS
AND_CONSTANT = 0x04 | 0x50 | 0x00  # BPF_ALU | BPF_AND | BPF_K
JUMP_IF_EQUAL = 0x05 | 0x10 | 0x00  # BPF_JMP | BPF_JEQ | BPF_K
RETURN_CONSTANT = 0x06 | 0x00  # BPF_RET | BPF_K

ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000
EPERM = 0x00050000 | 1

Instruction = tuple[int, int, int, int]


def decode(raw: bytes) -> list[Instruction]:
    """The instructions in bytes as the kernel takes them."""
    return list(INSTRUCTION.iter_unpack(raw))


def verify(program: Sequence[Instruction]) -> None:
    """What the kernel checks before it takes a program: AssertionError where it would not."""
    assert 0 < len(program) <= LONGEST_PROGRAM
    for place, (code, if_true, if_false, operand) in enumerate(program):
        if code == LOAD_WORD_ABSOLUTE:
            assert operand % 4 == 0
            assert operand < SECCOMP_DATA.size
        elif code == JUMP_IF_EQUAL:
            assert place + 1 + max(if_true, if_false) < len(program)
        else:
            assert code in (AND_CONSTANT, RETURN_CONSTANT), hex(code)
    assert program[-1][0] == RETURN_CONSTANT


def run(program: Sequence[Instruction], architecture: int, number: int, arguments: Sequence[int] = ()) -> int:
    """What the filter says to a system call: one of the actions above, or another one's number.

    Arguments are taken as 64-bit registers, and those that are missing as 0.
    """
    registers = [value & (2**64 - 1) for value in (*arguments, 0, 0, 0, 0, 0, 0)[:6]]
    signed = (number & 0xFFFFFFFF) - ((number & 0x80000000) << 1)
    call = SECCOMP_DATA.pack(signed, architecture, 0, *registers)
    accumulator = place = 0
    while True:
        code, if_true, if_false, operand = program[place]
        place += 1
        if code == LOAD_WORD_ABSOLUTE:
            (accumulator,) = struct.unpack_from("<I", call, operand)
        elif code == AND_CONSTANT:
            accumulator &= operand
        elif code == JUMP_IF_EQUAL:
            place += if_true if accumulator == operand else if_false
        else:
            return operand
