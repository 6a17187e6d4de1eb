/** What is in sight whatever is open: code, danger and its clock, track, safe contact, who can see the case. */

import { areLimitsTold, codesOf, isClosed, levelKnown, responsiblePersons, safeContactOf } from "@amana/casefile";
import type { CaseHead } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { recipientsIn } from "./closed.ts";
import { waysOf } from "./person.ts";
import { rowsOf } from "./rows.ts";
import type { Seen } from "./seen.ts";

export const headOf = (seen: Seen): CaseHead => {
  const { state, now, log } = seen;
  const contact = safeContactOf(state, now);
  const agreed = contact.kind === "none" ? [] : contact.agreed;
  return {
    log,
    codes: codesOf(state),
    level: levelKnown(state, seen.advice.answer.risk.level),
    actBy: firstDeadline(seen),
    track: seen.advice.answer.track,
    contact: {
      kind: contact.kind,
      ways: waysOf(contact).map((way) => rowsOf(forms.AgreeSafeContact, way)),
      mayLeaveMessage: contact.kind === "safe" && contact.mayLeaveMessage,
      mustNotKnow: contact.kind === "safe" ? contact.mustNotKnow : agreed.flatMap(({ mustNotKnow }) => mustNotKnow),
    },
    responsible: responsiblePersons(state),
    readers: seen.access.readers,
    recipients: [...new Set([...recipientsIn(state, "referral"), ...recipientsIn(state, "law")])],
    isClosed: isClosed(state),
    isShredded: seen.isShredded,
    areLimitsTold: areLimitsTold(state),
    isUnreadLeft: seen.isUnreadLeft,
    draftCount: seen.drafts.size,
  };
};

/** A clock starts at the earlier of what its author's clock says and when this device first saw it, as in the list of what is due. */
const firstDeadline = ({ due }: Seen): number | undefined => {
  const deadlines = due.filter(({ kind }) => kind === "risk-clock").map(({ dueAt }) => dueAt);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
};
