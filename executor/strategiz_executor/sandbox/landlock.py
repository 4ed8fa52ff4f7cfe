"""Landlock: no file, no TCP, no abstract socket, no signal out of the child's own domain.

A second fence behind seccomp, each child in a domain of its own, so that siblings cannot reach one another.
Kernel documentation: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import errno
import os
import struct

from .libc import LIBC, syscall

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
# Rights known to each version of the ABI: all that it knows are handled, and no rule grants any.
_FILE_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
_FILE_RIGHTS_SINCE_5 = 0xFFFF
_TCP_RIGHTS = 3
_SCOPES = 3
_LOG_NOTHING, _CAN_LOG_SINCE = 1, 7  # what strategies try would fill the audit log


def version() -> int:
    """Version of the kernel's Landlock; 0 where there is none (old kernel, gVisor, switched off)."""
    found = LIBC.syscall(
        ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION)
    )
    return max(0, int(found))


def ruleset(abi: int) -> bytes:
    """struct landlock_ruleset_attr as `abi` knows it."""
    files = _FILE_RIGHTS.get(abi, _FILE_RIGHTS_SINCE_5)
    if abi < 4:
        return struct.pack("<Q", files)
    if abi < 6:
        return struct.pack("<QQ", files, _TCP_RIGHTS)
    return struct.pack("<QQQ", files, _TCP_RIGHTS, _SCOPES)


def restrict(abi: int) -> None:
    """Puts this process into an empty domain of its own for good; needs no_new_privs.

    OSError where the kernel refuses, or does as if and a directory can be opened all the same.
    """
    attributes = ruleset(abi)
    length = ctypes.c_size_t(len(attributes))
    flags = ctypes.c_uint(_LOG_NOTHING if abi >= _CAN_LOG_SINCE else 0)
    descriptor = syscall("landlock_create_ruleset", _CREATE_RULESET, attributes, length, ctypes.c_uint(0))
    try:
        syscall("landlock_restrict_self", _RESTRICT_SELF, ctypes.c_int(descriptor), flags)
    finally:
        os.close(descriptor)
    _see_it_hold()


def _see_it_hold() -> None:
    """Nothing else would tell, since seccomp hides the files, too."""
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        return
    raise OSError(errno.ENOTSUP, "Landlock does not hold")
