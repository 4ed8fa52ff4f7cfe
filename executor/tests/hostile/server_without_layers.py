"""The executor with some layers of its sandbox left out: `server_without_layers.py LAYER,LAYER COMMAND`.

For measure_layers.py alone, which says what each layer stops. The product has no such switches. It replaces
functions of the lockdown in the zygote, and the canary, which would refuse to serve.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from strategiz_executor.sandbox import landlock, lockdown, seccomp
from strategiz_executor.sandbox import zygote as zygote_program
from strategiz_executor.server import cli, zygote_process

SERVER = "strategiz_executor"
ZYGOTE = "strategiz_executor.sandbox.zygote"
AS_ZYGOTE = "--as-zygote"
MDWE, DUMPABLE = lockdown.PR_SET_MDWE, lockdown.PR_SET_DUMPABLE


def nothing(*_: object) -> None:
    """In place of a layer."""


def without_prctl(*options: int) -> Callable[[], None]:
    """Leaves out settings of the process."""

    def leave_out() -> None:
        real = lockdown.prctl
        lockdown.prctl = lambda option, *rest: 0 if option in options else real(option, *rest)

    return leave_out


def replacing(owner: object, name: str, value: object = nothing) -> Callable[[], None]:
    """Puts something in place of a function."""
    return lambda: setattr(owner, name, value)


LEAVING_OUT: dict[str, tuple[Callable[[], None], ...]] = {
    "seccomp": (replacing(seccomp.Filter, "install"),),
    "landlock": (replacing(landlock, "restrict"),),
    "rlimits": (replacing(lockdown, "_limit_resources"),),
    "capabilities": (replacing(lockdown, "_drop_capabilities"),),
    "code memory": (replacing(lockdown, "seal_code"), without_prctl(MDWE)),
    "not dumpable": (without_prctl(DUMPABLE),),
}
"""What leaves a layer out, by the layer's name. Others need no_new_privs and closed descriptors, and fail closed."""


def serve(layers: str, command: list[str]) -> int:
    """The server that a command starts, but its zygotes are this file."""
    real = subprocess.Popen

    def start(zygote: list[str], **rest: Any) -> subprocess.Popen[bytes]:
        at = zygote.index(ZYGOTE)
        return real([*zygote[: at - 1], __file__, AS_ZYGOTE, layers, *zygote[at + 1 :]], **rest)

    zygote_process.subprocess.Popen = start
    return cli.main(command[command.index(SERVER) + 1 :], os.environ)


def be_zygote(layers: str, options: list[str]) -> None:
    """A zygote whose children lack those layers."""
    for layer in filter(None, layers.split(",")):
        for leave_out in LEAVING_OUT[layer]:
            leave_out()
    zygote_program._canary = lambda _: {}
    sys.argv = [ZYGOTE, *options]
    zygote_program.main()


if __name__ == "__main__":
    if sys.argv[1] == AS_ZYGOTE:
        be_zygote(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(serve(sys.argv[1], sys.argv[2:]))
