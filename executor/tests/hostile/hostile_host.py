"""What the tests put on the machine for hostile programs to find, and how they see that it was not touched."""

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

SLEEP_SECONDS = "3600"


class Host:
    """A directory that everybody may write to, a secret, listeners of four kinds, and a process to attack.

    `through` is the command by which the victim becomes the executor's user, so that ordinary
    permissions would let the executor's children at it.
    """

    def __init__(self, through: tuple[str, ...]) -> None:
        self.secret = f"secret-{secrets.token_hex(16)}"
        self.directory = Path(tempfile.mkdtemp(prefix="hostile-", dir="/tmp"))
        self.directory.chmod(0o777)
        self.file = self.directory / "secret.txt"
        self.unix_path = self.directory / "listener"
        self.abstract_name = f"hostile-{secrets.token_hex(8)}"
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._abstract = _listen_on("\0" + self.abstract_name)
        self._furnish()
        self._through = through
        self._victim = self._start_victim()
        self._before = self._files()

    @property
    def tcp_port(self) -> int:
        return self._tcp.getsockname()[1]

    @property
    def udp_port(self) -> int:
        return self._udp.getsockname()[1]

    @property
    def victim(self) -> int:
        return self._victim.pid

    def traces(self) -> list[str]:
        """What hostile programs have left since the last call: one line for each trace, none where there is none.

        Afterwards everything is as it was, so that the next trace is another program's.
        """
        traces = []
        if (files := self._files()) != self._before:
            traces.append(f"the directory changed from {self._before} to {files}")
            self._restore_files()
        traces += [f"something came to {name}" for name in self._take_what_came()]
        if self._victim.poll() is not None:
            traces.append(f"the victim ended with {self._victim.returncode}")
            self._victim = self._start_victim()
        elif _state_of(self.victim) in "Tt":
            traces.append("the victim was stopped")
            os.kill(self.victim, signal.SIGCONT)
        return traces

    def close(self) -> None:
        self._victim.kill()
        self._victim.wait(10)
        for listener in (self._tcp, self._udp, self._unix, self._abstract):
            listener.close()
        shutil.rmtree(self.directory)

    def _start_victim(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*self._through, "sleep", SLEEP_SECONDS], stdin=subprocess.DEVNULL)

    def _furnish(self) -> None:
        self.file.write_text(self.secret)
        self.file.chmod(0o666)
        self._unix = _listen_on(str(self.unix_path))
        self.unix_path.chmod(0o777)

    def _restore_files(self) -> None:
        self._unix.close()
        self.directory.chmod(0o777)
        for entry in self.directory.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        self._furnish()
        self._before = self._files()

    def _take_what_came(self) -> list[str]:
        listeners = [self._tcp, self._udp, self._unix, self._abstract]
        readable, _, _ = select.select(listeners, [], [], 0)
        for listener in readable:
            if listener is self._udp:
                listener.recv(1)
            else:
                listener.accept()[0].close()
        return [str(listener.getsockname()) for listener in readable]

    def _files(self) -> dict[str, tuple[int, int, int, int]]:
        found = {}
        for entry in (self.directory, *self.directory.iterdir()):
            stat = entry.lstat()
            found[entry.name] = (stat.st_mode, stat.st_uid, stat.st_size, stat.st_mtime_ns)
        return found


def _listen_on(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    return listener


def _state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
