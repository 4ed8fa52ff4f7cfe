"""How many messages a child's frame holds, counted before protobuf builds them.

An empty message takes two bytes in a frame and about sixty in memory: 8 MB of them cost 250 to 350 MB and
0.3 s in which the server does nothing else. The walk looks at tags and lengths only, and gives up early.
"""

from collections.abc import Mapping
from typing import Any

SMALL_BYTES = 64 << 10  # what fits in here can do no harm: 0.003 s
MOST_FIELDS = 100_000  # 20,000 signals and as many trades have two texts each
VARINT, FIXED_64, LENGTH_DELIMITED, FIXED_32 = 0, 1, 2, 5
ONE_BYTE = 0x80  # numbers below it take one byte
FIXED_SIZES = {FIXED_64: 8, FIXED_32: 4}

Shape = Mapping[int, "Shape"]
"""Numbers of the fields that are messages, with the shapes of those."""


class BadShape(ValueError):  # noqa: N818
    """The frame is not well formed, or holds more than any honest one."""


def shape_of(descriptor: Any) -> Shape:
    """The shape of a message type by its protobuf descriptor; frames.proto has none that contains itself."""
    return {field.number: shape_of(field.message_type) for field in descriptor.fields if field.message_type}


def check_shape(raw: bytes, shape: Shape) -> None:
    """Raises BadShape for more fields than any honest frame has, strings and messages within included."""
    if len(raw) > SMALL_BYTES:
        _count(raw, 0, len(raw), shape, MOST_FIELDS)


def _count(raw: bytes, at: int, end: int, shape: Shape, left: int) -> int:
    """Counts the fields between `at` and `end`; returns how many more there may be."""
    while at < end:
        if left == 0:
            raise BadShape(f"it has more than {MOST_FIELDS} fields")
        left -= 1
        tag = raw[at]
        at += 1
        if tag >= ONE_BYTE:
            tag, at = _varint(raw, at - 1, end)
        if tag & 7 != LENGTH_DELIMITED:
            at = _after_number(raw, at, end, tag & 7)
            continue
        size = raw[at] if at < end else ONE_BYTE
        at += 1
        if size >= ONE_BYTE:
            size, at = _varint(raw, at - 1, end)
        if at + size > end:
            raise BadShape("a field is longer than what holds it")
        inner = shape.get(tag >> 3)
        if inner is not None and size:
            left = _count(raw, at, at + size, inner, left)
        at += size
    return left


def _after_number(raw: bytes, at: int, end: int, kind: int) -> int:
    """The place after a number of this kind."""
    if kind == VARINT:
        return _varint(raw, at, end)[1]
    if kind not in FIXED_SIZES:
        raise BadShape("it has groups")
    return at + FIXED_SIZES[kind]


def _varint(raw: bytes, at: int, end: int) -> tuple[int, int]:
    """The number at `at`, and the place after it."""
    value = shift = 0
    while at < end and shift < 70:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < ONE_BYTE:
            return value, at
        shift += 7
    raise BadShape("a number does not end")
