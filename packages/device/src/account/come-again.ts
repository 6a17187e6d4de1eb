/**
 * Coming back to a server that was put back to before this account came in: the answer to the invitation is sent again, the very
 * same bytes, so that the account is there under its own keys. Whoever invited opens the place again (`access/lost-places.ts`).
 *
 * What must stay true: nobody comes in by this who was not invited, met and confirmed; the place is opened by the one who invited,
 * on the word of the organisation's log, and the keys are the ones that two people know already.
 */

import { isInstant, type Instant } from "@amana/kernel";
import { isCborArray, type Bytes } from "@amana/log";
import { wire } from "@amana/sync";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";
import type { Unlocked } from "../unlocked.ts";

const answerName = recordName("past-answer");
const signedInName = recordName("signed-in-anew");

/** With the last step of coming in. */
export const keepAnswer = (records: Records, body: Bytes): Promise<readonly StoreChange[]> =>
  records.changes(answerName, [body]);

/** Whether the server has made the account anew; a server that never lost it refuses. */
export const answerAgain = async ({ records, ports }: Unlocked): Promise<boolean> => {
  const content = await records.read(answerName);
  const [body] = content !== undefined && isCborArray(content) ? content : [];
  if (!(body instanceof Uint8Array)) return false;
  const answer = await ports.transport.call("answer-invitation", undefined, body);
  return answer.ok && wire["answer-invitation"].decodeResponse(answer.value) !== undefined;
};

/** A token that was lost is the sign of a server that was put back; for most it is not, and then nothing is found. */
export const noteSignedInAnew = ({ inTurn, records, now }: Unlocked): Promise<void> =>
  inTurn(() => records.write(signedInName, [now()]));

export const signedInAnewAt = async ({ records }: Unlocked): Promise<Instant | undefined> => {
  const content = await records.read(signedInName);
  const [at] = content !== undefined && isCborArray(content) ? content : [];
  return isInstant(at) ? at : undefined;
};
