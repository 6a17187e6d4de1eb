/** One connection to PostgreSQL, within one transaction or for one question. */

import type { ClientBase } from "pg";
import type { Bytes } from "@amana/log";
import { assert } from "@amana/kernel";
import type { Connection, Row } from "../connection.ts";
import type { Cell, Change } from "../values.ts";
import { entryTables } from "./entry-tables.ts";
import { isOneOf, itemsOf } from "./lists.ts";

export type PostgresConnection = Connection & {
  readonly changes: readonly Change[];
};

export type Ask = (statement: string, cells: readonly Parameter[]) => Promise<readonly Row[]>;
/** Lists travel as arrays of PostgreSQL. */
export type Parameter = Cell | readonly number[];

export const connectionOver = (
  client: Pick<ClientBase, "query">,
  randomness: (length: number) => Bytes,
): PostgresConnection => {
  const changes: Change[] = [];
  const ask: Ask = async (statement, cells) => {
    const name = nameOf(statement);
    // The driver wants lists that may be changed, and leaves them as they are.
    const answer = await client.query<Row>({ name, text: statement, values: [...cells] });
    return answer.rows;
  };
  return {
    changes,
    forUpdate: " FOR UPDATE",
    emptying: "TRUNCATE TABLE",
    isIn: isOneOf,
    items: itemsOf,
    ask: (statement, ...cells) => ask(statement, cells),
    entries: entryTables(ask),
    tell: (change) => void changes.push(change),
    randomness,
  };
};

const names = new Map<string, string>();
const namesMax = 1_000;

/** PostgreSQL keeps a statement prepared under a name; ours are constants, so that their number is bounded. */
const nameOf = (statement: string): string => {
  const known = names.get(statement);
  if (known !== undefined) return known;
  assert(names.size < namesMax, "Statements to PostgreSQL are made at run time.");
  const name = `statement_${names.size + 1}`;
  names.set(statement, name);
  return name;
};
