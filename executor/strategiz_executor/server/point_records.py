"""(timestamp, value) points appended to a protobuf message in one go."""

from collections.abc import Sequence

import numpy as np
from google.protobuf.message import Message
from numpy.typing import NDArray

LONGEST_LABEL = 64  # keeps each record's length and its parts' lengths in one byte


def parse_points(
    target: Message,
    field_number: int,
    labels: Sequence[str],
    values: NDArray[np.float64],
    tail: bytes = b"",
) -> None:
    """Appends points {string 1: label, double 2: value, `tail`} to the repeated field of `target`.

    Neighbours whose labels have the same length become one block of records of one size, which is
    the wire format of the repeated field itself.
    """
    encoded = [label.encode()[:LONGEST_LABEL] for label in labels]
    lengths = np.fromiter(map(len, encoded), np.intp, len(encoded))
    breaks = np.flatnonzero(lengths[1:] != lengths[:-1]) + 1
    for block in np.split(np.arange(len(encoded)), breaks):
        if len(block):
            first, last = int(block[0]), int(block[-1]) + 1
            raw = _records(field_number, encoded[first:last], values[first:last], tail)
            target.MergeFromString(raw)


def _records(field_number: int, labels: list[bytes], values: NDArray[np.float64], tail: bytes) -> bytes:
    width = len(labels[0])
    size = 2 + width + 9 + len(tail)
    fields = [
        ("head", "S2"),
        ("label_head", "S2"),
        ("label", f"V{width}"),
        ("value_tag", "S1"),
        ("value", "<f8"),
    ]
    records = np.zeros(len(labels), [*fields, ("tail", f"V{len(tail)}")] if tail else fields)
    records["head"] = bytes((field_number << 3 | 2, size))
    records["label_head"] = bytes((0x0A, width))
    records["label"] = np.frombuffer(b"".join(labels), f"V{width}")
    records["value_tag"] = b"\x11"
    records["value"] = values
    if tail:
        records["tail"] = np.frombuffer(tail * len(labels), f"V{len(tail)}")
    return records.tobytes()
