"""Becomes a command to which the kernel refuses some calls: `refusing_kernel.py CALL=ERROR... -- COMMAND`.

CALL is a name of hostile_numbers.py, with `:VALUE` for its first argument alone; ERROR a name of errno, or NOTHING:
then the call seems to succeed and does nothing. By a real seccomp filter, so it needs neither root nor a real host
that behaves so.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

from hostile_numbers import numbers_here

PR_SET_NO_NEW_PRIVS = 38
SET_MODE_FILTER = 1
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
AT_NUMBER, AT_FIRST_ARGUMENT = 0, 16
ERRNO, ALLOW = 0x00050000, 0x7FFF0000
NOTHING = "NOTHING"

Instruction = tuple[int, int, int, int]


def answering(call: str, error: str) -> list[Instruction]:
    """Instructions that answer one call, and leave the number loaded for the next ones."""
    name, _, value = call.partition(":")
    answer = ERRNO | (0 if error == NOTHING else getattr(errno, error))
    if not value:
        return [(EQUAL, 0, 1, numbers_here()[name]), (RETURN, 0, 0, answer)]
    return [
        (EQUAL, 0, 4, numbers_here()[name]),
        (LOAD, 0, 0, AT_FIRST_ARGUMENT),
        (EQUAL, 0, 1, int(value)),
        (RETURN, 0, 0, answer),
        (LOAD, 0, 0, AT_NUMBER),
    ]


def install(answers: list[str]) -> None:
    """Puts the filter on this process. OSError where the kernel refuses."""
    program: list[Instruction] = [(LOAD, 0, 0, AT_NUMBER)]
    for answer in answers:
        program += answering(*answer.split("="))
    program.append((RETURN, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in program))
    header = struct.pack("<H6xQ", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    number = ctypes.c_long(numbers_here()["seccomp"])
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(number, SET_MODE_FILTER, 0, header):
        raise OSError(ctypes.get_errno(), f"no filter on {platform.machine()}")


if __name__ == "__main__":
    until = sys.argv.index("--")
    install(sys.argv[1:until])
    os.execvp(sys.argv[until + 1], sys.argv[until + 1 :])
