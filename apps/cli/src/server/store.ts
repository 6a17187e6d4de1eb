/** What the commands of the server share: its settings from the environment, its store, and their words for what stands in the way. */

import { err, exhausted, formatInstant, ok, type Instant, type Result } from "@amana/kernel";
import {
  isStorageUnavailable,
  openStorage,
  readConfiguration,
  type Configuration,
  type RestoreProblem,
  type Storage,
  type StoreProblem,
} from "@amana/server";
import type { Call } from "../command.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";
import type { Say, TextKey } from "../words.ts";

/** The server's own settings; each wrong one is named. */
export const configurationIn = async ({ terminal, errors, say }: Call): Promise<Result<Configuration, ExitCode>> => {
  const configuration = readConfiguration(terminal.env);
  if (configuration.ok) return configuration;
  const names = configuration.error.map(({ name }) => name).join(", ");
  await errors.write(`amana: ${say("server.settings-wrong", { names })}\n`);
  return err(exitCodes.refused);
};

/** Opens the store that the settings name, runs, and closes it whatever happens. */
export const withStore = async (
  call: Call,
  opening: Opening,
  run: (storage: Storage, configuration: Configuration) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const configuration = await configurationIn(call);
  if (!configuration.ok) return configuration.error;
  const opened = await openStore(call.say, configuration.value, opening);
  if (!opened.ok) {
    await call.errors.write(`amana: ${opened.error}\n`);
    return exitCodes.failed;
  }
  try {
    return await run(opened.value, configuration.value);
  } catch (error) {
    const words = inTheWayInWords(call.say, error);
    if (words === undefined) throw error;
    await call.errors.write(`amana: ${words}\n`);
    return exitCodes.failed;
  } finally {
    await opened.value.close();
  }
};

type Opening = Parameters<typeof openStorage>[1];

/** Of a disk or a database, in the middle of the work; nothing where it is a mistake of ours. */
const inTheWayInWords = (say: Say, error: unknown): string | undefined => {
  if (isStorageUnavailable(error)) return say("server.store-silent", { code: error.code });
  const isOfSystem = error instanceof Error && "syscall" in error && "code" in error;
  return isOfSystem ? say("server.file-refused", { code: String(error.code) }) : undefined;
};

const storeProblems = {
  SchemaNewer: "server.store-newer",
  SchemaOlder: "server.store-older",
  StoreMissing: "server.store-missing",
  RestoreUnfinished: "server.restore-unfinished",
  StoreHeld: "server.store-held",
} as const satisfies Readonly<Record<StoreProblem["type"], TextKey>>;

/** What stands in the way is in words. */
const openStore = async (say: Say, { store }: Configuration, opening: Opening): Promise<Result<Storage, string>> => {
  try {
    const opened = await openStorage(store, opening);
    return opened.ok ? ok(opened.value) : err(say(storeProblems[opened.error.type]));
  } catch (error) {
    // The driver's own message could hold an address with a password.
    return err(say("server.store-unreachable", { code: isStorageUnavailable(error) ? error.code : "?" }));
  }
};

const backupFiles = { logs: "*.logs.amana-backup", ledger: "*.ledger.amana-backup" };

/** `at`: what was asked for, where not the newest. */
export const restoreProblemInWords = (say: Say, problem: RestoreProblem, at: Instant | undefined): string => {
  switch (problem.type) {
    case "NotABackup":
      return say("restore.not-a-backup", { file: problem.file });
    case "NotForThisKey":
      return say("restore.not-for-this-key", { file: problem.file });
    case "Damaged":
    case "NotWhole":
      return say("restore.damaged", { file: problem.file });
    case "NothingToRestore":
      return at === undefined
        ? say("restore.nothing", backupFiles)
        : say("restore.nothing-by-then", { at: formatInstant(at) });
    case "StoreUsed":
      return say("restore.not-empty");
    case "OtherSchema":
      return say("restore.other-schema", { version: String(problem.version) });
    default:
      return exhausted(problem);
  }
};
