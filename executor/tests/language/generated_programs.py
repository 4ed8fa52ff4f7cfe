"""Random programs that say what they evaluate, and in which order: `t(n, x)` notes n and answers x."""

from hypothesis import strategies as st

PROLOGUE = """
notes = []
def t(n, x):
    notes.append(n)
    return x
class Box:
    __match_args__ = ("a", "b")
    plot = "own"
    def __init__(self, a=1, b=2):
        self.a, self.b = a, b
    def __getitem__(self, key): return t("get", self.a)
    def __setitem__(self, key, value): t("set", key)
    def __iter__(self): return iter(t("iter", [self.a, self.b]))
    def __iadd__(self, other): return t("iadd", Box(self.a, other))
    def __repr__(self): return f"Box({type(self.a).__name__}, {type(self.b).__name__})"
a, b, c, o, d, s = 1, 2, "xy", Box(), {"k": 1, 0: [1, 2]}, [1, 2, 3]
"""
NAMES = st.sampled_from(["a", "b", "c", "o", "d", "s"])
OBJECTS = st.sampled_from(["o", "o", "o", "t(1, o)", "Box", "c"])
ITEMS = st.sampled_from(["o", "o", "s", "d", "t(2, d)", "c"])
NUMBERS = st.integers(0, 3).map(str)
NOTES = st.integers(0, 99)


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds("t({}, {})".format, NOTES, inner),
        st.builds(
            "({0[0]} {1} {0[1]})".format,
            two,
            st.sampled_from(["+", "-", "//", "%", "<", "<=", "==", "!=", "and", "or", "is", "in"]),
        ),
        st.builds("({0[0]} if {1} else {0[1]})".format, two, inner),
        st.builds("({}, {})".format, inner, inner),
        st.builds("[x for x in {} if {}]".format, inner, inner),
        st.builds("{{'k': {}, **{}}}".format, inner, inner),
        st.builds("(lambda x, y={}: {})({})".format, inner, inner, inner),
        st.builds("f'{{{}!r:>4}}'".format, NAMES),
        st.builds("'{{}} {{!r}}'.format({}, {})".format, inner, inner),
        st.builds("{}.a".format, OBJECTS),
        st.builds("{}.plot".format, OBJECTS),
        st.builds("{}[{}]".format, ITEMS, inner),
        st.builds("getattr({}, {!r}, {})".format, NAMES, st.sampled_from(["a", "plot", "none"]), inner),
        st.builds("Box({}, b={})".format, inner, inner),
        st.builds("sorted([*{}, {}], key=str)".format, inner, inner),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, NUMBERS, st.just("'q'")), _expressions, max_leaves=6)
TARGETS = st.one_of(
    NAMES,
    st.builds("{}.{}".format, OBJECTS, st.sampled_from("ab")),
    st.builds("t({}, {}).a".format, NOTES, OBJECTS),
    st.builds("{}[{}]".format, ITEMS, EXPRESSIONS),
    st.builds("t({}, {})[t({}, 0)]".format, NOTES, ITEMS, NOTES),
)
PATTERNS = st.sampled_from(
    ["1", "'xy' | 2", "Box()", "Box(1, y)", "Box(a=x)", "Box(Box(x), [y, *z])", "[x, *_]", "{'k': x, **y}",
     "(Box(x) | [x])", "int(x) | str(x)", "x if t(7, x)"]
)  # fmt: skip


GUARDED_STATEMENT = "try:\n{}\nexcept Exception as error: notes.append((type(error).__name__, str(error)))"
"""So that what comes after a mistake is seen as well."""


def _indented(block: str) -> str:
    return "\n".join(f"    {line}" for line in block.split("\n"))


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, min_size=1, max_size=3).map(lambda lines: _indented("\n".join(lines)))
    return st.one_of(
        st.builds("if {}:\n{}\nelse:\n{}".format, EXPRESSIONS, block, block),
        st.builds("for {} in list({})[:2]:\n{}\nelse:\n{}".format, TARGETS, EXPRESSIONS, block, block),
        st.builds(
            "try:\n{}\nexcept (TypeError, KeyError) as e:\n{}\nfinally:\n{}".format, block, block, block
        ),
        st.builds("def f(x=0):\n    nonlocal_ = x\n{}\n    return x\nf({})".format, block, EXPRESSIONS),
        st.builds(
            "match {}:\n    case {}:\n{}\n    case [Box(p, q), *r]:\n{}".format,
            EXPRESSIONS,
            PATTERNS,
            block.map(_indented),
            block.map(_indented),
        ),
    )


SIMPLE = st.one_of(
    st.builds("{} = {}".format, TARGETS, EXPRESSIONS),
    st.builds("{}, {} = {}".format, TARGETS, TARGETS, EXPRESSIONS),
    st.builds("{}, *{} = {}".format, TARGETS, TARGETS, EXPRESSIONS),
    st.builds("{} {}= {}".format, TARGETS, st.sampled_from(["+", "-", "//", "|", "@"]), EXPRESSIONS),
    st.builds("{}: {} = {}".format, st.one_of(NAMES, st.just("o.b")), EXPRESSIONS, EXPRESSIONS),
    st.builds("del {}".format, st.sampled_from(["o.a", "d['k']", "s[0]", "t(5, s)[0]"])),
    st.builds("(v := {})".format, EXPRESSIONS),
    st.builds("assert {}".format, EXPRESSIONS),
)
STATEMENTS = st.recursive(SIMPLE, _statements, max_leaves=5)
PROGRAMS = st.lists(STATEMENTS, min_size=2, max_size=6).map(
    lambda lines: PROLOGUE + "\n".join(GUARDED_STATEMENT.format(_indented(line)) for line in lines)
)
