/** Where a server that was told no `ORIGIN` is reached, from its own machine. */

/**
 * As a browser writes it, which a sign-in is bound to: without the usual port. An address that stands for all of the machine's is none
 * to go to, so its own loopback stands in its place.
 */
export const ownAddress = (host: string, port: number): string => {
  const address = addressOf(host.includes(":") ? `[${host}]` : host, port);
  // One with a zone, such as fe80::1%eth0, can be listened on and is no address for a browser.
  if (!URL.canParse(address)) return address;
  const { hostname, origin } = new URL(address);
  const loopback = loopbacks.get(hostname);
  return loopback === undefined ? origin : new URL(addressOf(loopback, port)).origin;
};

const addressOf = (hostname: string, port: number): string => `http://${hostname}:${port}`;

const loopbacks: ReadonlyMap<string, string> = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["[::]", "[::1]"],
  // 0.0.0.0 as it is written among the longer ones.
  ["[::ffff:0:0]", "127.0.0.1"],
]);
