/** `amana server backup`: everything as it stands now, or the ledger alone, while the server runs, sealed to the offline key. */

import { resolve } from "node:path";
import { wrapBackupDays, writeBackup, writeLedger } from "@amana/server";
import type { Command } from "../command.ts";
import { printable } from "../output/printable.ts";
import { breakable } from "../server/break-off.ts";
import { readKeyFile } from "../server/key-file.ts";
import { withStore } from "../server/store.ts";
import { exitCodes } from "../terminal.ts";

export const serverBackupCommand: Command = {
  name: ["server", "backup"],
  usage: "FOLDER --key PUBLIC-FILE [--ledger]",
  example: "server backup backups --key backup-public.key",
  summary: "server-backup.summary",
  notes: ["server-backup.notes", "server.settings"],
  wordsMax: 1,
  options: {
    key: { value: "PUBLIC-FILE", text: "server-backup.key" },
    ledger: { value: null, text: "server-backup.ledger" },
  },
  run: async (call) => {
    const { terminal, out, errors, say, given } = call;
    const [folder] = given.words;
    const keyPath = given.options.get("key");
    if (folder === undefined || keyPath === undefined) {
      await errors.write(`amana: ${say("server-backup.what-missing")}\n`);
      return exitCodes.refused;
    }
    const recipient = readKeyFile(resolve(terminal.folder, keyPath), "public");
    if (recipient === undefined) {
      await errors.write(`amana: ${say("server-backup.key-wrong", { file: printable(keyPath) })}\n`);
      return exitCodes.refused;
    }
    return withStore(call, { migrates: false }, async (storage, { backupDays }) => {
      const write = given.options.has("ledger") ? writeLedger : writeBackup;
      const order = {
        folder: resolve(terminal.folder, folder),
        recipient,
        now: terminal.now(),
        days: { logs: backupDays, wraps: Math.min(backupDays, wrapBackupDays) },
      };
      const { rows, removed } = await breakable((signal) => write(storage, { ...order, signal }));
      const counts = { rows: String(rows), removed: String(removed.length) };
      await out.write(`${say("server-backup.done", counts)}\n`);
      return exitCodes.done;
    });
  },
};
