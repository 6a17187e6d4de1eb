/**
 * The recovery key's wraps: handed out only after a request that everyone of the organisation could see for 24 hours, and only
 * if no keeper forbade it. Hours at which no server was up do not count.
 *
 * A key that was used opens nothing a second time: its sheets lay on one table. The server does not know which key is the
 * recovery key, so it hands out no person's or team's wraps by this way, and deletes nothing until a keeper, or whoever asked,
 * ends a recovery that was used.
 */

import { later, ok } from "@amana/kernel";
import { recoveriesPerReadMax, wrapsPerPageMax, type RecoveryRequest } from "@amana/sync";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";

type Names = "request-recovery" | "read-recoveries" | "forbid-recovery" | "read-recovery-wraps";

const recoveryIdBytes = 16;
const recoveryHours = 24;
/** Of one account, so that nobody keeps the others from asking; of all no more than are shown. */
const waitingMax = 4;
const millisecondsPerHour = 3_600_000;

export const recoveryAnswers = ({ storage, randomness }: RelayPorts): Answers<Names> => ({
  "request-recovery": async ({ recoveryKey }, { by, now }) => {
    if (await storage.isReaderKey({ organisation: by.organisation, key: recoveryKey })) return refused("NotForYou");
    const known = await storage.recoveriesOf({ by, now });
    if (known.some((each) => each.recoveryKey === recoveryKey && each.state === "used")) return refused("AlreadyUsed");
    const recovery = randomness(recoveryIdBytes);
    const opensAt = later(now, recoveryHours * millisecondsPerHour);
    const order = {
      by,
      recovery,
      recoveryKey,
      requestedAt: now,
      opensAt,
      waitingMax,
      waitingInAllMax: recoveriesPerReadMax,
    };
    const requested = await storage.requestRecovery(order);
    return requested.ok ? ok(requested.value) : refused("QuotaReached");
  },
  "read-recoveries": async (_request, { by, now }) => {
    const known = await storage.recoveriesOf({ by, now });
    return ok({ recoveries: shownOf(known) });
  },
  "forbid-recovery": async ({ recovery }, { by, now }) => {
    const forbidden = await storage.forbidRecovery({ by, recovery, now });
    return forbidden.ok ? done : refused("NotForYou");
  },
  "read-recovery-wraps": async ({ recovery, after }, { by, now }) => {
    const page = await storage.recoveryWraps({ by, recovery, now, after, wrapsMax: wrapsPerPageMax });
    return page.ok ? ok(page.value) : refused("NotNow");
  },
});

/**
 * What waits or is open can still be forbidden, so it is never left out: not either where whoever asked has asked for many
 * others since, and ended them. Nor is what was used, while there is room; of the rest the newest. All in the order in which
 * they were asked for.
 */
const shownOf = (known: readonly RecoveryRequest[]): readonly RecoveryRequest[] => {
  const isAsked = ({ state }: RecoveryRequest): boolean => state === "waiting" || state === "open";
  const ofState = (wanted: RecoveryRequest["state"]): readonly RecoveryRequest[] =>
    known.filter(({ state }) => state === wanted).toReversed();
  const urgent = [...known.filter(isAsked), ...ofState("used"), ...ofState("forbidden")];
  const shown = new Set(urgent.slice(0, recoveriesPerReadMax));
  return known.filter((each) => shown.has(each));
};
