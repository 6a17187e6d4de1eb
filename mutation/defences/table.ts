/** Every defence that is switched off and seen to be missed. */

import type { Defence } from "./defence.ts";
import { defencesAgainstMembers } from "./of-a-hostile-member.ts";
import { defencesOfLogs } from "./of-a-hostile-server.ts";
import { defencesOfBytes } from "./of-bytes-and-counters.ts";
import { defencesOfAnswers } from "./of-lying-answers.ts";
import { defencesOfOneAlone } from "./of-one-alone.ts";
import { defencesOfTheServer } from "./of-the-real-server.ts";
import { defencesOfTwoPersons } from "./of-two-persons.ts";
import { defencesOfWhatLeaks } from "./of-what-leaks.ts";
import { defencesOfWhoComesLater } from "./of-who-comes-later.ts";

export const defences: readonly Defence[] = [
  ...defencesOfLogs,
  ...defencesOfAnswers,
  ...defencesAgainstMembers,
  ...defencesOfTwoPersons,
  ...defencesOfBytes,
  ...defencesOfWhatLeaks,
  ...defencesOfWhoComesLater,
  ...defencesOfTheServer,
  ...defencesOfOneAlone,
];
