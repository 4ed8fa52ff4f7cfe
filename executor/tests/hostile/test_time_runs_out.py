"""Whatever a program does with its time, it is over at its deadline."""

import pytest
from hostile_groups import Groups

SECONDS = 1
LONGEST_S = 15  # ended by its deadline, then, not by the limit of 31 s; the bench measures the overshoot

ENDLESS = {
    "a_loop_ends": "while True:\n    pass",
    "a_loop_that_ignores_every_exception_ends": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    ),
    "a_loop_in_finally_ends": "try:\n    1 / 0\nfinally:\n    while True:\n        pass",
    "a_loop_in_a_destructor_ends": (
        "class Long:\n    def __del__(self):\n        while True:\n            pass\nLong()\n"
    ),
    "a_loop_of_destructors_ends": (
        "class Again:\n    def __del__(self):\n        Again()\n        while True:\n            pass\nAgain()\n"
    ),
    "a_loop_in_a_comparison_ends": (
        "class Slow:\n    def __lt__(self, other):\n        while True:\n            pass\nsorted([Slow(), Slow()])"
    ),
    "a_loop_in_a_garbage_collection_ends": (
        "def forever(*_):\n    while True:\n        pass\n"
        "modules['gc'].callbacks.append(forever)\nmodules['gc'].collect()"
    ),
    "a_loop_in_a_trace_function_ends": (
        "def forever(*_):\n    while True:\n        pass\nsys.settrace(forever)\n(lambda: 0)()"
    ),
    "a_loop_in_c_ends": "import itertools\nsum(itertools.count())",
    "a_search_without_end_ends": "import itertools\n1 in itertools.repeat(0)",
    "a_pattern_with_backtracking_ends": "modules['re'].match('(a+)+$', 'a' * 64 + 'b')",
    "a_power_of_big_numbers_ends": "3 ** (3 ** 18)\nwhile True:\n    3 ** (3 ** 15)",
    "a_number_with_millions_of_digits_ends": "sys.set_int_max_str_digits(0)\nstr(7 ** 9_000_000)",
    "a_sort_of_strings_ends": "while True:\n    sorted(str(n) for n in range(100_000))",
    "a_product_of_matrices_ends": ("a = np.ones((1500, 1500))\nwhile True:\n    a = a @ a / 1500"),
    "a_recursion_that_starts_anew_ends": (
        "def again():\n    try:\n        again()\n    except RecursionError:\n        again()\nagain()"
    ),
    "a_wait_for_a_lock_ends": "lock = modules['_thread'].allocate_lock()\nlock.acquire()\nlock.acquire()",
    "a_wait_in_the_kernel_ends": "raw('futex', page(), 128, 0, 0, 0, 0)",
    "a_wait_for_the_server_ends": "own_socket().recv(1)",
    "a_yielding_loop_ends": "while True:\n    os.sched_yield()",
    "a_loop_of_refused_calls_ends": "while True:\n    libc.getppid()",
    "a_loop_that_blocks_signals_ends": (
        "attempt(lambda: modules['signal'].pthread_sigmask(0, range(1, 32)))\nwhile True:\n    pass"
    ),
    "a_copy_loop_ends": "while True:\n    bytes(1 << 24)",
    "a_mapping_loop_ends": "while True:\n    libc.munmap(ctypes.c_void_p(page()), ctypes.c_size_t(4096))",
    # Those that talk slowly, or not to the end.
    "a_frame_sent_byte_by_byte_ends": (
        "own, clock = own_socket(), modules['time'].monotonic\nown.send((1000).to_bytes(4, 'little'))\n"
        "while True:\n    own.send(b'x')\n    until = clock() + 0.1\n    while clock() < until:\n        pass"
    ),
    "a_frame_without_its_end_ends": "own_socket().send((99).to_bytes(4, 'little') + b'x')\nwhile True:\n    pass",
    "a_frame_with_half_a_length_ends": "own_socket().send(b'\\1\\0')\nown_socket().recv(1)",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_endless(groups: Groups, name: str) -> None:
    outcome = groups.endless(ENDLESS, name, SECONDS)
    outcome.failed_by("timeout")
    assert outcome.seconds < LONGEST_S
