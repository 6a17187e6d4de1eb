/**
 * Places of people who came in and whom the server has lost, as after a restore: whoever invited opens them again, and the devices
 * of those people answer as they did (`account/come-again.ts`). For some days after this device had to sign in anew, once after
 * each unlocking.
 */

import { later, ok, type Result } from "@amana/kernel";
import { fromHex, toHex } from "@amana/log";
import type { WireError } from "@amana/sync";
import { signedInAnewAt } from "../account/come-again.ts";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { listInvitations } from "./invitations.ts";
import type { OpenedInvitation } from "./invitation-record.ts";

const daysMax = 14;
const millisecondsPerDay = 86_400_000;
/** Within what the server takes, whose clock may be behind. */
const openMillisecondsMax = 23 * 3_600_000;

export const reopenLostPlaces = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  const { desk } = unlocked;
  if (desk.arePlacesChecked) return ok(undefined);
  const at = await signedInAnewAt(unlocked);
  const isDue = at !== undefined && unlocked.now() - at < daysMax * millisecondsPerDay;
  const filled = isDue ? await filledPlaces(unlocked) : [];
  if (filled.length > 0) {
    const reopened = await reopen(unlocked, filled);
    if (!reopened.ok && reopened.error.type === "Unreachable") return reopened;
  }
  desk.arePlacesChecked = true;
  return ok(undefined);
};

/** Of those who are of the organisation still: nobody who has left is let in again. */
const filledPlaces = async (unlocked: Unlocked): Promise<readonly OpenedInvitation[]> => {
  const invitations = await listInvitations(unlocked);
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  return invitations.filter(({ confirmed }) => {
    const person = confirmed && reading?.current.people.get(confirmed.person);
    return person !== undefined && !person.hasLeft;
  });
};

const reopen = async (
  unlocked: Unlocked,
  filled: readonly OpenedInvitation[],
): Promise<Result<undefined, WireError>> => {
  const read = await unlocked.ask("read-answers", {});
  if (!read.ok) return read;
  const there = new Set(read.value.answers.map(({ invitation }) => toHex(invitation)));
  for (const { id } of filled) {
    const invitation = fromHex(id);
    if (there.has(id) || invitation === undefined) continue;
    const expiresAt = later(unlocked.now(), openMillisecondsMax);
    const opened = await unlocked.ask("open-invitation", { invitation, expiresAt });
    if (!opened.ok) return opened;
  }
  return ok(undefined);
};
