/** `amana server restore`: puts the newest backup, or an earlier one, back into an empty store, or proves that it could be. */

import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { formatInstant, parseInstant } from "@amana/kernel";
import { restoreBackup, type RestoreOrder, type RestoreReport } from "@amana/server";
import type { Call, Command } from "../command.ts";
import { printable } from "../output/printable.ts";
import { makeDrillFolder, removeKilledDrills } from "../server/drills.ts";
import { readKeyFile } from "../server/key-file.ts";
import { restoreProblemInWords, withStore } from "../server/store.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";

export const serverRestoreCommand: Command = {
  name: ["server", "restore"],
  usage: "FOLDER --key PRIVATE-FILE [--at TIME] [--drill]",
  example: "server restore backups --key backup-private.key --drill",
  summary: "server-restore.summary",
  notes: ["server-restore.notes", "server.settings"],
  wordsMax: 1,
  options: {
    key: { value: "PRIVATE-FILE", text: "server-restore.key" },
    at: { value: "TIME", text: "server-restore.at" },
    drill: { value: null, text: "server-restore.drill" },
  },
  run: async (call) => {
    const { terminal, out, errors, say, given } = call;
    const [folder] = given.words;
    const keyPath = given.options.get("key");
    if (folder === undefined || keyPath === undefined) {
      await errors.write(`amana: ${say("server-restore.what-missing")}\n`);
      return exitCodes.refused;
    }
    const privateKey = readKeyFile(resolve(terminal.folder, keyPath), "private");
    if (privateKey === undefined) {
      await errors.write(`amana: ${say("server-restore.key-wrong", { file: printable(keyPath) })}\n`);
      return exitCodes.refused;
    }
    const atText = given.options.get("at");
    const at = atText === undefined ? undefined : parseInstant(atText);
    if (at?.ok === false) {
      await errors.write(`amana: ${say("server-restore.at-wrong")}\n`);
      return exitCodes.refused;
    }
    const order = { folder: resolve(terminal.folder, folder), privateKey, now: terminal.now(), at: at?.value };
    const removed = removeKilledDrills();
    if (removed > 0) await out.write(`${say("server-restore.drills-removed", { count: String(removed) })}\n`);
    return given.options.has("drill") ? drill(call, order) : restoreInto(call, order);
  },
};

/** Into a store of its own that is removed afterwards, also where it is broken off: the real one is not looked at. */
const drill = async (call: Call, order: RestoreOrder): Promise<ExitCode> => {
  const made = makeDrillFolder();
  if (!made.ok) {
    await call.errors.write(`amana: ${call.say("server-restore.no-drill-folder", made.error)}\n`);
    return exitCodes.failed;
  }
  const folder = made.value;
  const env = { ...call.terminal.env, DATA: folder, DATABASE_URL: undefined };
  // Wraps lie in it, and nobody would look for them there once their 14 days are over.
  const breakOff = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    for (const each of signals) process.off(each, breakOff);
    process.kill(process.pid, signal);
  };
  for (const each of signals) process.on(each, breakOff);
  try {
    return await restoreInto({ ...call, terminal: { ...call.terminal, env } }, order);
  } finally {
    for (const each of signals) process.off(each, breakOff);
    rmSync(folder, { recursive: true, force: true });
  }
};

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const restoreInto = (call: Call, order: RestoreOrder): Promise<ExitCode> =>
  withStore(call, { migrates: true, restores: true, holds: true }, async (storage) => {
    const { out, errors, say } = call;
    const restored = await restoreBackup(storage, order);
    if (!restored.ok) {
      await errors.write(`amana: ${restoreProblemInWords(say, restored.error, order.at)}\n`);
      return restored.error.type === "StoreUsed" ? exitCodes.refused : exitCodes.failed;
    }
    await out.write(`${reportInWords(say, restored.value).join("\n")}\n`);
    return exitCodes.done;
  });

const reportInWords = (say: Call["say"], report: RestoreReport): readonly string[] => {
  const { takenAt, logs, entries, erasuresReplayed, ledgersReplayed, ledgersPassedOver, hasWraps } = report;
  const restored = { at: formatInstant(takenAt), logs: String(logs), entries: String(entries) };
  const replayed = { ledgers: String(ledgersReplayed), erased: String(erasuresReplayed) };
  const passedOver = { count: String(ledgersPassedOver) };
  return [
    say("server-restore.done", restored),
    say("server-restore.replayed", replayed),
    ...(ledgersPassedOver === 0 ? [] : [say("server-restore.passed-over", passedOver)]),
    ...(hasWraps ? [] : [say("server-restore.no-wraps")]),
  ];
};
