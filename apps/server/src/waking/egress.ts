/**
 * The only way out of the server: one empty request to the address of a push service that a device named.
 *
 * A device could name an address inside of our own network. So only https on its usual port is called, every address that the
 * name stands for must be a public one, the connection goes to an address that was checked, and no answer is followed or read.
 */

import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

export type EgressOptions = {
  /** Only tests talk to their own machine, over a certificate of their own. */
  readonly loopback?: { readonly certificate: string } | undefined;
  readonly timeoutMilliseconds: number;
  /** How a name becomes addresses; by the name servers when nothing is said. */
  readonly lookup?: Lookup | undefined;
  /** The machine's own when nothing is said. */
  readonly nameServers?: readonly string[] | undefined;
};

type Lookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * `gone`: the push service knows this address no more. `refused`: it is none that may be called. Where a name only leads into our
 * own network for now, as a resolver that filters may say, nothing is called and it has `failed`: tomorrow it may lead elsewhere.
 */
export type EgressOutcome = "sent" | "gone" | "refused" | "failed";

const endpointCharactersMax = 1024;

/** The address as it is stored: https, no password, no odd port, and no number that is not public. */
export const isEndpoint = (endpoint: string, { loopback }: Pick<EgressOptions, "loopback">): boolean => {
  if (endpoint.length > endpointCharactersMax || !URL.canParse(endpoint)) return false;
  const { protocol, username, password, port, hostname, hash } = new URL(endpoint);
  if (protocol !== "https:" || username !== "" || password !== "" || hash !== "") return false;
  if (loopback !== undefined) return true;
  const literal = hostname.replace(/^\[|\]$/g, "");
  const isNamed = isIP(literal) === 0 && hostname.includes(".") && !hostname.endsWith(".");
  return port === "" && (isNamed || isPublicAddress(literal));
};

/** Sends nothing but headers, and tells what became of it. Never rejects. */
export const wakeEndpoint = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  options: EgressOptions,
): Promise<EgressOutcome> => {
  if (!isEndpoint(endpoint, options)) return Promise.resolve("refused");
  return new Promise((resolve) => {
    const { loopback, timeoutMilliseconds } = options;
    const going = request(endpoint, {
      method: "POST",
      headers: { ...headers, "content-length": "0" },
      agent: false,
      lookup: checkedLookup(options),
      ...(loopback === undefined ? {} : { ca: loopback.certificate }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    going.on("response", (response) => {
      resolve(outcomeOf(response.statusCode ?? 0));
      response.destroy();
    });
    going.on("error", () => resolve("failed"));
    going.end();
  });
};

const outcomeOf = (status: number): EgressOutcome =>
  status >= 200 && status < 300 ? "sent" : status === 404 || status === 410 ? "gone" : "failed";

/** Answers with public addresses or not at all; the connection is made to what it answers, and to nothing else. */
const checkedLookup =
  ({ loopback, nameServers, lookup = lookupAt(nameServers) }: EgressOptions): LookupFunction =>
  (hostname, _options, callback) => {
    lookup(hostname, { all: true }, (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => {
      const isAllowed = loopback !== undefined || addresses.every(({ address }) => isPublicAddress(address));
      if (error !== null) callback(error, []);
      else if (!isAllowed || addresses.length === 0) callback(new Error("The address is not public."), []);
      else callback(null, addresses);
    });
  };

const nameServerWaits = { timeout: 2_000, tries: 2 } as const;

/**
 * Asks the name servers itself, for a bounded time. The system's own way holds one of two threads of this process for as long as a name
 * server says nothing, and whoever names an address chooses that name server: the way to the database by its name would stand still.
 */
const lookupAt =
  (nameServers: readonly string[] | undefined): Lookup =>
  (hostname, _options, callback) => {
    const resolver = new Resolver(nameServerWaits);
    if (nameServers !== undefined) resolver.setServers(nameServers);
    const asked = [resolver.resolve4(hostname), resolver.resolve6(hostname)];
    void Promise.allSettled(asked).then((answers) => {
      const addresses = answers.flatMap((answer) =>
        answer.status === "fulfilled" ? answer.value.map((address) => ({ address, family: isIP(address) })) : [],
      );
      callback(null, addresses);
    });
  };

/** Whether an address belongs to the public internet, and not to a machine, a network or a purpose of its own. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, "ipv4");
  // What is not global unicast is not public; nor are the ranges within that carry an IPv4 address or are for documents.
  return family === 6 && globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
};

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  notPublic.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  notPublic.addSubnet(network, prefix, "ipv6");
}
