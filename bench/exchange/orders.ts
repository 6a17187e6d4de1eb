/** What the parent tells a child, and what a child answers. */

import type { Ticket } from "./peer.ts";

export type Order = {
  readonly side: string;
  readonly folder: string;
  /** Where Node.js keeps what it has compiled, for all processes of one side. */
  readonly compiledFolder: string;
  /** Where the side is loaded from, under its name there; nothing for its own sources. */
  readonly bundle: { readonly path: string; readonly name: string } | undefined;
} & (
  | { readonly role: "server" }
  | { readonly role: "upload"; readonly port: number }
  | {
      readonly role: "download";
      readonly port: number;
      readonly ticket: Ticket;
      readonly numbers: readonly number[];
    }
);

export type Answer =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "uploaded"; readonly milliseconds: number; readonly ticket: Ticket }
  | { readonly kind: "downloaded"; readonly milliseconds: number }
  /** Every byte came back. */
  | { readonly kind: "checked" };
