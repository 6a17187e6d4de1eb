/** Words that several subjects of a case share, as shapes: gates, reasons, services, what may be shared. */

import type { Answer, Facts, Reason } from "@amana/pathway";
import type { FactId, RecipientId } from "./ids.ts";
import {
  type Of,
  type Shape,
  byId,
  either,
  freeName,
  id,
  line,
  listOf,
  matching,
  oneOf,
  prose,
  record,
  variants,
} from "./shape.ts";

/** Who said something. What a person says of themself and what others say of them are told apart. */
export const saidBy = oneOf("survivor", "guardian", "caregiver", "responder", "provider", "other");

const factsMax = 200;
const factValuesMax = 64;
const reasonsMax = 64;

export const factId: Shape<FactId> = matching(/^[a-z][a-z-]{1,63}$/);
/** An id of the guidance or of the directory; or a name in any writing, where the directory has none. */
export const recipientId: Shape<RecipientId> = either(id<RecipientId>(), freeName<RecipientId>());

/** Facts as the pathway takes them. */
export const facts: Shape<Facts> = byId(either(line, listOf(line, factValuesMax)), factsMax);

/** A reason of the pathway, kept as it was given. */
const reason: Shape<Reason> = record({ rule: line, facts, source: line }, { unknown: listOf(line, factsMax) });

export const reasons: Shape<readonly Reason[]> = listOf(reason, reasonsMax);

export const pack: Shape<Answer["pack"]> = record({ id: line, version: line });

/** The gates of DOMAIN §13. */
export type Gate =
  | "digital-safety"
  | "block-perpetrator"
  | "content-removal"
  | "platform-report"
  | "evidence-by-survivor"
  | "evidence-held"
  | "law-report"
  | "guardian-consent";

/** The pathway's word that a gate was open, with its pack, version and reasons. */
export const gateAdvice = record({ pack, gate: line, limits: listOf(line, factValuesMax), because: reasons });
export type GateAdvice = Of<typeof gateAdvice>;

/** What consent is asked for, purpose by purpose (G-CONS-2). */
export const purposes = ["store-file", "statistics", "digital", "evidence", "removal", "law", "referral"] as const;
export const purpose = oneOf(...purposes);
export type Purpose = Of<typeof purpose>;

/** The recipient of what stays inside of the organisation. */
export const ownOrganisation = "own-organisation";
/** The recipient of what the survivor keeps on their own side. */
export const ownSide = "survivor-side";

/** The purposes the pathway knows; the others concern the file, not an act. */
export const actPurposes = ["digital", "evidence", "removal", "law"] as const satisfies readonly Purpose[];

export const services = [
  "mental-health",
  "health",
  "legal",
  "protection",
  "digital-safety",
  "shelter",
  "child-protection",
  "cash",
] as const;
export const service = oneOf(...services);

/** One thing that may be shared with a provider: `detail:phone`, `fact:harm`, `risk-level`, `safe-contact`, `service`. */
const sharedField: Shape<string> = matching(
  /^(detail:[a-z-]{1,40}|fact:[a-z-]{1,64}|risk-level|safe-contact|service)$/,
);
export const sharedFieldsMax = 100;
export const sharedFields = listOf(sharedField, sharedFieldsMax);

export const itemsMax = 40;

/** An answer on a list of things to check: yes, or no with the reason. */
export const checked = variants({ yes: record({}), no: record({ because: prose }) });
