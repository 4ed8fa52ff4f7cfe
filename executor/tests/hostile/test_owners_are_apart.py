"""What one owner leaves, no other finds: in lists, in batches, in the cache of compiled code.

Without the language layer, since all this is out of its reach; one owner's own work may find what it left.
"""

from collections.abc import Iterator

import pytest
from batch_calls import BatchAnswer, batch_request, run_batch
from hostile_arena import HONEST, Arena

from strategiz_executor import batch_layout as layout
from strategiz_executor.generated import strategy_execution_pb2 as messages
from strategiz_executor.strategy.compile import compile_program, dump_program
from strategiz_executor.strategy.language import PLAIN_PYTHON

FULL = messages.BATCH_DETAIL_FULL

# Looks wherever code can leave something, and leaves its name there. An execution may run it more than once.
LOOK_AND_LEAVE = """
who = param('who', '')
pandas, numpy, gc = (modules[name] for name in ('pandas', 'numpy', 'gc'))
places = (builtins, sys, pandas, pandas.DataFrame.__init__.__globals__['np'], modules['_socket'])
found = [builtins.getattr(place, 'left_behind', who) for place in places]
found += [modules.get('left_behind', who), os.environ.get('LEFT_BEHIND', who)]
lists = [thing for thing in gc.get_objects() if type(thing) is list and len(thing) == 2]
found += [thing[1] for thing in lists if type(thing[0]) is str and thing[0] == 'left_' + 'behind']
word = ' '.join(sorted({other for other in found if other != who})) or 'nothing'
for place in places:
    builtins.setattr(place, 'left_behind', who)
modules['left_behind'] = os.environ['LEFT_BEHIND'] = who
kept = ['left_' + 'behind', who]
pandas.Series.rolling = numpy.mean = None
numpy.random.seed(1)

def strategy(data):
    signal('BUY', word)
"""


def looking(arena: Arena) -> str:
    """LOOK_AND_LEAVE with its tools."""
    return arena.prologue("") + LOOK_AND_LEAVE


def deployment(owner: str, code: str, who: str = "") -> messages.DeploymentExecution:
    return messages.DeploymentExecution(
        deployment_id=who, deployment_type="ALERT", strategy_code=code, user_id=owner, parameters={"who": who}
    )


def run_list(
    arena: Arena, deployments: list[messages.DeploymentExecution], symbols: tuple[str, ...] = ("AAA",)
) -> list[messages.DeploymentResult]:
    """One ExecuteList call over the same bars for every symbol."""
    wanted = messages.SymbolSetExecution(symbols=symbols, deployments=deployments)
    for symbol in symbols:
        wanted.market_data[symbol].symbol = symbol
        for day in range(20):
            price = 100.0 + day
            wanted.market_data[symbol].bars.append(
                messages.MarketDataBar(
                    timestamp=f"2024-01-{day + 1:02d}",
                    open=price,
                    high=price,
                    low=price,
                    close=price,
                    volume=1,
                )
            )
    request = messages.ExecuteListRequest(symbol_sets=[wanted], timeout_seconds=10)
    return list(arena.executor.stub.ExecuteList(request, timeout=60).results)


@pytest.fixture(scope="module")
def shared() -> Iterator[Arena]:
    """One server for all of this, as this user."""
    arena = Arena()
    yield arena
    arena.close()


def test_one_owners_code_finds_what_it_left_so_that_looking_is_known_to_find(shared: Arena) -> None:
    code = looking(shared)
    results = run_list(shared, [deployment("mallory", code, "first"), deployment("mallory", code, "second")])
    assert [result.signal.reason for result in results] == ["nothing", "first"], results[0].error


def test_no_owner_finds_in_a_list_what_another_left(shared: Arena) -> None:
    code = looking(shared)
    owners = {"1": "mallory", "2": "alice", "3": "", "4": "bob", "5": ""}
    results = run_list(shared, [deployment(owner, code, who) for who, owner in owners.items()])
    assert [result.signal.reason for result in results] == ["nothing"] * 5


def test_no_other_code_of_the_same_owner_finds_it_either(shared: Arena) -> None:
    code = looking(shared)
    other = code + "# other\n"
    results = run_list(shared, [deployment("mallory", code, "first"), deployment("mallory", other, "second")])
    assert [result.signal.reason for result in results] == ["nothing", "nothing"]


def test_honest_work_in_a_list_is_right_beside_what_breaks_its_own_libraries(shared: Arena) -> None:
    honest = run_list(shared, [deployment("alice", HONEST)])[0].signal
    assert honest.signal_type == "BUY"
    mallory, *others = run_list(
        shared,
        [deployment("mallory", looking(shared)), deployment("alice", HONEST), deployment("mallory", HONEST)],
    )
    assert mallory.success
    assert [result.signal for result in others] == [honest, honest]


def found_in_a_batch(arena: Arena, code: str, who: str, owner: str, **fields: object) -> str:
    request = batch_request(code, [(0, {"who": who})], detail=FULL, user_id=owner, **fields)
    return run_batch(arena.executor, request).results[0].live_signal.reason


def test_no_owner_finds_in_a_batch_what_another_left(shared: Arena) -> None:
    code = looking(shared)
    owners = {"1": "mallory", "2": "alice", "3": "", "4": "bob", "5": ""}
    assert [found_in_a_batch(shared, code, who, owner) for who, owner in owners.items()] == ["nothing"] * 5


def test_one_owners_next_batch_may_find_what_the_last_one_left_but_for_other_code_or_limits(
    shared: Arena,
) -> None:
    code = looking(shared) + "# kept\n"
    assert found_in_a_batch(shared, code, "first", "carol") == "nothing"
    assert found_in_a_batch(shared, code + "# other\n", "second", "carol") == "nothing"
    assert found_in_a_batch(shared, code, "third", "carol", cell_timeout_seconds=7) == "nothing"
    assert found_in_a_batch(shared, code, "fourth", "dave") == "nothing"
    assert found_in_a_batch(shared, code, "fifth", "carol") in (
        "first",
        "nothing",
    )  # a child is kept for a second


def test_no_execution_finds_what_another_left(shared: Arena) -> None:
    code = looking(shared)
    for who, owner in {"1": "mallory", "2": "alice", "3": "alice"}.items():
        answer = shared.execute(code, user_id=owner, parameters={"who": who}).answer
        assert answer.live_signal.reason == "nothing"


POISON = """
def strategy(data):
    return 'BUY' if len(data) % 2 else 'SELL'
print('poi' + 'soned')
"""
HARMLESS = "def strategy(data):\n    return 'HOLD'\n"


def forged_code(source: str) -> bytes:
    """What a child answers to a batch to say that its code, compiled, is that of another source."""
    code = dump_program(compile_program(source, PLAIN_PYTHON), PLAIN_PYTHON)
    return layout.HEAD.pack(len(code) + 1, layout.COMPILED) + code


def poisoning(arena: Arena) -> str:
    """A source whose batch makes the server keep other code for it: where a parameter says so."""
    forge = arena.prologue("") + f"own_socket().send({forged_code(POISON)!r})\n"
    indented = "".join(f"    {line}\n" for line in forge.splitlines())
    return f"if param('forge', False):\n{indented}{HARMLESS}"


def batch_of(arena: Arena, source: str, owner: str, *, forge: bool) -> BatchAnswer:
    cells = [(0, {"forge": forge and cell == 1}) for cell in range(3)]
    return run_batch(arena.executor, batch_request(source, cells, user_id=owner, detail=FULL))


def test_no_batch_puts_other_code_in_the_place_of_its_own(shared: Arena) -> None:
    """What is kept comes before the strategy runs, so that not even its owner can be given other code."""
    source = poisoning(shared)
    answer = batch_of(shared, source, "mallory", forge=True)
    assert answer.failures[1].code == "invalid_result", answer.failures[1]
    for owner in ("mallory", "alice", ""):
        outcome = shared.execute(source, user_id=owner)
        assert outcome.answer.cache_hit == (owner == "mallory")
        assert "poisoned" not in outcome.lines
        assert outcome.answer.live_signal.signal_type == "HOLD"
        listed = run_list(shared, [deployment(owner, source)])[0]
        assert (listed.success, listed.signal.signal_type) == (True, "HOLD"), listed.error
        batch = batch_of(shared, source, owner, forge=False)
        assert {batch.results[cell].live_signal.signal_type for cell in range(3)} == {"HOLD"}
    shared.run_honest()


def test_no_batch_of_known_code_puts_other_code_in_its_place(shared: Arena) -> None:
    """Its child has nothing to compile, so that a forged frame would be the first of its kind."""
    source = poisoning(shared) + "# known\n"
    assert not shared.execute(source, user_id="mallory").answer.cache_hit
    batch_of(shared, source, "mallory", forge=True)
    own = shared.execute(source, user_id="mallory")
    assert own.answer.cache_hit
    assert "poisoned" not in own.lines
    assert own.answer.live_signal.signal_type == "HOLD"


def test_code_of_one_owner_is_never_another_owners(shared: Arena) -> None:
    source = HARMLESS + "# whose\n"
    hits = [shared.execute(source, user_id=owner).answer.cache_hit for owner in ("a", "a", "b", "", "")]
    assert hits == [False, True, False, False, False]
