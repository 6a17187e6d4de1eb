/** Opening a case: log, first draft and who shall read it are written at once, or nothing is. Called in turn. */

import type { CaseCommand } from "@amana/casefile";
import { ok, type Result } from "@amana/kernel";
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
  const first = await tellNewCase(unlocked, log, command);
  if (!first.ok) return first;
  await commit(unlocked, { logs: [{ ...first.value.change, position: startOf("case") }], changes });
  return ok({ logId, ...first.value.told });
};
