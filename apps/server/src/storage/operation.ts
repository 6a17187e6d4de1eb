/**
 * A question or an order of the contract, as a function over one connection. An order whose answer is a refusal leaves
 * nothing behind: its transaction is rolled back.
 */

import type { Connection } from "./connection.ts";
import type { Storage } from "./storage.ts";

/** What the stores run on a connection; the rest of the contract is about the store itself. */
export type OperationName = Exclude<keyof Storage, "watch" | "openSnapshot" | "close">;

export type Read<Name extends OperationName> = (
  connection: Connection,
  ...question: Parameters<Storage[Name]>
) => ReturnType<Storage[Name]>;

export type Write<Name extends OperationName> = Read<Name>;

/** Whether an answer is a refusal, after which nothing may stay. */
export const isRefusal = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === false;
