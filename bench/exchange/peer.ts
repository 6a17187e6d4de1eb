/**
 * What is measured of each peer: its own server on a disk, one device that has written while offline and comes online, and a
 * fresh device that fetches. Server and devices are processes of their own; the parent only measures.
 */

import type { Bundled } from "./bundle.ts";

/** A log is a list of entries; an entry is bytes that a device has sealed, or text where the peer seals it itself. */
export type Logs = readonly (readonly Uint8Array[])[];

/** What a fresh device of the same person is handed: ids and keys. It travels as JSON. */
export type Ticket = unknown;

export type Device = {
  readonly ticket: Ticket;
  /** Connects and waits until the server has acknowledged everything. */
  readonly upload: () => Promise<void>;
};

export type ExchangePeer = {
  readonly name: string;
  /** The package whose version is shown; ours has none. */
  readonly package?: string;
  /** Whether the server cannot read what it keeps. */
  readonly isEncrypting: boolean;
  /** For a peer whose own sealing adds so much that a shorter text makes an entry of the size that is measured. */
  readonly textBytes?: number;
  /** Of what its devices are put together beforehand, where they do not run from their sources. */
  readonly bundled?: Bundled;
  /** Brings in what its devices import from packages, which is not timed; a cold opening times it with everything else. */
  readonly load?: () => Promise<unknown>;
  /** How often a cold opening is repeated; five times where nothing is said. */
  readonly coldOpens?: number;
  /** Whether what the server acknowledges has been synced to the disk, and how we know. */
  readonly durability: { readonly isSynced: boolean; readonly because: string };
  /** Listens on loopback and keeps everything in the folder. Gives the port. */
  readonly startServer: (folder: string) => Promise<number>;
  /** Writes the entries on this device, offline. */
  readonly write: (logs: Logs, port: number, folder: string) => Promise<Device>;
  /**
   * As a fresh device: fetches the logs with these numbers and gives their entries, read as the peer reads them; or else how
   * to read what it keeps, which is done to hold it to every byte and is not timed.
   */
  readonly download: (
    ticket: Ticket,
    numbers: readonly number[],
    port: number,
    folder: string,
  ) => Promise<Logs | (() => Promise<Logs>)>;
};

export const logsCount = 500;
export const entriesPerLog = 20;
export const entryBytes = 600;
