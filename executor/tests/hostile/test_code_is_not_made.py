"""No byte that a program writes is ever run, and calls of other architectures end it."""

import platform

import pytest
from hostile_arena import Arena

ON_X86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="machine code of x86-64")

# Looks through code that is there anyway (libc's) for an instruction, and calls it.
FIND = """
def find(wanted):
    start = ctypes.cast(libc.malloc, ctypes.c_void_p).value & ~4095
    for step in range(-100, 150):
        code = ctypes.string_at(start + step * 4096, 4096)
        place = code.find(wanted)
        if place >= 0:
            return start + step * 4096 + place
    raise OSError(2, 'no such instruction')

def jump(address, *values):
    return ctypes.CFUNCTYPE(ctypes.c_long, *[ctypes.c_long] * len(values))(address)(*values)
"""
RETURN_42 = "b'\\xb8\\x2a\\x00\\x00\\x00\\xc3'"


@ON_X86
@pytest.mark.parametrize(
    "where",
    ["ctypes.addressof(code)", "page()", "id(b'xxxxxxxx')"],
    ids=["no_heap_is_run", "no_mapping_is_run", "no_object_is_run"],
)
def test_no_written_byte_is_run(arena: Arena, where: str) -> None:
    body = (
        f"code = room(64)\naddress = {where}\nctypes.memmove(address, {RETURN_42}, 6)\nreached(jump(address))"
    )
    arena.run(FIND + body).failed_by("crashed")


@ON_X86
def test_no_library_is_rewritten_and_run(arena: Arena) -> None:
    """Code can be made writable, and then it can never be run again."""
    body = "address = ctypes.cast(libc.labs, ctypes.c_void_p).value\n"
    body += "raw('mprotect', address & ~4095, 8192, 3)\n"
    body += f"ctypes.memmove(address, {RETURN_42}, 6)\n"
    body += "attempt(lambda: raw('mprotect', address & ~4095, 8192, 5))\nreached(jump(address))"
    arena.run(FIND + body).failed_by("crashed")


@ON_X86
def test_no_call_of_32_bits_is_let_through(arena: Arena) -> None:
    """The instruction int 0x80 lies somewhere in libc, between two others."""
    body = "place = find(b'\\xcd\\x80')\n"
    body += "reached(jump(place))"
    arena.run(FIND + body).failed_by("crashed", "exception")


def test_no_call_table_of_another_interface_is_used(arena: Arena) -> None:
    body = "for name in ('openat', 'socket', 'execve', 'kill', 'ptrace', 'clone'):\n"
    body += "    attempt(lambda: raw_number(0x40000000 | numbers[name], 0, 0, 0, 0, 0, 0))\n"
    body += "for number in (512, 513, 520, 521, 538, 539):\n"
    body += "    attempt(lambda: raw_number(0x40000000 | number, 0, 0, 0, 0, 0, 0))\n"
    arena.run(body).was_refused("EPERM", "ENOSYS")


def test_a_callback_into_python_runs_no_new_code(arena: Arena) -> None:
    body = "back = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: 0)\n"
    body += "values = (ctypes.c_int * 4)(4, 3, 2, 1)\nlibc.qsort(values, 4, 4, back)\n"
    arena.run(body).failed_or_ran_by("crashed", "memory", "exception")


@pytest.mark.parametrize(
    "body",
    [
        "ctypes.string_at(0)",
        "ctypes.memset(id(data), 0, 1 << 20)",
        "ctypes.pythonapi.Py_DecRef(ctypes.py_object(None)) or [None] * 10 ** 6",
        "libc.abort()",
        "libc.free(id(data))",
        "ctypes.memmove(id(1), b'\\xff' * 32, 32)\nprint(1 + 1)",
    ],
    ids=[
        "reading_at_0_ends_the_child_alone",
        "writing_over_objects_ends_the_child_alone",
        "dropping_none_harms_the_child_alone",
        "aborting_ends_the_child_alone",
        "freeing_what_is_in_use_ends_the_child_alone",
        "rewriting_small_numbers_harms_the_child_alone",
    ],
)
def test_own_memory(arena: Arena, body: str) -> None:
    arena.run(body)
