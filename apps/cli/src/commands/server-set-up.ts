/** `amana server set-up`: a one-time link with which one more organisation is set up. */

import { makeSetUpLink, ownAddress, setUpHoursMax } from "@amana/server";
import type { Command } from "../command.ts";
import { withStore } from "../server/store.ts";
import { exitCodes } from "../terminal.ts";

export const serverSetUpCommand: Command = {
  name: ["server", "set-up"],
  usage: "",
  example: "server set-up",
  summary: "server-set-up.summary",
  notes: ["server.settings"],
  wordsMax: 0,
  options: {},
  run: (call) =>
    withStore(call, { migrates: false }, async (storage, { origin, host, port }) => {
      if (origin === undefined && port === 0) {
        await call.errors.write(`amana: ${call.say("server-set-up.no-place")}\n`);
        return exitCodes.refused;
      }
      const reachedAt = origin ?? ownAddress(host, port);
      const link = await makeSetUpLink(storage, reachedAt, call.terminal.now());
      await call.out.write(`${call.say("server-set-up.says", { hours: String(setUpHoursMax) })}\n${link}\n`);
      return exitCodes.done;
    }),
};
