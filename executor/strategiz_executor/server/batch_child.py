"""One child at work on a batch: fed some groups ahead, its answers read many at a time.

Sending is a task of its own: a busy child answers before it reads, and whoever waits for it to read must
not be the one who empties its socket.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from strategiz_executor.generated.frames_pb2 import RequestFrame
from strategiz_executor.generated.strategy_execution_pb2 import Assumptions, Failure, NoteSet
from strategiz_executor.server import failures
from strategiz_executor.server.batch_answers import AnswerBuffer
from strategiz_executor.server.batch_request import MOST_CELLS
from strategiz_executor.server.cell_queue import Group
from strategiz_executor.server.child_link import ChildEnded, ChildLink

NICENESS = 10
NICE_AGAIN_S = 0.15
READ_BYTES = 1 << 18
# A cell has its limit on a core, and waits for one so many times its limit at most; less than this share is no waiting.
MOST_WAITING, LEAST_WAITING = 9.0, 0.05
GROUPS_AHEAD = 2
GROUP_S = 0.2
FIRST_GROUP, LARGEST_GROUP = 16, 512
LARGEST_PLACE = 20_000 * MOST_CELLS

NextGroup = Callable[["BatchChild", int], tuple[Group, RequestFrame] | None]


SeriesKey = tuple[str, str, str]
"""SHA-256 of the bars, timeframe, symbol."""


class BatchChild:
    """A child, what it was given and told for good, and the groups of a call that it has not answered yet.

    `begin` starts a call; before it, `give` may send what all its cells need.
    """

    def __init__(self, link: ChildLink, most_bytes: int) -> None:
        self.link = link
        self.note_sets: list[NoteSet] = []
        self.note_bytes = 0
        self.has_code = False
        self.series: SeriesKey | None = None  # that of the frame it was given last
        self.code_known = False  # whether it was given its code compiled
        self.code_told = False
        self.assumed: tuple[SeriesKey, Assumptions] | None = None  # what it told last
        self.answers = AnswerBuffer(most_bytes)
        self.groups: deque[Group] = deque()
        self.first_place = 0  # of the call's cells: what is said to an earlier call is no answer to this one
        self.answered = 0
        self.cpu_s = 0.0
        self.cpu_before_s = 0.0  # of earlier calls
        self.cpu_at_cell = 0.0
        self._loop = asyncio.get_running_loop()
        self.began = self._started = self._loop.time()  # when it could begin the cell that it is at
        self._waited_s = 0.0  # for a core, in that cell, as far as was looked
        self._s_per_cell: float | None = None
        self._next_group: NextGroup = lambda _child, _most: None
        self._buffer = bytearray(READ_BYTES)
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._sending = self._loop.create_task(self._send())
        self._niceness = NICENESS
        self._be_nice()

    def begin(self, next_group: NextGroup) -> None:
        """Has it answer the groups of a call."""
        self._change_niceness(NICENESS)
        self._next_group = next_group
        self.answered = 0
        self.cpu_at_cell = self.cpu_s
        self._waited_s = 0.0
        self.began = self._started = self._loop.time()
        self.feed()

    def end_call(self) -> None:
        """What it does from now on is the next call's."""
        self.cpu_before_s += self.cpu_s
        self.cpu_s = 0.0
        self.first_place = (self.first_place + MOST_CELLS) % LARGEST_PLACE

    @property
    def is_done(self) -> bool:
        """Whether it has answered all that it is given."""
        return not self.groups

    @property
    def seconds_left(self) -> float:
        """What the cells that it is given will take, told by those so far; 0 before the first of a call."""
        if not self.answered or self._s_per_cell is None:
            return 0.0
        return self._s_per_cell * sum(group.left for group in self.groups)

    def give(self, frame: RequestFrame) -> None:
        """Sends a frame, as soon as the child reads."""
        self._frames.put_nowait(frame.SerializeToString())

    def feed(self) -> None:
        """Gives it groups until it has some ahead."""
        while len(self.groups) < GROUPS_AHEAD:
            found = self._next_group(self, self._group_size())
            if found is None:
                return
            group, frame = found
            self.groups.append(group)
            self.give(frame)

    async def read(self, until: float) -> None:
        """Waits for bytes until the loop's time is `until`. Raises TimeoutError or ChildEnded."""
        received = await self.link.receive_some(self._buffer, until)
        self._read_clock()
        self.answers.add(received)

    def progress(self, cells: int) -> None:
        """Takes so many cells of the oldest group as answered."""
        self._change_niceness(NICENESS)
        self.answered += cells
        self.began = self._loop.time()
        self._s_per_cell = max(1e-5, (self.began - self._started) / self.answered)
        self.cpu_at_cell = self.cpu_s
        self._waited_s = 0.0
        self.groups[0].answered += cells
        if not self.groups[0].left:
            self.groups.popleft()
            self.feed()

    def pardon(self, seconds: float) -> None:
        """Moves the deadline of its cell: for so long nobody read what it had to say."""
        self.began += seconds

    def due(self, limit_s: float) -> float:
        """The loop's time at which its cell has used the limit up, as far as is known."""
        return self.began + limit_s + self._waited_s

    def has_had_limit(self, limit_s: float) -> bool:
        """Whether its cell has been at work for its limit on the clock."""
        return self._loop.time() >= self.began + limit_s

    def waited(self, limit_s: float) -> bool:
        """Looks how long its cell had no core; whether it is due later for that.

        Nice as it is the child gets what others leave, and that they left little is no fault of the cell's author. So
        a cell that waited is nice no longer. A child that sleeps waits for none.
        """
        if self.link.sleeps():
            return False
        self._read_clock()
        before = self._waited_s
        self._waited_s = min(self._loop.time() - self.began - self._on_core_s, MOST_WAITING * limit_s)
        longer = self._waited_s - before > LEAST_WAITING * limit_s
        if longer:
            self._change_niceness(0)
        return longer

    def out_of_time(self, limit_s: float) -> Failure:
        """Why its cell was ended, after its limit on the clock: it used that up, or waited for a core."""
        passed_s = self._loop.time() - self.began
        if self._waited_s and self._on_core_s < (1 - LEAST_WAITING) * limit_s:
            return failures.no_core(limit_s, self._on_core_s, passed_s - self._on_core_s)
        return failures.timed_out(limit_s, max(limit_s, passed_s - self._waited_s))

    @property
    def _on_core_s(self) -> float:
        return self.cpu_s - self.cpu_at_cell

    def stop_sending(self) -> None:
        """Ends sending, for a child that nobody waits for."""
        self._sending.cancel()

    async def stop(self) -> None:
        """Ends sending. How the child ended is the reader's to tell."""
        self.stop_sending()
        with contextlib.suppress(asyncio.CancelledError, ChildEnded):
            await self._sending

    def _read_clock(self) -> None:
        self.cpu_s = max(self.cpu_s, self.link.cpu_seconds() - self.cpu_before_s)

    def _change_niceness(self, value: int) -> None:
        if value != self._niceness:
            self._niceness = value
            self._be_nice()

    def _be_nice(self) -> None:
        if not self.link.make_nice(self._niceness):
            self._loop.call_later(NICE_AGAIN_S, self._be_nice)

    async def _send(self) -> None:
        while True:
            await self.link.send(await self._frames.get())

    def _group_size(self) -> int:
        """As many cells as take GROUP_S, told by those so far."""
        if self._s_per_cell is None:
            return FIRST_GROUP
        return max(1, min(LARGEST_GROUP, int(GROUP_S / self._s_per_cell)))
