/** A supervisor's work as the page asks for it. What is done here is done case by case, and each case's history shows it. */

import type { CaseCommand } from "@amana/casefile";
import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { Organisation, PersonId } from "@amana/vault";
import type { Refusal } from "../case/screen.ts";
import { today } from "../directory/listing.ts";
import type { ApprovalView, CoverAct, CoverView, Supervision, WaitingCase } from "../screens/supervise/views.ts";
import type { Face } from "../wire/face.ts";
import { refusalOf } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";
import { seenIn } from "./cases.ts";
import { hasTooFewOpeners } from "./openers.ts";
import { actedOrPending } from "./pending.ts";
import { approvalsOf } from "./views/approvals.ts";
import { type TeamSeen, isApproval, supervisionOf } from "./views/supervise.ts";

type SuperviseOffers = Pick<
  Face,
  "supervision" | "approvalCount" | "approvals" | "reassign" | "actOnCover" | "casesWaitingForKey" | "renewCases"
>;

/** Each is opened for it; whoever has more decides these first. */
const approvalCasesMax = 20;

export const superviseOffers = (holding: Unlockable): SuperviseOffers => {
  const { device } = holding;
  return {
    supervision: () => supervision(holding),
    approvalCount: () => approvalCount(holding),
    approvals: () => approvals(holding),
    reassign: (log, to, because) => reassign(holding, log, to, because),
    actOnCover: (act) => actOnCover(holding, act),
    casesWaitingForKey: async () => {
      const [waiting, rows] = [await device().casesWaitingForEpoch(), await device().listCases()];
      if (!waiting.ok || !rows.ok) return [];
      const codes = new Map<string, string>(rows.value.map(({ logId, codes: of }) => [logId, of.join(", ")]));
      const answer = await device().organisation();
      const organisation = answer.ok ? answer.value : undefined;
      const found: WaitingCase[] = [];
      for (const log of waiting.value) {
        const readers = await device().peopleWhoCanRead(log);
        const isAlone =
          readers.ok && organisation !== undefined && hasTooFewOpeners(readers.value.people, organisation);
        found.push({ log, code: codes.get(log) ?? "", isAlone });
      }
      return found;
    },
    renewCases: async (logs) => {
      for (const log of logs) {
        // The page was given the ids by the device.
        const renewed = await device().renewAccess(log as LogId);
        if (!renewed.ok) return err(refusalOf(renewed.error));
      }
      return ok(null);
    },
  };
};

const seenTeam = async ({ device, now }: Unlockable): Promise<TeamSeen | undefined> => {
  const [listed, due, pending] = [await device().listCases(), await device().due(), await device().pendingChanges()];
  const [answer, me] = [await device().organisation(), await device().ownPerson()];
  const organisation: Organisation | undefined = answer.ok ? answer.value : undefined;
  if (!listed.ok || !due.ok || organisation === undefined) return undefined;
  const own = me.ok && me.value !== undefined ? organisation.people.get(me.value) : undefined;
  return {
    rows: listed.value
      .filter(({ stage }) => stage === "open" || stage === "closed")
      .map(({ logId, codes, level, stage, responsible, openers }) => ({
        ...{ log: logId, code: codes.join(", "), level, isOpen: stage === "open" },
        ...{ responsible, openers },
      })),
    due: due.value.map(({ logId, kind, when, dueAt, recipients }) => ({ log: logId, kind, when, dueAt, recipients })),
    people: [...organisation.people.values()].map(({ id, hasLeft, roles }) => ({ id, hasLeft, roles: [...roles] })),
    covers: organisation.covers,
    pending: new Set(
      (pending.ok ? pending.value : []).flatMap(({ logId, change }) =>
        "reader" in change && change.reader.kind === "person" ? [`${logId} ${change.reader.person}`] : [],
      ),
    ),
    isSupervisor: own?.roles.has("supervisor") === true,
    today: today(new Date(now())),
  };
};

const nobody: Supervision = {
  ...{ isSupervisor: false, caseCount: 0, pressing: [], loads: [], covers: [], approvalCount: 0 },
};

const supervision = async (holding: Unlockable): Promise<Supervision> => {
  const seen = await seenTeam(holding);
  return seen === undefined ? nobody : supervisionOf(seen);
};

/** For whoever supervises; a caseworker decides none. */
const approvalCount = async ({ device }: Unlockable): Promise<number> => {
  const [answer, me] = [await device().organisation(), await device().ownPerson()];
  const own = answer.ok && me.ok && me.value !== undefined ? answer.value?.people.get(me.value) : undefined;
  if (own?.roles.has("supervisor") !== true) return 0;
  const due = await device().due();
  return new Set(due.ok ? due.value.filter(({ kind }) => isApproval(kind)).map(({ logId }) => logId) : []).size;
};

const approvals = async (holding: Unlockable): Promise<readonly ApprovalView[]> => {
  const seen = await seenTeam(holding);
  if (seen === undefined) return [];
  const logs = [...new Set(seen.due.filter(({ kind }) => isApproval(kind)).map(({ log }) => log))];
  const codes = new Map(seen.rows.map(({ log, code }) => [log, code]));
  const found: ApprovalView[] = [];
  for (const log of logs.slice(0, approvalCasesMax)) {
    const opened = await seenIn(holding, log);
    if (opened === undefined) continue;
    found.push(...approvalsOf(opened).map((each) => ({ ...each, code: codes.get(log) ?? "" })));
  }
  return found;
};

const asRefusal = (error: { readonly type: string }): Refusal => error as Refusal; // Each has its words in the table of refusals.

/** The colleague is asked, and can read the case to decide; it is theirs once they have accepted. */
const reassign = async (
  holding: Unlockable,
  log: string,
  to: string,
  because: string,
): ReturnType<Face["reassign"]> => {
  const { device } = holding;
  // The page was given both ids by the device.
  const [logId, person] = [log as LogId, to as PersonId];
  // The case file checks every field of what it is told.
  const command = { type: "OfferResponsibility", to, because } as unknown as CaseCommand;
  const told = await device().tell(logId, command);
  if (!told.ok) return err(asRefusal(told.error));
  const readers = await device().peopleWhoCanRead(logId);
  const isReader = readers.ok && readers.value.people.some((reader) => reader.person === person);
  if (isReader) return ok(null);
  const given = await device().giveAccess(logId, { kind: "person", person });
  return given.ok ? ok(null) : err(asRefusal(given.error));
};

const actOnCover = async (holding: Unlockable, act: CoverAct): ReturnType<Face["actOnCover"]> => {
  const { device } = holding;
  // The page was given the ids by the device.
  const [absent, cover] = [act.absent as PersonId, act.cover as PersonId];
  switch (act.type) {
    case "Arrange":
      return actedOrPending(
        await device().actOrWait({ type: "CoverArranged", absent, cover, from: act.from, until: act.until }),
      );
    case "End":
      return actedOrPending(await device().actOrWait({ type: "CoverEnded", absent, cover }));
    case "Give":
    case "Take":
      return changeAccess(holding, act.type, absent, cover);
    default:
      return act satisfies never;
  }
};

const changeAccess = async (
  holding: Unlockable,
  type: "Give" | "Take",
  absent: PersonId,
  cover: PersonId,
): ReturnType<Face["actOnCover"]> => {
  const { device } = holding;
  const { covers } = await supervision(holding);
  const view: CoverView | undefined = covers.find((each) => each.absent === absent && each.cover === cover);
  const names = type === "Give" ? view?.toGive : view?.toTake;
  for (const { log } of names ?? []) {
    // As above.
    const logId = log as LogId;
    const reader = { kind: "person", person: cover } as const;
    const changed =
      type === "Give" ? await device().giveAccess(logId, reader) : await device().takeAccess(logId, reader);
    if (!changed.ok) return err(refusalOf(changed.error));
  }
  return ok(null);
};
