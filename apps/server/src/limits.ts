/**
 * Every bound on what one visitor, or all of them, may ask of the server.
 *
 * What comes from outside is cut at these numbers; nothing in the server waits or grows without one.
 */

export type Limits = {
  readonly addressBytesMax: number;
  readonly headerBytesMax: number;
  readonly headersMax: number;
  /** What is read of a body at most where the wire does not say; no page takes one. */
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
  /** Of one address, and requests under way where a proxy speaks for it: an office behind one has some for each of its devices. */
  readonly connectionsPerAddressMax: number;
  readonly requestsPerConnectionMax: number;
  readonly headersMillisecondsMax: number;
  readonly requestMillisecondsMax: number;
  /** How long a connection may neither send nor receive anything, unless it waits for its answer. */
  readonly idleMillisecondsMax: number;
  readonly keepAliveMillisecondsMax: number;
  /** How often the times above are looked at. */
  readonly checkEveryMilliseconds: number;
  /** How long a stop waits for answers that are under way. */
  readonly answersMillisecondsMax: number;
  /** How long a stop takes at most, whatever the store does. */
  readonly stopMillisecondsMax: number;
  readonly siteFilesMax: number;
  readonly siteBytesMax: number;
};

export const limits: Limits = {
  addressBytesMax: 2048,
  headerBytesMax: 8192,
  headersMax: 64,
  bodyBytesMax: 1024,
  connectionsMax: 4096,
  // Some hundred people of one office have a stream each, and a few requests under way.
  connectionsPerAddressMax: 1024,
  requestsPerConnectionMax: 1000,
  headersMillisecondsMax: 10_000,
  // The longest request of the wire takes a little over a minute on a line of 32 kbit/s.
  requestMillisecondsMax: 120_000,
  idleMillisecondsMax: 30_000,
  keepAliveMillisecondsMax: 10_000,
  checkEveryMilliseconds: 2_000,
  answersMillisecondsMax: 4_000,
  stopMillisecondsMax: 5_000,
  siteFilesMax: 10_000,
  siteBytesMax: 256 * 1024 * 1024,
};
