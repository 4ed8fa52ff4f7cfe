"""An existing client: stubs generated from old_contract.proto alone. `old_client.py ADDRESS STUBS` prints JSON."""

import json
import sys

import grpc

sys.path.insert(0, sys.argv[2])
import old_contract_pb2 as messages
import old_contract_pb2_grpc as stubs
from google.protobuf.json_format import MessageToDict

OPENS = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
TIMES = [f"2024-01-{day:02d}T00:00:00Z" for day in range(1, 7)]
CODE = """\
plot(df['close'] * 2, 'twice')
signal("BUY", df.index[0], df['close'].iloc[0], "in")
signal("SELL", df.index[2], df['close'].iloc[2], "out")
print(params["who"])
"""
LIST_CODE = "def strategy(data):\n    return 'SELL' if data['close'].iloc[-1] > 3 else 'BUY'\n"


def bars() -> list:
    """Six bars: open 10 to 15, close half above."""
    return [
        messages.MarketDataBar(
            timestamp=time, open=open_, high=open_ + 1, low=open_ - 1, close=open_ + 0.5, volume=7
        )
        for time, open_ in zip(TIMES, OPENS, strict=True)
    ]


def symbol_set() -> messages.SymbolSetExecution:
    """One deployment over one symbol."""
    found = messages.SymbolSetExecution(symbols=["AAA"])
    found.market_data["AAA"].bars.extend(bars())
    found.deployments.add(deployment_id="d", deployment_type="BOT", strategy_code=LIST_CODE, user_id="u")
    return found


with grpc.insecure_channel(sys.argv[1]) as channel:
    stub = stubs.StrategyExecutionServiceStub(channel)
    request = messages.ExecuteStrategyRequest(
        code=CODE,
        language="python",
        market_data=bars(),
        parameters={"who": "me"},
        timeout_seconds=5,
        user_id="u",
    )
    broken = messages.ExecuteStrategyRequest(code="x = 1\ndf['Close']\nsignal('BUY')\n", market_data=bars())
    listed = messages.ExecuteListRequest(symbol_sets=[symbol_set()], tier="TIER1", timeout_seconds=5)
    answers = {
        "execute": stub.ExecuteStrategy(request, timeout=15),
        "broken": stub.ExecuteStrategy(broken, timeout=15),
        "list": stub.ExecuteList(listed, timeout=15),
        "valid": stub.ValidateCode(messages.ValidateCodeRequest(code=CODE, language="python"), timeout=10),
        "invalid": stub.ValidateCode(
            messages.ValidateCodeRequest(code="def strategy(:", language="python"), timeout=10
        ),
        "health": stub.GetHealth(messages.HealthRequest(), timeout=5),
    }
print(
    json.dumps(
        {name: MessageToDict(answer, preserving_proto_field_name=True) for name, answer in answers.items()}
    )
)
