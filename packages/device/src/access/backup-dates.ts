/**
 * From when on no backup of the server holds what two people have erased: as the server said when this device told it. Only
 * the device of whoever confirmed is told; it remembers, so that the date can be named to the survivor later.
 */

import type { Instant } from "@amana/kernel";
import { idBytes, type EntryHash, type LogId } from "@amana/log";
import { hashFrom, instantFrom, listFrom, logIdFrom } from "../logs/own-values.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

export type BackupDate = {
  readonly logId: LogId;
  readonly proposal: EntryHash;
  readonly goneFromBackupsAt: Instant;
};

/** The oldest go first. */
const backupDatesMax = 500;

const name = recordName("backup-dates");

/** Called in turn. */
export const readBackupDates = async ({ records }: Unlocked): Promise<readonly BackupDate[]> => {
  const content = await records.read(name);
  return content === undefined
    ? []
    : listFrom(content).map((each) => {
        const [logId, proposal, at] = listFrom(each);
        return { logId: logIdFrom(logId), proposal: hashFrom(proposal), goneFromBackupsAt: instantFrom(at) };
      });
};

/** Called in turn. Telling the server twice gives the later date, which is the one that holds. */
export const keepBackupDate = async (unlocked: Unlocked, date: BackupDate): Promise<void> => {
  const others = (await readBackupDates(unlocked)).filter(({ proposal }) => proposal !== date.proposal);
  const kept = [...others, date].slice(-backupDatesMax);
  const content = kept.map(({ logId, proposal, goneFromBackupsAt }) => [
    idBytes(logId),
    idBytes(proposal),
    goneFromBackupsAt,
  ]);
  await unlocked.records.write(name, content);
};
