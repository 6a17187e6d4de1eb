/** Every defence that is switched off and seen to be missed. */

import type { Defence } from "./defence.ts";
import { defencesAgainstMembers } from "./of-a-hostile-member.ts";
import { defencesUnderHarm } from "./of-a-server-under-harm.ts";
import { defencesOfAnOrganisationTakenBack } from "./of-an-organisation-taken-back.ts";
import { defencesOfLogs } from "./of-a-hostile-server.ts";
import { defencesOfBytes } from "./of-bytes-and-counters.ts";
import { defencesOfKeptKeys } from "./of-kept-keys.ts";
import { defencesOfARestore } from "./of-a-restore.ts";
import { defencesOfColleaguesWhoErr } from "./of-colleagues-who-err.ts";
import { defencesOfActsThatWait } from "./of-acts-that-wait.ts";
import { defencesOfLogsOfNobody } from "./of-logs-of-nobody.ts";
import { defencesOfAnswers } from "./of-lying-answers.ts";
import { defencesOfOneAlone } from "./of-one-alone.ts";
import { defencesOfClosingAndDue } from "./of-closing-and-due.ts";
import { defencesOfTheServer } from "./of-the-real-server.ts";
import { defencesOfTheCaseFile } from "./of-the-case-file.ts";
import { defencesOfTheUnseen } from "./of-the-unseen.ts";
import { defencesOfTwoPersons } from "./of-two-persons.ts";
import { defencesOfWhatLeaks } from "./of-what-leaks.ts";
import { defencesOfWhoComesLater } from "./of-who-comes-later.ts";
import { defencesOfWhoIsOut } from "./of-who-is-out.ts";

export const defences: readonly Defence[] = [
  ...defencesOfLogs,
  ...defencesOfAnswers,
  ...defencesOfLogsOfNobody,
  ...defencesAgainstMembers,
  ...defencesOfTwoPersons,
  ...defencesOfKeptKeys,
  ...defencesOfTheCaseFile,
  ...defencesOfBytes,
  ...defencesOfWhatLeaks,
  ...defencesOfWhoComesLater,
  ...defencesOfWhoIsOut,
  ...defencesOfTheServer,
  ...defencesUnderHarm,
  ...defencesOfOneAlone,
  ...defencesOfARestore,
  ...defencesOfClosingAndDue,
  ...defencesOfColleaguesWhoErr,
  ...defencesOfActsThatWait,
  ...defencesOfTheUnseen,
  ...defencesOfAnOrganisationTakenBack,
];
