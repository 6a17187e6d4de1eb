/**
 * What one account and one organisation may store and begin, as the operator has set it.
 *
 * What must stay true: nobody alone uses up what the others of their organisation may begin.
 */

import { entriesPerLogMax } from "@amana/log";
import type { Configuration } from "./configuration.ts";
import type { Quotas } from "./storage/storage.ts";

/** Entries are bounded by their bytes: even the smallest has some hundreds. */
const entryBytesMin = 256;

/**
 * Of an organisation's logs one account may begin one in so many. A half: whoever does all they can to use them up leaves as many
 * to the others, and whoever begins the cases of everybody, as a supervisor may, has by themselves room for two and a half large
 * caseloads where the operator has set nothing.
 */
const logsShare = 2;

export const quotasOf = ({ quotaBytes, organisation }: Pick<Configuration, "quotaBytes" | "organisation">): Quotas => ({
  account: {
    logs: Math.floor(organisation.logsMax / logsShare),
    entries: Math.max(entriesPerLogMax, quotaBytes.account / entryBytesMin),
    bytes: quotaBytes.account,
  },
  organisation: {
    logs: organisation.logsMax,
    entries: quotaBytes.organisation / entryBytesMin,
    bytes: quotaBytes.organisation,
  },
});
