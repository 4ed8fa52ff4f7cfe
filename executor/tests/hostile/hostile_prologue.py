"""What a hostile program begins with: the way past Python to the kernel.

`REACH` walks from an empty tuple to the modules of the process, as any escape from a language-level sandbox
does, so that what follows tests the kernel boundary alone. A program says what it got by `reached`, and by
`refused` that it really tried; the word REACHED never stands in its source, since sources come back in errors.
"""

import ast

from hostile_host import Host
from hostile_numbers import numbers_here

HOST_NAMES = {
    "numbers", "directory", "secret_file", "unix_path", "abstract_name", "tcp_port", "udp_port", "victim", "server",
    "zygote", "sibling",
}  # fmt: skip

REACH = """
found = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]
sys = found.__init__.__globals__['sys']
os = sys.modules['os']
"""

TOOLS = """
modules = sys.modules
builtins = modules['builtins']
ctypes, socket, errno, struct = (modules[n] for n in ('ctypes', 'socket', 'errno', 'struct'))
__builtins__['open'] = builtins.open
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def reached(what):
    print('REA' + 'CHED', repr(what)[:2000])

def refused(error):
    print('REFUSED', type(error).__name__, errno.errorcode.get(getattr(error, 'errno', None)))

def attempt(action):
    try:
        got = action()
    except (OSError, MemoryError, RuntimeError, ValueError, ImportError) as error:
        refused(error)
    else:
        reached(got)

def as_word(value):
    return ctypes.c_long(value) if isinstance(value, int) else value

def raw(name, *values):
    return raw_number(numbers[name], *values)

def raw_number(number, *values):
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *[as_word(value) for value in values])
    if got == -1:
        raise OSError(ctypes.get_errno(), 'refused')
    return got

def call(function, *values):
    function.restype = ctypes.c_int
    ctypes.set_errno(0)
    got = function(*[as_word(value) for value in values])
    if got == -1:
        raise OSError(ctypes.get_errno(), 'refused')
    return got

def room(size=4096):
    return ctypes.create_string_buffer(size)

def page():
    libc.mmap.restype = ctypes.c_void_p
    return libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))

def own_socket():
    return modules['_socket'].socket(1, 1, 0, 3)
"""

TOOL_NAMES = HOST_NAMES | {
    "sys", "os", "modules", "builtins", "ctypes", "socket", "errno", "struct", "libc",
    *(node.name for node in ast.parse(TOOLS).body if isinstance(node, ast.FunctionDef)),
}  # fmt: skip
ENDING = "\nplot(data['close'], 'close')\n"


def uses_tools(body: str) -> bool:
    """Whether a program has a name that the prologue binds."""
    names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    return bool(names & TOOL_NAMES)


def prologue(host: Host, server: int, zygote: int, sibling: int) -> str:
    """Source that gives a program its tools and the addresses of everything on `host`."""
    known = {
        "numbers": numbers_here(),
        "directory": str(host.directory),
        "secret_file": str(host.file),
        "unix_path": str(host.unix_path),
        "abstract_name": host.abstract_name,
        "tcp_port": host.tcp_port,
        "udp_port": host.udp_port,
        "victim": host.victim,
        "server": server,
        "zygote": zygote,
        "sibling": sibling,
    }
    return REACH + TOOLS + "".join(f"{name} = {value!r}\n" for name, value in known.items())
