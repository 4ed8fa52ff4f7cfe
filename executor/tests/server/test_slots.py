"""Who gets a slot, and when."""

import asyncio

import pytest

from strategiz_executor.server.errors import NoFreeSlot
from strategiz_executor.server.slots import Slots, Work, longest_wait


async def test_one_of_several_slots_is_kept_for_single_executions() -> None:
    slots = Slots(3, 10)
    assert [slots.try_take(Work.BATCH) for _ in range(3)] == [True, True, False]
    assert slots.try_take(Work.SINGLE)
    assert not slots.try_take(Work.SINGLE)


async def test_a_single_slot_serves_batches_too() -> None:
    assert Slots(1, 10).try_take(Work.BATCH)


async def test_the_line_is_served_in_order() -> None:
    slots = Slots(1, 10)
    order: list[int] = []

    async def call(number: int) -> None:
        async with slots.hold(Work.SINGLE, None):
            order.append(number)

    assert slots.try_take(Work.SINGLE)
    calls = [asyncio.create_task(call(number)) for number in range(3)]
    while slots.waiting < 3:
        await asyncio.sleep(0)
    slots.give_back(Work.SINGLE)
    await asyncio.gather(*calls)
    assert order == [0, 1, 2]
    assert slots.busy == 0


async def test_a_batch_in_the_line_does_not_hold_up_a_single_execution() -> None:
    slots = Slots(2, 10)
    assert slots.try_take(Work.BATCH)
    batch = asyncio.create_task(slots.hold(Work.BATCH, None).__aenter__())
    while not slots.waiting:
        await asyncio.sleep(0)
    assert slots.try_take(Work.SINGLE)
    batch.cancel()
    await asyncio.gather(batch, return_exceptions=True)
    assert slots.waiting == 0


async def test_a_slot_granted_to_a_call_cancelled_in_the_same_moment_is_not_lost() -> None:
    slots = Slots(1, 10)
    assert slots.try_take(Work.SINGLE)
    call = asyncio.create_task(slots.hold(Work.SINGLE, None).__aenter__())
    while not slots.waiting:
        await asyncio.sleep(0)
    slots.give_back(Work.SINGLE)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert slots.busy == 0


async def test_a_full_line_refuses_at_once() -> None:
    slots = Slots(1, 0)
    assert slots.try_take(Work.SINGLE)
    with pytest.raises(NoFreeSlot):
        await slots.hold(Work.SINGLE, None).__aenter__()


def test_the_wait_is_two_seconds_and_half_the_deadline_at_most() -> None:
    assert [longest_wait(deadline) for deadline in (None, 30.0, 3.0, 0.0, -1.0)] == [2, 2, 1.5, 0, 0]
