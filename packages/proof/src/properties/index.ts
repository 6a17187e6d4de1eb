/** All properties, in the order in which they are printed: S-1 to S-14, then what section 13 defines. */

import { actions } from "./actions.ts";
import { bindings } from "./bindings.ts";
import { agreement, possiblyAbuseMaterial, settledRisk } from "./choices.ts";
import { gates } from "./gates.ts";
import { level } from "./level.ts";
import type { Property } from "./property.ts";
import { toolByAge } from "./s-01-tool-by-age.ts";
import { childTrack } from "./s-02-child-track.ts";
import { noCopies } from "./s-03-no-copies.ts";
import { digitalActs } from "./s-04-digital-acts.ts";
import { law } from "./s-05-law.ts";
import { levelAndCare } from "./s-06-level-and-care.ts";
import { monotone } from "./s-07-monotone.ts";
import { imminentSelfHarm } from "./s-08-imminent.ts";
import { guardianAsked } from "./s-09-guardian.ts";
import { survivorActs } from "./s-10-survivor-acts.ts";
import { evidenceFirst } from "./s-11-evidence-first.ts";
import { reasons } from "./s-12-reasons.ts";
import { contradictions } from "./contradictions.ts";
import { contacts } from "./s-13-contacts.ts";
import { childAbuseResponse } from "./s-14-child-abuse.ts";
import { tools } from "./tools.ts";
import { vocabulary } from "./vocabulary.ts";

export const properties: readonly Property[] = [
  ...[toolByAge, childTrack, noCopies, digitalActs, law, levelAndCare, monotone],
  ...[imminentSelfHarm, guardianAsked, survivorActs, evidenceFirst, reasons, contacts, childAbuseResponse],
  ...[
    gates,
    agreement,
    settledRisk,
    possiblyAbuseMaterial,
    tools,
    level,
    actions,
    contradictions,
    bindings,
    vocabulary,
  ],
];
