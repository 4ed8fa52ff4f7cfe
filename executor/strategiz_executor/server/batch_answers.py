"""What a child answers to a batch, cut from its bytes and parsed; record_checks.py says whether it can be true."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from google.protobuf.message import DecodeError, Message
from numpy.typing import NDArray

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated.frames_pb2 import ResultFrame
from strategiz_executor.generated.strategy_execution_pb2 import Assumptions, NoteSet
from strategiz_executor.server.answer import BadAnswer, parse_answer
from strategiz_executor.server.child_link import FrameTooLong
from strategiz_executor.server.frame_shape import BadShape, check_shape, shape_of

RECORD = np.dtype(layout.RECORD_FIELDS)
RECORD_LENGTH = RECORD.itemsize - layout.LENGTH_BYTES

Records = NDArray[Any]
"""Structured array of batch_layout.RECORD_FIELDS."""

Parsed = TypeVar("Parsed", bound=Message)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The code as the child compiled it: opaque."""

    code: bytes


@dataclass(frozen=True, slots=True)
class CellFrame:
    """A cell's failure, or its full result."""

    place: int
    frame: ResultFrame


@dataclass(frozen=True, slots=True)
class Refused:
    """The whole batch failed before its first cell."""

    frame: ResultFrame


@dataclass(frozen=True, slots=True)
class Notes:
    """A set of notes and the number under which records name it."""

    number: int
    notes: NoteSet
    size: int
    """Bytes that it took on the way, whatever was left of them."""


Answer = Compiled | CellFrame | Refused | Notes | Assumptions | Records


class AnswerBuffer:
    """Collects a child's bytes and cuts them into answers; `most_bytes` caps one of them."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = bytearray()
        self._needed = layout.HEAD.size  # bytes without which there is no further answer

    @property
    def is_empty(self) -> bool:
        """Whether every byte so far was part of an answer."""
        return not self._bytes

    def add(self, received: memoryview) -> None:
        """Appends what came."""
        self._bytes += received

    def answers(self) -> Iterator[Answer]:
        """Every answer that is complete. Raises BadAnswer or FrameTooLong."""
        if len(self._bytes) < self._needed:
            return
        position, self._needed = 0, layout.HEAD.size
        whole = bytes(self._bytes)
        while len(whole) - position >= layout.HEAD.size:
            length, tag = layout.HEAD.unpack_from(whole, position)
            end = position + layout.LENGTH_BYTES + length
            if length > self._most_bytes:
                raise FrameTooLong(length)
            if length == 0:
                raise BadAnswer("an empty frame")
            if end > len(whole):
                self._needed = end - position
                break
            if tag == layout.RECORD and length == RECORD_LENGTH:
                records = _leading_records(whole, position)
                position += len(records) * RECORD.itemsize
                yield records
                continue
            yield _parse(tag, whole[position + layout.HEAD.size : end])
            position = end
        del self._bytes[:position]


def _leading_records(whole: bytes, position: int) -> Records:
    """The unbroken run of records from here on."""
    count = (len(whole) - position) // RECORD.itemsize
    records = np.frombuffer(whole, RECORD, count, position)
    other = np.flatnonzero((records["length"] != RECORD_LENGTH) | (records["tag"] != layout.RECORD))
    return records[: other[0]] if len(other) else records


def _parse(tag: int, body: bytes) -> Answer:
    if tag == layout.COMPILED:
        return Compiled(body)
    if tag == layout.ASSUMPTIONS:
        return _message(Assumptions(), body)
    if tag == layout.REFUSED:
        return Refused(parse_answer(body))
    if tag == layout.RESULT:
        return CellFrame(_number(layout.PLACE, body), parse_answer(body[layout.PLACE.size :]))
    if tag == layout.NOTES:
        number = _number(layout.NOTES_ID, body)
        return Notes(number, _message(NoteSet(), body[layout.NOTES_ID.size :]), len(body))
    raise BadAnswer(f"a frame of kind {tag}")


def _number(layout_of_number: Any, body: bytes) -> int:
    if len(body) < layout_of_number.size:
        raise BadAnswer("a frame that is too short")
    (number,) = layout_of_number.unpack_from(body)
    return int(number)


def _message(message: Parsed, body: bytes) -> Parsed:
    try:
        check_shape(body, shape_of(message.DESCRIPTOR))
        message.ParseFromString(body)
    except BadShape as error:
        raise BadAnswer(str(error)) from error
    except DecodeError as error:
        raise BadAnswer("it is not a protobuf message of the right type") from error
    message.DiscardUnknownFields()
    return message
