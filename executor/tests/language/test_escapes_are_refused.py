"""Published ways out of restricted Python, each told what it may write instead. The sandbox holds without this."""

import pytest
from language_programs import outcome

from strategiz_executor.strategy.language import GUARDED_PYTHON

ESCAPES = {
    # The nine that a usual set of guards let through.
    "operator.attrgetter": (
        "import operator\noperator.attrgetter('__class__')",
        "operator.attrgetter is not available to strategies: write a lambda",
    ),
    "a module in datetime": ("import datetime\ndatetime.sys", "datetime"),
    "a module in pandas": (
        "pd.io.common.os",
        "pd.io is not available to strategies: strategies have no files",
    ),
    "ctypes in numpy": (
        "np.ctypeslib",
        "np.ctypeslib is not available to strategies: strategies have no foreign",
    ),
    "np.load": ("np.load('x.npy')", "np.load is not available to strategies: strategies have no files"),
    "pd.read_pickle": ("pd.read_pickle('x')", "pd.read_pickle is not available to strategies: use data"),
    "pd.read_csv": ("pd.read_csv('x')", "pd.read_csv is not available to strategies: use data"),
    "query (CVE-2024-9880)": (
        "df.query('@pd.io.common.os.system(\"id\")')",
        "df.query is not available to strategies: use a boolean mask, as in data[data['close'] > data['open']]",
    ),
    "eval of a table": (
        "df.eval('close')",
        "df.eval is not available to strategies: write the expression as Python",
    ),
    # RestrictedPython's advisories.
    "frames of a generator (CVE-2023-37271)": (
        "def f(): yield\nf().gi_frame.f_back.f_globals",
        "generator.gi_frame is not available to strategies: strategies cannot look at frames and code",
    ),
    "frames of the class": (
        "def f(): yield\ntype(f()).gi_frame",
        "generator.gi_frame is not available to strategies: strategies cannot look at frames and code",
    ),
    "attributes by format (CVE-2023-41039)": (
        "print('{0.__class__.__mro__}'.format(1))",
        "in a text to format, the attribute __class__ is not available to strategies: write type(x)",
    ),
    "attributes by format of a variable": (
        "form = '{0.' + '__class__}'\nprint(form.format(1))",
        "in a text to format, the attribute __class__ is not available to strategies: write type(x)",
    ),
    "attributes by format_map": (
        "form = '{x.' + '__dict__}'\nform.format_map({'x': pd})",
        "in a text to format, the attribute __dict__ is not available to strategies: read the attributes",
    ),
    "attributes by a nested field": (
        "form = '{:{1.' + '__class__}}'\nform.format(1, 2)",
        "in a text to format, the attribute __class__",
    ),
    "attributes by str.format": (
        "str.format('{0.' + '__class__}', 1)",
        "in a text to format, the attribute __class__ is not available to strategies: write type(x)",
    ),
    "attributes by str.format of a list": (
        "list(map(str.format, ['{0.' + '__class__}'], [1]))",
        "in a text to format, the attribute __class__",
    ),
    "attributes by np.str_": (
        "np.str_('{0.' + '__class__}').format(1)",
        "in a text to format, the attribute __class__",
    ),
    "attributes by UserString": (
        "import collections\ncollections.UserString('{0}').format(1)",
        "UserString.format is not available to strategies: use str(text).format",
    ),
    "string.Formatter": ("import string", "string cannot be imported by strategies"),
    "what an AttributeError holds (CVE-2024-47532)": (
        "try:\n    df.x\nexcept AttributeError as error:\n    error.obj",
        "error.obj is not available to strategies: print the exception itself",
    ),
    "except* (CVE-2025-22153)": (
        "try:\n    pass\nexcept* ValueError:\n    pass",
        "except* is not available to strategies",
    ),
    "the traceback of an exception": (
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    error.__traceback__",
        "the attribute __traceback__ is not available to strategies",
    ),
    "the traceback given to a manager": (
        "class M:\n    def __enter__(self): return self\n"
        "    def __exit__(self, a, b, place): place.tb_frame\nwith M(): 1 / 0",
        "traceback.tb_frame is not available to strategies: strategies cannot look at frames and code",
    ),
    # Ways round the names.
    "the class of an object": ("(1).__class__", "the attribute __class__ is not available to strategies"),
    "globals of a function": (
        "(lambda: 0).__globals__",
        "the attribute __globals__ is not available to strategies",
    ),
    "globals by getattr": (
        "getattr(np.mean, '__glo' + 'bals__')",
        "the attribute __globals__ is not available to strategies: write the names themselves",
    ),
    "globals by getattr with a text of one's own": (
        "class T(str):\n    def startswith(self, *a): return False\n    def __eq__(self, o): return False\n"
        "    __hash__ = str.__hash__\ngetattr(np.mean, T('__globals__'))",
        "the attribute __globals__ is not available to strategies",
    ),
    "globals by getattr with a default": (
        "getattr(np.mean, '__globals__', None)",
        "the attribute __globals__",
    ),
    "query by getattr": ("getattr(df, 'que' + 'ry')('close > 0')", "df.query is not available to strategies"),
    "query of the class": ("DataFrame.query(df, 'close > 0')", "df.query is not available to strategies"),
    "query through super": (
        "class T(DataFrame):\n    def ask(self): return super().query('close > 0')\nT(df).ask()",
        "df.query is not available to strategies",
    ),
    "Python's own getattr after a del": (
        "del getattr\ngetattr(np.mean, '__globals__')",
        "the attribute __globals__ is not available to strategies",
    ),
    "the order of classes": ("type(df).mro()", "type.mro is not available to strategies"),
    "subclasses": ("object.__subclasses__()", "the attribute __subclasses__ is not available to strategies"),
    "getattribute": (
        "object.__getattribute__(1, '__class__')",
        "the attribute __getattribute__ is not available",
    ),
    "the builtins": ("__builtins__['eval']", "the name __builtins__ is not available to strategies"),
    "a name of the guards": ("_getattr_ = getattr", "the name _getattr_ is not available to strategies"),
    "a guard by import": ("import math as _write_", "the name _write_ is not available to strategies"),
    "a guard by an argument": ("def f(_write_): pass", "the name _write_ is not available to strategies"),
    "a guard by a handler": ("try:\n    pass\nexcept ValueError as _write_:\n    pass", "the name _write_"),
    "a guard by a pattern": ("match 1:\n    case _write_: pass", "the name _write_"),
    "a guard by a star pattern": ("match [1]:\n    case [*_write_]: pass", "the name _write_"),
    "a guard by a mapping pattern": ("match {}:\n    case {**_write_}: pass", "the name _write_"),
    "a guard by global": ("def f():\n    global _write_", "the name _write_"),
    "a guard by walrus": ("(_write_ := 1)", "the name _write_"),
    "a guard by a loop": ("[1 for _write_ in 'ab']", "the name _write_"),
    "a guard by with": ("with np.errstate() as _write_: pass", "the name _write_"),
    "a guard by unpacking": ("a, *_write_ = 1, 2", "the name _write_"),
    "a guard by a class": ("class _write_: pass", "the name _write_"),
    "a guard by a function": ("def _write_(x): return x", "the name _write_"),
    "copied attributes": (
        "import functools\nclass C:\n    def __setattr__(self, name, value): print(name)\n"
        "functools.update_wrapper(C(), np.mean, assigned=['__globals__'])",
        "functools.update_wrapper(assigned=) is not available to strategies",
    ),
    "a frame by a class pattern": (
        "class Kind(type):\n    def __instancecheck__(cls, other): return True\n"
        "class C(metaclass=Kind):\n    __match_args__ = ('gi_frame',)\n"
        "match (x for x in 'a'):\n    case C(frame): print(frame)",
        "the attribute gi_frame cannot be matched",
    ),
    "a frame by a class pattern with a name": (
        "match 1:\n    case int(gi_frame=x): pass",
        "the attribute gi_frame cannot be matched",
    ),
    "a class by a class pattern with a name": (
        "match 1:\n    case int(__class__=x): pass",
        "the attribute __class__ cannot be matched",
    ),
    "a frame in place": (
        "def f(): yield\nf().gi_frame += 1",
        "the attribute gi_frame cannot be changed in place",
    ),
    # pandas and numpy by other doors.
    "a file by to_csv": ("df.to_csv('x.csv')", "df.to_csv with path_or_buf is not available to strategies"),
    "a file by to_json": (
        "df.close.to_json(path_or_buf='x')",
        "series.to_json with path_or_buf is not available",
    ),
    "a file by to_string": ("df.to_string('x')", "df.to_string with buf is not available to strategies"),
    "a pickle": (
        "df.to_pickle('x')",
        "df.to_pickle is not available to strategies: strategies have no files",
    ),
    "a method by name": (
        "df.agg('to_pickle', 0, 'x')",
        "'to_pickle' is not available to strategies in df.agg",
    ),
    "a special method by name": ("df.close.apply('__class__')", "'__class__' is not available to strategies"),
    "methods by names": (
        "df.close.agg(['mean', 'plot'])",
        "'plot' is not available to strategies in series.agg",
    ),
    "methods by names in an array": (
        "df.close.agg(np.array(['mean', 'to_csv']))",
        "'to_csv' is not available to strategies in series.agg",
    ),
    "methods by names in a list of one's own": (
        "class L(list): pass\ndf.close.agg(L(['mean', 'to_csv']))",
        "names in a L are not available to strategies: give a list or a dict",
    ),
    "a method by name of a column": (
        "df.agg({'close': 'to_csv'})",
        "'to_csv' is not available to strategies",
    ),
    "a method by name of a group": (
        "df.groupby('volume').agg(x=('close', 'to_csv'))",
        "'to_csv' is not available to strategies in DataFrameGroupBy.agg",
    ),
    "a method by name of a pivot": (
        "df.pivot_table('close', 'volume', aggfunc='to_csv')",
        "'to_csv' is not available to strategies in df.pivot_table",
    ),
    "a method of an expression": (
        "pd.col('close').to_csv('x')",
        "Expression.to_csv with path_or_buf is not available",
    ),
    "charts": ("df.close.plot()", "series.plot is not available to strategies: use plot(series, name)"),
    "styles": ("df.style", "df.style is not available to strategies: use print"),
    "a file of an array": ("df.close.to_numpy().tofile('x')", "array.tofile is not available to strategies"),
    "a pickle of a number": ("np.float64(1).dumps()", "float64.dumps is not available to strategies"),
    "ctypes of an array": ("np.ones(3).ctypes", "array.ctypes is not available to strategies"),
    "ctypes of a generator": (
        "np.random.default_rng().bit_generator.ctypes",
        "PCG64.ctypes is not available to strategies: strategies have no foreign functions",
    ),
    "processes of indicators": ("df.ta.strategy()", "df.ta.strategy is not available to strategies"),
    "prices from the network": (
        "df.ta.ticker('AAPL')",
        "df.ta.ticker is not available to strategies: use data",
    ),
    "a class that others use": ("DataFrame.mean = None", "attributes of DataFrame cannot be set"),
    "a function that others use": (
        "ta.rsi.x = 1",
        "attributes of rsi cannot be set: libraries are read-only",
    ),
    "a class that others use by setattr": (
        "setattr(pd.Series, 'x', 1)",
        "attributes of Series cannot be set",
    ),
    "a library": ("np.mean = None", "np.mean cannot be set: libraries are read-only"),
    "coroutines": ("async def f(): pass", "async is not available to strategies"),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_is_refused_and_says_so(name: str):
    source, message = ESCAPES[name]
    answer = outcome(source, GUARDED_PYTHON)
    kind, _, said = answer.error.partition(": ")
    assert said.startswith(message), answer
    assert kind in {"NotAvailableError", "StrategyImportError", "LanguageRefusalError"}
    assert answer.printed == []


def test_a_refused_attribute_is_one_that_is_not_there():
    shown = outcome(
        "print(hasattr(df, 'query'), hasattr(df, '__class__'), hasattr(df, 'close'))", GUARDED_PYTHON
    )
    assert shown.printed == ["False False True"]
