/**
 * Erasing bodies, and destroying the wraps of a whole case, as two people's entries in the log say.
 *
 * The server cannot read those entries; it checks that both are control entries of this log by two authors, and devices check the
 * rest. The date it answers is a promise about our own backups: a nightly run removes them before it (backup/backup.ts).
 */

import { later, ok, type Instant } from "@amana/kernel";
import { refused, type Answers, type RelayPorts } from "./answers.ts";

const millisecondsPerDay = 86_400_000;

export const erasureAnswers = ({ storage, backupDays }: RelayPorts): Answers<"erase" | "shred"> => ({
  erase: async ({ logId, proposal, confirmation, entries }, { by, now }) => {
    const erased = await storage.eraseBodies({ by, logId, proposal, confirmation, entries, now });
    return erased.ok ? ok({ goneFromBackupsAt: daysAfter(now, backupDays.logs) }) : refused("NotForYou");
  },
  shred: async ({ logId, proposal, confirmation }, { by, now }) => {
    const shredded = await storage.shredLog({ by, logId, proposal, confirmation, now });
    return shredded.ok ? ok({ goneFromBackupsAt: daysAfter(now, backupDays.wraps) }) : refused("NotForYou");
  },
});

const daysAfter = (now: Instant, days: number): Instant => later(now, days * millisecondsPerDay);
