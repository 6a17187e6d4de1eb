/** What is in sight whatever is open: code, danger and its clock, track, safe contact, who can see the case. */

import {
  areLimitsTold,
  codesOf,
  deadlineOf,
  isClosed,
  responsiblePersons,
  riskFloors,
  riskLevel,
  safeContactOf,
} from "@amana/casefile";
import type { CaseHead } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { rowsOf } from "./rows.ts";
import type { Seen } from "./seen.ts";

export const headOf = (seen: Seen): CaseHead => {
  const { state, now, log } = seen;
  const contact = safeContactOf(state, now);
  const agreed = contact.kind === "none" ? [] : contact.agreed;
  return {
    log,
    codes: codesOf(state),
    level: riskLevel(state),
    actBy: firstDeadline(seen),
    track: seen.advice.answer.track,
    contact: {
      kind: contact.kind,
      ways: agreed.map((way) => rowsOf(forms.AgreeSafeContact, way)),
      mayLeaveMessage: contact.kind === "safe" && contact.mayLeaveMessage,
      mustNotKnow: contact.kind === "safe" ? contact.mustNotKnow : agreed.flatMap(({ mustNotKnow }) => mustNotKnow),
    },
    responsible: responsiblePersons(state),
    readers: seen.access.readers,
    isClosed: isClosed(state),
    isShredded: seen.isShredded,
    areLimitsTold: areLimitsTold(state),
    isUnreadLeft: seen.isUnreadLeft,
    draftCount: seen.drafts.size,
  };
};

const firstDeadline = ({ state }: Seen): number | undefined => {
  const deadlines = riskFloors(state)
    .filter(({ isAnswered }) => !isAnswered)
    .flatMap((floor) => deadlineOf(floor) ?? []);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
};
