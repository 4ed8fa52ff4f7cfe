"""Memory ends at its limit, and so do stacks; the server and the next execution have theirs."""

import pytest
from hostile_groups import Groups

MEGABYTES = 96
SECONDS = 20  # memory ends long before, however busy the machine

BOMBS = {
    "a_list_without_end_ends": "grown = [0]\nwhile True:\n    grown.extend(grown)",
    "a_list_of_lists_ends": "grown = []\nwhile True:\n    grown.append([0] * 1000)",
    "a_string_without_end_ends": "text = 'x'\nwhile True:\n    text += text",
    "a_string_multiplied_ends": "'x' * (1 << 40)",
    "bytes_multiplied_end": "bytearray(b'x') * (1 << 36)",
    "a_dictionary_without_end_ends": "grown = {}\nwhile True:\n    grown[len(grown)] = str(len(grown)) * 100",
    "a_big_number_ends": "1 << (1 << 40)",
    "a_shift_without_end_ends": "number = 1\nwhile True:\n    number <<= 1 << 24",
    "a_joined_string_ends": "','.join(['x' * 1000] * (1 << 20))",
    "a_replaced_string_ends": "('x' * (1 << 16)).replace('x', 'y' * (1 << 16))",
    "a_formatted_width_ends": "'%099999999999d' % 1",
    "a_padded_string_ends": "f'{1:>{1 << 38}}'",
    "an_array_ends": "np.zeros(1 << 36)",
    "an_array_that_is_written_ends": "kept = []\nwhile True:\n    kept.append(np.ones(1 << 20))",
    "a_tiled_array_ends": "np.tile(data['close'].to_numpy(), 1 << 30)",
    "an_outer_product_ends": "a = np.ones(1 << 17)\nnp.outer(a, a)",
    "a_cross_join_ends": ("a = data.loc[data.index.repeat(1000)]\nlen(a.merge(a, how='cross'))\n"),
    "a_join_on_equal_keys_ends": ("a = pd.DataFrame({'k': [1] * 50_000})\nlen(a.merge(a, on='k'))\n"),
    "a_range_of_dates_ends": "pd.date_range('1700', '2200', freq='s')",
    "a_resampled_frame_ends": "len(data.resample('ms').ffill())",
    "a_repeated_pattern_ends": "modules['re'].compile('(?:x{9999}){9999}')\nraise MemoryError",
    "a_cycle_of_objects_ends": (
        "class Node:\n    pass\nkept = []\nwhile True:\n"
        "    node = Node()\n    node.me, node.big = node, bytearray(1 << 20)\n    kept.append(node)"
    ),
    "a_mapping_of_everything_ends": "attempt(lambda: raw('mmap', 0, 1 << 42, 3, 0x4022, -1, 0))\nraise MemoryError",
    "mappings_without_end_end": "while raw('mmap', 0, 1 << 26, 3, 0x4022, -1, 0):\n    pass",
    "a_heap_without_end_ends": (
        "top = libc.sbrk(0)\nlibc.sbrk.restype = ctypes.c_long\nwhile libc.sbrk(1 << 24) != -1:\n    pass\n"
        "raise MemoryError"
    ),
}
ENDS_OF_MEMORY = ("memory", "exception", "crashed")

DEPTHS = {
    "a_recursion_ends": "def deeper():\n    deeper()\ndeeper()",
    "a_recursion_without_a_limit_ends": (
        "sys.setrecursionlimit(1 << 30)\ndef deeper(*a):\n    return repr(deeper(*a))\ndeeper()"
    ),
    "a_recursion_in_c_ends": (
        "sys.setrecursionlimit(1 << 30)\nclass Deep:\n    def __repr__(self):\n        return repr([self])\n"
        "repr(Deep())"
    ),
    "a_nested_json_ends": "sys.setrecursionlimit(1 << 30)\nmodules['json'].loads('[' * 3_000_000)",
    "a_nested_list_ends": (
        "sys.setrecursionlimit(1 << 30)\nnested = []\nfor _ in range(500_000):\n    nested = [nested]\nrepr(nested)"
    ),
    "a_nested_comparison_ends": (
        "a, b = [], []\nfor _ in range(300_000):\n    a, b = [a], [b]\nsys.setrecursionlimit(1 << 30)\na == b"
    ),
    "a_nested_copy_ends": (
        "sys.setrecursionlimit(1 << 30)\nnested = []\nfor _ in range(200_000):\n    nested = [nested]\n"
        "modules['copy'].deepcopy(nested)"
    ),
    "a_nested_pickle_ends": (
        "sys.setrecursionlimit(1 << 30)\nnested = []\nfor _ in range(500_000):\n    nested = [nested]\n"
        "modules['pickle'].dumps(nested)"
    ),
    "a_nested_pattern_ends": (
        "sys.setrecursionlimit(1 << 30)\nmodules['re'].compile('(' * 100_000 + ')' * 100_000)"
    ),
    "a_nested_syntax_tree_ends": (
        "sys.setrecursionlimit(1 << 30)\nast = modules['ast']\nnode = ast.Constant(1)\nfor _ in range(500_000):\n"
        "    node = ast.UnaryOp(ast.USub(), node)\nast.fix_missing_locations(ast.Expression(node))\n"
        "builtins.compile(ast.Expression(node), 'x', 'eval')"
    ),
    "a_chain_of_iterators_ends": (
        "import itertools\nchained = iter(())\nfor _ in range(1_000_000):\n    chained = itertools.chain(chained)\n"
        "next(chained)"
    ),
    "a_chain_of_destructors_ends": (
        "nested = None\nfor _ in range(2_000_000):\n    nested = (nested,)\ndel nested\n"
    ),
    "a_class_that_is_its_own_attribute_ends": (
        "class Loop:\n    pass\nloop = Loop()\nLoop.__getattr__ = lambda self, name: getattr(self, name + 'x')\nloop.a"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(groups: Groups, name: str) -> None:
    outcome = groups.program(BOMBS, name, memory_mb=MEGABYTES, timeout_seconds=SECONDS)
    outcome.failed_by(*ENDS_OF_MEMORY)


@pytest.mark.parametrize("name", DEPTHS)
def test_depths(groups: Groups, name: str) -> None:
    """A stack that ends is an exception or the child's own end; some do no harm at all."""
    outcome = groups.program(DEPTHS, name, memory_mb=MEGABYTES)
    outcome.failed_or_ran_by(*ENDS_OF_MEMORY, "timeout")
