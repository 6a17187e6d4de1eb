/** What the worker offers once it is unlocked. It is loaded only then. */

import { type Device, deviceOver } from "@amana/device";
import type { Face, News } from "../wire/face.ts";
import { caseOffers } from "./cases.ts";
import { directoryOffers } from "./directory.ts";
import { formDraftOffers } from "./form-drafts.ts";
import { pendingOffers } from "./pending.ts";
import { recoveryOffers } from "./recovery.ts";
import { repairOffers } from "./repair.ts";
import { superviseOffers } from "./supervise.ts";
import { syncOffers } from "./syncing.ts";
import { teamsOffers } from "./teams.ts";
import { teamOffers } from "./team.ts";
import type { Holding } from "./before-unlock.ts";

/** What holds the whole device. */
export type Unlockable = Holding & { readonly device: () => Device };

export type AfterUnlock = ReturnType<typeof caseOffers> &
  ReturnType<typeof directoryOffers> &
  ReturnType<typeof formDraftOffers> &
  ReturnType<typeof pendingOffers> &
  ReturnType<typeof recoveryOffers> &
  ReturnType<typeof repairOffers> &
  ReturnType<typeof teamsOffers> &
  ReturnType<typeof superviseOffers> &
  ReturnType<typeof syncOffers> &
  ReturnType<typeof teamOffers>;

export const offersAfterUnlock = (held: Holding, tell: (news: News) => void): AfterUnlock => {
  const device = deviceOver(held.core);
  const holding: Unlockable = { ...held, device: () => device };
  return {
    ...caseOffers(holding),
    ...directoryOffers(holding),
    ...formDraftOffers(holding),
    ...pendingOffers(holding),
    ...recoveryOffers(holding),
    ...repairOffers(holding),
    ...teamsOffers(holding),
    ...superviseOffers(holding),
    ...syncOffers(holding, tell),
    ...teamOffers(holding),
  };
};

/** Their names, so that the worker can offer them before they are there. */
export type AfterUnlockName = keyof AfterUnlock & keyof Face;
