/** How we talk to one replica: encryption and the options of its connection. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js";
import type { ExecutorConfig } from "../config.ts";
import { ConfigError } from "../config-error.ts";
import type { Target } from "./target-address.ts";

const LARGEST_MESSAGE_BYTES = 50 * 1024 * 1024;

export function channelOptions(target: Target): ChannelOptions {
  return {
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.max_send_message_length": LARGEST_MESSAGE_BYTES,
    "grpc.max_receive_message_length": LARGEST_MESSAGE_BYTES,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    // The queue retries; a policy here would multiply with it.
    "grpc.enable_retries": 0,
    // One connection a replica, ours alone: a stuck one can then be given up without asking others.
    "grpc.use_local_subchannel_pool": 1,
    // Replicas are reached directly; the environment's HTTP proxy is for the outside.
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    // HTTP/2 begins with 64 KB: an answer of 8 MB would stop and wait for room 128 times.
    "grpc-node.flow_control_window": 4 * 1024 * 1024,
    "grpc.default_authority": target.text,
    ...(isIP(target.host) === 0 && { "grpc.ssl_target_name_override": target.host }),
  };
}

/** Throws ConfigError where the file of certificate authorities cannot be read. */
export function channelCredentials(config: ExecutorConfig): ChannelCredentials {
  if (!config.EXECUTOR_TLS) return credentials.createInsecure();
  const file = config.EXECUTOR_TLS_CA_FILE;
  if (file === undefined) return credentials.createSsl();
  try {
    return credentials.createSsl(readFileSync(file));
  } catch (error) {
    throw new ConfigError(
      `EXECUTOR_TLS_CA_FILE (${file}) cannot be read as PEM certificates: set another file`,
      {
        cause: error,
      },
    );
  }
}
