/** Executor targets as configured (`host:port`), and the addresses behind them. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

export interface Target {
  /** As configured, such as `executor:50051`. */
  text: string;
  /** Without the brackets of an IPv6 address. */
  host: string;
  port: number;
  /** A name may stand for several replicas and for others tomorrow; an address is one replica. */
  isName: boolean;
}

/** One replica of a target. */
export interface ReplicaAddress {
  target: Target;
  ip: string;
}

export function parseTarget(text: string): Target {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { text, host, port: Number(text.slice(colon + 1)), isName: isIP(host) === 0 };
}

/**
 * Every address behind a target. A name's IPv6 addresses count only where it has no IPv4 one: a host with both would
 * be taken for two replicas. Rejects where the name is not known.
 */
export async function resolveTarget(target: Target): Promise<ReplicaAddress[]> {
  if (!target.isName) return [{ target, ip: target.host }];
  const found = await lookup(target.host, { all: true });
  const ipv4 = found.filter(({ family }) => family === 4);
  const addresses = ipv4.length > 0 ? ipv4 : found;
  return addresses.map(({ address }) => ({ target, ip: address }));
}

/** The same replica has the same key. */
export function addressKey({ target, ip }: ReplicaAddress): string {
  return isIP(ip) === 6 ? `[${ip}]:${target.port}` : `${ip}:${target.port}`;
}

/** How health and logs call a replica. */
export function replicaName(address: ReplicaAddress): string {
  return address.target.isName ? `${address.target.text} (${address.ip})` : address.target.text;
}
