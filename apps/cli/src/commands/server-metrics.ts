/** `amana server metrics`: the numbers of the server that runs on this machine. */

import { ownAddress } from "@amana/server";
import type { Command } from "../command.ts";
import { configurationIn } from "../server/store.ts";
import { exitCodes } from "../terminal.ts";

const millisecondsMax = 15_000;
/** The status by which a server says that it cannot reach what it keeps. */
const storeAway = 503;

export const serverMetricsCommand: Command = {
  name: ["server", "metrics"],
  usage: "",
  example: "server metrics",
  summary: "server-metrics.summary",
  notes: ["server.settings"],
  wordsMax: 0,
  options: {},
  run: async (call) => {
    const configuration = await configurationIn(call);
    if (!configuration.ok) return configuration.error;
    const { host, port, metricsToken } = configuration.value;
    const headers = metricsToken === undefined ? {} : { authorization: `Bearer ${metricsToken}` };
    try {
      const response = await fetch(`${ownAddress(host, port)}/metrics`, {
        headers,
        signal: AbortSignal.timeout(millisecondsMax),
      });
      if (response.ok) {
        await call.out.write(await response.text());
        return exitCodes.done;
      }
      if (response.status === storeAway) {
        await call.errors.write(`amana: ${call.say("server.store-silent", { code: String(storeAway) })}\n`);
        return exitCodes.failed;
      }
    } catch {
      // Nobody answers: said below.
    }
    await call.errors.write(`amana: ${call.say("server-metrics.no-answer")}\n`);
    return exitCodes.failed;
  },
};
