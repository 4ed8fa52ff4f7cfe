"""System calls that Python does not offer, with errno turned into OSError."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """The result of a libc call, or OSError naming `what` where it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, *arguments: int) -> int:
    """prctl(2) with up to four arguments."""
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(LIBC.prctl(ctypes.c_int(option), *padded), f"prctl {option}")


def syscall(name: str, number: int, *arguments: object) -> int:
    """A raw system call; OSError with its name where the kernel refuses it."""
    return checked(LIBC.syscall(ctypes.c_long(number), *arguments), name)
