"""Exits with 0 if the executor at the given address says SERVING (grpc.health.v1, which needs no token)."""

import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

TIMEOUT_S = 3.0

with grpc.insecure_channel(sys.argv[1]) as channel:
    answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=TIMEOUT_S)
sys.exit(0 if answer.status == health_pb2.HealthCheckResponse.SERVING else 1)
