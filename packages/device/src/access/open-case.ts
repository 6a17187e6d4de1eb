/** Opening a case: log, first draft and who shall read it are written at once, or nothing is. Called in turn. */

import type { CaseCommand } from "@amana/casefile";
import { isInstant, ok, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { tellNewCase, type TellError, type Told } from "../case/tell.ts";
import { commit } from "../commit.ts";
import { startOf } from "../logs/positions.ts";
import type { Unlocked } from "../unlocked.ts";
import { prepareCase, type NewCaseError } from "./new-case.ts";
import type { Reader } from "./readers.ts";

export type CaseOpened = Told & { readonly logId: LogId };

export const openCase = async (
  unlocked: Unlocked,
  command: CaseCommand,
  readers?: readonly Reader[],
): Promise<Result<CaseOpened, NewCaseError | TellError>> => {
  const prepared = await prepareCase(unlocked, readers);
  if (!prepared.ok) return prepared;
  const { logId, log, changes } = prepared.value;
  const first = await tellNewCase(unlocked, log, byTimeHere(unlocked, command));
  if (!first.ok) return first;
  await commit(unlocked, { logs: [{ ...first.value.change, position: startOf("case") }], changes });
  return ok({ logId, ...first.value.told });
};

/**
 * Whoever searched did so by the bare clock, and time on this device never goes back behind what it has written: where a clock
 * once ran years ahead, a search of a minute ago would be years old.
 */
const byTimeHere = ({ ports, now }: Unlocked, command: CaseCommand): CaseCommand => {
  if (command.type !== "OpenCase") return command;
  const searchedAt = command.searchedAt + (now() - ports.clock());
  return isInstant(searchedAt) ? { ...command, searchedAt } : command;
};
