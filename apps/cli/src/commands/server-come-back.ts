/** `amana server come-back`: a one-time code by which an organisation that has lost its only keeper lets one come back. */

import { comeBackHoursMax, makeComeBackCode } from "@amana/server";
import type { Command } from "../command.ts";
import { withStore } from "../server/store.ts";
import { exitCodes } from "../terminal.ts";

export const serverComeBackCommand: Command = {
  name: ["server", "come-back"],
  usage: "",
  example: "server come-back",
  summary: "server-come-back.summary",
  notes: ["server.settings"],
  wordsMax: 0,
  options: {},
  run: (call) =>
    withStore(call, { migrates: false }, async (storage) => {
      const code = await makeComeBackCode(storage, call.terminal.now());
      await call.out.write(`${call.say("server-come-back.says", { hours: String(comeBackHoursMax) })}\n${code}\n`);
      return exitCodes.done;
    }),
};
