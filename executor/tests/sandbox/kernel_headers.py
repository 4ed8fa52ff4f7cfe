"""The kernel's own system call numbers, from the headers of Debian's linux-libc-dev where they are installed."""

import re
from pathlib import Path

X86_64 = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h"))
GENERIC = (Path("/usr/include/asm-generic/unistd.h"),)  # as on aarch64
HEADERS = {"x86_64": X86_64, "aarch64": GENERIC}
NUMBER = re.compile(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", re.MULTILINE)


def numbers(machine: str) -> dict[str, int]:
    """Every number by its name; none where the header is not there."""
    for header in HEADERS[machine]:
        if header.exists():
            return {name: int(number) for name, number in NUMBER.findall(header.read_text())}
    return {}
