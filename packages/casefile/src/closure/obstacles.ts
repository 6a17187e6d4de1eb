/**
 * What stands against closing a case: what is dangerous, waits, is held or goes on elsewhere.
 *
 * It is asked of whoever closes, and of every closing that arrives, with what its author had seen: one that had seen an
 * obstacle is kept, shown as such, and closes nothing.
 */

import type { Instant } from "@amana/kernel";
import { waitingProposals } from "../approvals/approvals.ts";
import { isLifeInDanger } from "../emergency/emergency.ts";
import type { ClosureObstacle } from "../error.ts";
import { evidenceItems } from "../evidence/evidence.ts";
import { referralsOf } from "../referrals/referrals.ts";
import { transfersToBeStopped } from "../responsibility/responsibility.ts";
import { riskFloors, riskLevel, runningClocks } from "../risk/risk.ts";
import { dangersNotWeighed } from "../risk/weighed.ts";
import type { CaseState } from "../state.ts";
import { takedownsOf } from "../takedowns/takedowns.ts";
import { type CaseClosed, closureChecks, isTransferred } from "./closure.ts";

/** Of the command or the event: what is said of a closing. */
type Closing = Omit<CaseClosed, "type">;

export const closureObstacles = (closing: Closing, state: CaseState, now: Instant): readonly ClosureObstacle[] => {
  const referrals = referralsOf(state, now);
  const isHandedOver = closing.reason === "transferred" && isTransferred(state);
  const isHeldElsewhere = transfersToBeStopped(state, now).length > 0;
  const obstacles: readonly (readonly [ClosureObstacle, boolean])[] = [
    ["risk-not-assessed", isNotAssessed(state)],
    ["risk-clock", runningClocks(state).length > 0],
    // Nobody lets go of a high level alone: another organisation has the case, or a second person approved a lowering.
    ["level-high", riskLevel(state) === "high" && !isHandedOver],
    ["transfer-missing", closing.reason === "transferred" && !isHandedOver],
    ["referral-open", referrals.some(({ stage }) => stage !== "closed" && stage !== "declined-by-survivor")],
    ["withdrawal-to-act-on", referrals.some(({ isToBeStopped }) => isToBeStopped) || isHeldElsewhere],
    ["approval-waiting", waitingProposals(state).length > 0],
    ["evidence-held", evidenceItems(state, now).some(({ stage }) => stage !== "returned")],
    ["takedown-waiting", closing.takedownPlan === undefined && isTakedownWaiting(state, now)],
    ["checklist", openPoints(closing).length > 0],
  ];
  return obstacles.flatMap(([obstacle, stands]) => (stands ? [obstacle] : []));
};

/**
 * Nobody has; or a danger was told that nobody has weighed; or danger to life is on file, and neither a high level nor a
 * supervisor speaks of it.
 */
const isNotAssessed = (state: CaseState): boolean => {
  const floors = riskFloors(state);
  return (
    floors.length === 0 ||
    dangersNotWeighed(state).length > 0 ||
    (isLifeInDanger(state) && floors.every(({ level, from }) => level !== "high" && from !== "lowering"))
  );
};

const isTakedownWaiting = (state: CaseState, now: Instant): boolean =>
  takedownsOf(state, now).some(({ mayGoOn, isOver }) => mayGoOn && !isOver);

/** Whoever has died or cannot be reached has a case that may end with a point unanswered, the reason beside it. */
export const openPoints = ({ reason, checklist, toldCanComeBack }: Closing): readonly string[] => {
  if (reason === "died" || reason === "no-contact") return [];
  const points = { ...checklist, toldCanComeBack };
  return [...closureChecks, "toldCanComeBack" as const].filter((point) => points[point].kind === "no");
};
