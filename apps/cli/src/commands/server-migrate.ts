/** `amana server migrate`: brings the tables of the store up to this version, while no server runs. */

import type { Command } from "../command.ts";
import { withStore } from "../server/store.ts";
import { exitCodes } from "../terminal.ts";

export const serverMigrateCommand: Command = {
  name: ["server", "migrate"],
  usage: "",
  example: "server migrate",
  summary: "server-migrate.summary",
  notes: ["server.settings"],
  wordsMax: 0,
  options: {},
  run: (call) =>
    withStore(call, { migrates: true }, async (storage) => {
      const version = String(await storage.schemaVersion());
      await call.out.write(`${call.say("server-migrate.done", { version })}\n`);
      return exitCodes.done;
    }),
};
