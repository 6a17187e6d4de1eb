/**
 * One device: a plain object of functions over its ports. It runs the same in a worker, in Node.js and in the simulation,
 * and everything that goes in or comes out can travel between a worker and a page.
 *
 * Whatever can be expected is an answer, never an exception; one thing happens at a time, and nothing local ever waits for
 * the network.
 */

import { err, type Result } from "@amana/kernel";
import type { WireError } from "@amana/sync";
import { letBack } from "./access/invitations.ts";
import { reopenLostPlaces } from "./access/lost-places.ts";
import { finishOrganisation } from "./access/organisation-act.ts";
import { carryOutActs, isSomebodyToGo } from "./access/pending-acts.ts";
import { carryOutPending, renewIfWaiting } from "./access/pending.ts";
import { endUsedRecovery } from "./access/recovery.ts";
import { accessFace, type AccessFace } from "./faces/access.ts";
import { accountFace, type AccountFace } from "./faces/account.ts";
import { casesFace, type CasesFace } from "./faces/cases.ts";
import { makeCore, type Core } from "./faces/core.ts";
import { formsFace, type FormsFace } from "./faces/forms.ts";
import { syncFace, type SyncFace } from "./faces/sync.ts";
import { endsExchange } from "./logs/ends-exchange.ts";
import type { DevicePorts } from "./ports.ts";
import type { Unlocked } from "./unlocked.ts";

export type Device = AccessFace & AccountFace & CasesFace & FormsFace & SyncFace;

export const openDevice = (ports: DevicePorts): Device => deviceOver(makeCore(ports));

/** For tests, which look behind the faces. */
export const deviceOver = (core: Core): Device => ({
  ...accessFace(core),
  ...accountFace(core),
  ...casesFace(core),
  ...formsFace(core),
  ...syncFace(core, { carryOut, keepsBack: isSomebodyToGo, renew: renewIfWaiting }),
});

const carryOut = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  const finished = await finishOrganisation(unlocked);
  if (!finished.ok && finished.error.type === "Unreachable") return err(finished.error);
  const reopened = await reopenLostPlaces(unlocked);
  if (!reopened.ok) return reopened;
  const told = await letBack(unlocked);
  if (!told.ok) return told;
  // Who is in the organisation comes before who reads a case.
  const refusedBy = await carryOutActs(unlocked);
  if (refusedBy !== undefined && (endsExchange(refusedBy) || (await isSomebodyToGo(unlocked)))) return err(refusedBy);
  const carried = await carryOutPending(unlocked);
  if (!carried.ok && endsExchange(carried.error)) return carried;
  const ended = await endUsedRecovery(unlocked);
  if (!ended.ok) return ended;
  return refusedBy === undefined ? carried : err(refusedBy);
};
