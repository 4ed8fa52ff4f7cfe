"""Ways out of Python's own rules, as strategies write them: nothing before them, so that the language layer runs them.

Each binds `inside` to something that leads to the interpreter or the system. Programs of our own; where one follows
a published advisory, its name says so.
"""

INSIDE = "INSI" + "DE"
TELL = "\nprint('INSI' + 'DE', type(inside))\n"

ATTRIBUTES = {
    "no_class_is_walked_to_its_subclasses": "inside = ().__class__.__base__.__subclasses__()",
    "no_class_is_walked_by_type": "inside = type(()).__base__.__subclasses__()",
    "no_order_of_classes_is_read": "inside = type(()).mro()[-1].__subclasses__()",
    "no_globals_of_a_function_are_read": "inside = plot.__globals__",
    "no_function_behind_a_method_is_read": "inside = plot.__func__.__globals__",
    "no_object_behind_a_method_is_read": "inside = plot.__self__",
    "no_globals_of_a_library_are_read": "inside = pd.DataFrame.__init__.__globals__['sys']",
    "no_module_of_a_library_is_read": "inside = pd.DataFrame.describe.__globals__",
    "no_code_of_a_function_is_read": "inside = (lambda: 0).__code__.replace(co_consts=(1,))",
    "no_code_of_a_function_is_set": "def f():\n    pass\nf.__code__ = (lambda: 1).__code__\ninside = f",
    "no_closure_is_read": "def f(x):\n    return lambda: x\ninside = f(1).__closure__",
    "no_defaults_are_read": "inside = (lambda a=1: a).__defaults__",
    "no_dictionary_of_a_module_is_read": "inside = pd.__dict__",
    "no_dictionary_of_a_class_is_read": "inside = type(data).__dict__",
    "no_loader_is_read": "inside = pd.__loader__",
    "no_spec_is_read": "inside = pd.__spec__",
    "no_builtins_are_read": "inside = __builtins__['open']",
    "no_real_import_is_read": "inside = __builtins__['__import__']('os')",
    "no_guard_is_taken": "inside = _getattr_",
    "no_reduction_is_read": "inside = ().__reduce_ex__(2)[0].__globals__",
    "no_attribute_is_read_by_getattr": "inside = getattr((), '__cla' + 'ss__')",
    "no_attribute_is_read_by_a_text_of_ones_own_class": (
        "class Text(str):\n    def startswith(self, *a):\n        return False\n    def __eq__(self, other):\n"
        "        return False\n    def __hash__(self):\n        return 1\ninside = getattr((), Text('__class__'))"
    ),
    "no_attribute_is_read_once_the_guard_is_deleted": "del getattr\ninside = getattr((), '__class__')",
    "no_attribute_is_read_once_the_guard_is_deleted_in_a_function": (
        "def take():\n    global getattr\n    del getattr\ntake()\ninside = getattr((), '__class__')"
    ),
    "no_library_is_changed_once_the_guard_is_deleted": "del setattr\nsetattr(pd.DataFrame, 'mean', 1)\ninside = 1",
    "no_attribute_is_read_by_operator": "import operator\ninside = operator.attrgetter('__class__.__base__')(())",
    "no_method_is_called_by_operator": "import operator\ninside = operator.methodcaller('__reduce_ex__', 2)(())",
    "no_attribute_is_read_by_a_pattern": "match ():\n    case object(__class__=inside):\n        pass",
    "no_attribute_is_read_by_a_pattern_with_positions": (
        "class Any:\n    __match_args__ = ('__globals__',)\nmatch plot:\n    case Any(inside):\n        pass"
    ),
    "no_attribute_is_copied_by_wraps": (
        "import functools\ncaught = []\nclass Catch:\n"
        "    def __setattr__(self, name, value):\n        caught.append(value)\n"
        "functools.update_wrapper(Catch(), pd.DataFrame.describe, assigned=('__globals__',), updated=())\n"
        "inside = caught[0]"
    ),
    "no_attribute_is_copied_by_a_decorator": (
        "import functools\ncaught = []\nclass Catch:\n"
        "    def __setattr__(self, name, value):\n        caught.append(value)\n"
        "    def __call__(self):\n        pass\n"
        "functools.wraps(pd.DataFrame.describe, assigned=('__globals__',), updated=())(Catch())\ninside = caught[0]"
    ),
    "no_attribute_is_merged_by_wraps": (
        "import functools\nclass Catch:\n    pass\ncatch = Catch()\ncatch.__dict__ = {}\n"
        "functools.update_wrapper(catch, type(data), assigned=(), updated=('__dict__',))\ninside = catch.__dict__"
    ),
    "no_attribute_is_read_by_a_dispatched_function": (
        "import functools\n@functools.singledispatch\ndef f(x):\n    pass\ninside = f.registry.__reduce_ex__"
    ),
    "no_attribute_is_read_through_super": (
        "class Text(str):\n    def read(self, value):\n        return super().format(value)\n"
        "inside = Text('{0.__class__.__mro__}').read(1)\nif '<class' not in inside:\n    raise ValueError(inside)"
    ),
    "no_file_is_written_through_super": (
        "class Frame(pd.DataFrame):\n    def write(self, path):\n        return super().to_pickle(path)\n"
        "Frame({'a': [1]}).write('@DIRECTORY@/made')\ninside = 1"
    ),
    "no_text_is_evaluated_through_super": (
        "class Frame(pd.DataFrame):\n    def ask(self, text):\n        return super().query(text)\n"
        "inside = Frame({'a': [1]}).ask('@pd.DataFrame.__init__.__globals__ == a')"
    ),
    "no_method_is_unbound_by_super": "inside = super(type(data), data).__init__.__globals__",
    "no_class_is_read_by_a_subclass": "class Mine(type(plot)):\n    pass\ninside = Mine",
    "no_frame_is_read_by_a_property": "inside = type(data).columns.__get__",
    "no_module_comes_through_an_accessor": "inside = data.ta.__class__",
    "no_indicator_is_called_by_an_attributes_name": "inside = data.ta(kind='__class__')",
    "no_bytes_are_read_past_the_end": ("inside = np.ndarray((1 << 20,), 'u1', buffer=b'x', strides=(1,))"),
    "no_object_is_made_of_bytes": "inside = np.frombuffer(b'x' * 8, dtype=object)[0]",
    "no_object_is_made_by_a_view": "inside = np.zeros(1, 'i8').view(object)[0]",
    "no_object_is_made_by_a_record": (
        "kind = np.dtype({'names': ['a', 'b'], 'formats': ['i8', 'O'], 'offsets': [0, 0]})\n"
        "inside = np.zeros(1, kind)['b'][0]"
    ),
    "no_memory_is_read_by_strides": "inside = np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20,), (8,))",
    "no_array_gives_ctypes": "inside = data['close'].to_numpy().ctypes",
    "no_array_gives_its_interface": "inside = data['close'].to_numpy().__array_interface__",
}

FRAMES = {
    "cve_2023_37271_no_frame_of_a_generator": "inside = (x for x in ()).gi_frame.f_back",
    "cve_2023_37271_no_frame_of_a_running_generator": (
        "def read():\n    yield box[0].gi_frame.f_back.f_back.f_globals\nbox = []\n"
        "box.append(read())\ninside = next(box[0])"
    ),
    "cve_2023_37271_no_code_of_a_generator": "inside = (x for x in ()).gi_code",
    "cve_2023_37271_no_frame_of_a_coroutine": (
        "async def f():\n    pass\nrunning = f()\ninside = running.cr_frame.f_globals"
    ),
    "no_frame_of_an_asynchronous_generator": "async def f():\n    yield 1\ninside = f().ag_frame",
    "no_frame_of_a_trace": "try:\n    1 / 0\nexcept Exception as error:\n    inside = error.__traceback__.tb_frame",
    "no_frame_of_a_trace_given_to_exit": (
        "class Box:\n    def __enter__(self):\n        return self\n    def __exit__(self, kind, error, trace):\n"
        "        self.frame = trace.tb_frame.f_back.f_globals\n        return True\n"
        "box = Box()\nwith box:\n    1 / 0\ninside = box.frame"
    ),
    "no_frame_of_a_context": (
        "try:\n    1 / 0\nexcept Exception as error:\n    inside = error.with_traceback(None).__context__"
    ),
    "no_frame_by_getattr": "inside = getattr((x for x in ()), 'gi_' + 'frame')",
    "no_frame_by_a_library": "import statistics\ninside = statistics.sys._getframe()",
}

TEXTS = {
    "cve_2023_41039_no_attribute_by_format": "inside = '{0.__class__.__base__.__subclasses__}'.format(())",
    "cve_2023_41039_no_globals_by_format": "inside = '{0.__globals__[sys].modules}'.format(plot)",
    "cve_2023_41039_no_attribute_by_format_map": "inside = '{a.__class__}'.format_map({'a': ()})",
    "cve_2023_41039_no_attribute_by_an_unbound_format": "inside = str.format('{0.__class__}', ())",
    "cve_2023_41039_no_attribute_by_a_built_text": "inside = ('{0.' + '__class__' + '}').format(())",
    "cve_2023_41039_no_attribute_by_map": "inside = list(map('{0.__class__}'.format, [()]))",
    "cve_2023_41039_no_attribute_by_a_nested_field": "inside = '{0:{1.__class__}}'.format(1, ())",
    "cve_2023_41039_no_attribute_by_a_column": "inside = data['close'].map('{0.__class__}'.format)",
    "cve_2024_47532_no_object_of_an_error": "try:\n    ().x\nexcept AttributeError as error:\n    inside = error.obj",
    "cve_2024_47532_no_object_of_a_librarys_error": (
        "try:\n    pd.nothing\nexcept AttributeError as error:\n    inside = error.obj"
    ),
    "cve_2024_47532_no_formatter": "import string\ninside = string.Formatter().get_field('0.__class__', ((),), {})",
    "cve_2026_76825_no_field_by_a_formatter": (
        "from string import Formatter\ninside = Formatter().vformat('{0.__class__}', ((),), {})"
    ),
    "cve_2026_76825_no_field_by_a_user_string": (
        "import collections\ninside = collections.UserString('{0.__class__}').format(())"
    ),
    "cve_2025_22153_no_group_of_exceptions": (
        "class Any(ExceptionGroup):\n    def split(self, kind):\n        return self, self\n"
        "try:\n    raise Any('x', [ValueError()])\nexcept* ValueError as inside:\n    pass"
    ),
    "cve_2026_55830_no_guard_is_shadowed": (
        "def f(_getattr_, /):\n    return ().__class__\ninside = f(lambda owner, name: owner)"
    ),
    "cve_2026_55830_no_guard_is_shadowed_by_a_lambda": "inside = (lambda _getattr_, /: 'x'.format)(lambda o, n: o)",
    "no_guard_is_shadowed_by_an_exception": "try:\n    1 / 0\nexcept Exception as _getattr_:\n    inside = 1",
    "no_guard_is_shadowed_by_an_import": "import math as _getattr_\ninside = 1",
    "no_guard_is_shadowed_by_a_pattern": "match 1:\n    case _getattr_:\n        inside = 1",
    "no_guard_is_shadowed_by_a_loop": "for _getattr_ in (1,):\n    inside = 1",
    "no_guard_is_shadowed_by_a_star": "_, *_getattr_ = 1, 2\ninside = 1",
    "no_guard_is_shadowed_by_a_class": "class _getattr_:\n    pass\ninside = 1",
    "no_guard_is_shadowed_by_an_assignment": "print(_getattr_ := 1)\ninside = 1",
    "no_text_is_evaluated": "inside = eval('1')",
    "no_text_is_executed": "exec('inside = 1')",
    "no_text_is_compiled": "inside = compile('1', 'x', 'eval')",
    "no_text_is_evaluated_by_python_again": "inside = (lambda f=eval: f('1'))()",
}

LIBRARIES = {
    "no_system_is_imported": "import os\ninside = os",
    "no_system_is_imported_by_its_parts": "from os import path\ninside = path",
    "no_system_is_imported_by_a_function": "inside = __import__('os')",
    "no_library_gives_all_its_names": "from pandas.io.common import *\ninside = os",
    "no_part_of_a_library_is_imported": "import pandas.io.common as common\ninside = common.os",
    "no_system_comes_out_of_pandas_io": "inside = pd.io.common.os",
    "no_system_comes_out_of_pandas_compat": "inside = pd.compat.os",
    "no_system_comes_out_of_pandas_core": "inside = pd.core.frame.sys",
    "no_system_comes_out_of_numpy": "inside = np.ctypeslib.ctypes",
    "no_compiler_comes_out_of_numpy": "inside = np.f2py",
    "no_system_comes_out_of_datetime": "import datetime\ninside = datetime.sys",
    "no_system_comes_out_of_statistics": "import statistics\ninside = statistics.sys",
    "no_system_comes_out_of_random": "import random\ninside = random._os",
    "no_system_comes_out_of_collections": "import collections\ninside = collections._sys",
    "no_system_comes_out_of_decimal": "import decimal\ninside = decimal.sys",
    "no_module_comes_out_of_functools": "import functools\ninside = functools.GenericAlias.__init__.__globals__",
    "cve_2024_9880_no_code_in_a_query": (
        "inside = data.query('@pd.compat.os.system(\"touch @DIRECTORY@/made\") == 0')"
    ),
    "cve_2024_9880_no_import_in_a_query": "inside = data.query('@__import__(\"os\").getpid() > 0', engine='python')",
    "no_code_in_an_evaluation": "inside = data.eval('@pd.compat.os.getpid()')",
    "no_code_in_pandas_eval": "inside = pd.eval('__import__(\"os\").getpid()', engine='python')",
    "no_pickle_is_loaded_by_pandas": "inside = pd.read_pickle('@SECRET@')",
    "no_pickle_is_loaded_by_numpy": "inside = np.load('@SECRET@', allow_pickle=True)",
    "no_file_is_read_by_pandas": "inside = pd.read_csv('@SECRET@')",
    "no_file_is_read_by_html": "inside = pd.read_html('file://@SECRET@')",
    "no_file_is_read_by_numpy": "inside = np.genfromtxt('@SECRET@')",
    "no_file_is_mapped_by_numpy": "inside = np.memmap('@SECRET@')",
    "no_file_is_opened_by_a_data_source": "inside = np.DataSource('.').open('@SECRET@')",
    "no_file_is_opened": "inside = open('@SECRET@')",
    "no_store_is_opened": "inside = pd.HDFStore('@DIRECTORY@/made')",
    "no_address_is_read_by_pandas": "inside = pd.read_csv('http://127.0.0.1:@TCP@/')",
    "no_frame_is_written": "data.to_csv('@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_pickled": "data.to_pickle('@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_written_by_a_methods_name": "data.apply('to_pickle', args=('@DIRECTORY@/made',))\ninside = 1",
    "no_frame_is_written_by_agg": "data['close'].agg('to_csv', path_or_buf='@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_written_by_a_list_of_names": "data.agg(['to_pickle'], path='@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_written_by_an_array_of_names": (
        "data.agg(np.array(['to_pickle']), path='@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_a_set_of_names": (
        "data['close'].agg({'to_csv'}, path_or_buf='@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_a_table_of_names_that_hides_them": (
        "class Hidden(dict):\n    def values(self):\n        return []\n"
        "data.agg(Hidden(close='to_csv'), path_or_buf='@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_what_a_cache_copies": (
        "import functools\nfunctools.cache(pd.DataFrame).to_pickle(data, '@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_what_a_dispatch_copies": (
        "import functools\nfunctools.singledispatch(pd.DataFrame).to_pickle(data, '@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_a_pivot": (
        "pd.pivot_table(data, index='close', aggfunc='to_pickle', path='@DIRECTORY@/made')\ninside = 1"
    ),
    "no_frame_is_written_by_a_class": "pd.DataFrame.to_pickle(data, '@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_written_by_pipe": "data.pipe(pd.DataFrame.to_csv, '@DIRECTORY@/made')\ninside = 1",
    "no_frame_is_written_by_groups": (
        "data.groupby('close').pipe(lambda g: g.obj.to_pickle('@DIRECTORY@/made'))\ninside = 1"
    ),
    "no_text_is_written_by_info": "data.info(buf=open('@DIRECTORY@/made', 'w'))\ninside = 1",
    "no_text_is_written_by_to_string": "data.to_string('@DIRECTORY@/made')\ninside = 1",
    "no_clipboard_program_is_run": "data.to_clipboard()\ninside = 1",
    "no_table_is_sent_to_a_database": "data.to_sql('t', 'sqlite:///@DIRECTORY@/made')\ninside = 1",
    "no_array_is_written": "data['close'].to_numpy().tofile('@DIRECTORY@/made')\ninside = 1",
    "no_array_is_dumped": "data['close'].to_numpy().dump('@DIRECTORY@/made')\ninside = 1",
    "no_array_is_saved": "np.save('@DIRECTORY@/made', data['close'])\ninside = 1",
    "no_picture_is_drawn": "inside = data.plot()",
    "no_indicator_fetches_prices": "inside = data.ta.ticker('AAPL')",
    "no_indicator_starts_processes": "inside = data.ta.strategy('all', cores=2)",
    "no_option_of_a_library_is_set": "pd.set_option('compute.use_numexpr', True)\ninside = 1",
    "no_error_of_numpy_is_logged": "np.seterrcall(print)\ninside = 1",
    "no_library_is_changed": "pd.DataFrame.mean = lambda *a: 0\ninside = 1",
    "no_facade_is_changed": "np.mean = lambda *a: 0\ninside = 1",
    "no_facade_is_emptied": "del np.mean\ninside = 1",
    "no_time_zone_is_read_from_a_file": (
        "zone = type(data.index.tz_convert('America/New_York').tz)\ninside = zone.from_file(open('@SECRET@', 'rb'))"
    ),
    "no_time_zone_is_found_outside_its_directory": (
        "inside = data.index.tz_convert('../../../../etc/passwd')"
    ),
    "no_time_zone_is_read_by_another_library": "inside = data.index.tz_convert('dateutil//etc/passwd').tz._filename",
    "no_sleep_is_taken": "import time\ntime.sleep(0.01)\ninside = 1",
}
