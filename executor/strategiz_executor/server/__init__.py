"""The trusted side: the gRPC server, its slots and its pool of one-shot children.

Nothing here imports `strategy`, `backtest` or `sandbox`, and nothing a child sent is unpickled,
unmarshalled or evaluated.
"""
