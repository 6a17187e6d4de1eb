/**
 * A network between a device and a server that loses things: a request before it arrives, an answer after the server
 * has acted, half of an answer. Which, a chooser says, so that a seed tells the whole story again.
 */

import { err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { RequestName, WireError } from "@amana/sync";
import type { Carrier } from "./memory-server.ts";

export type NetworkFault = "none" | "lost-before" | "lost-after" | "answer-cut";

/** Asked once for each request. */
export type FaultChooser = (name: RequestName) => NetworkFault;

export const honestNetwork: FaultChooser = () => "none";

/** What a device is given as its transport. */
export const connect = (server: Carrier, chooseFault: FaultChooser = honestNetwork): Carrier => ({
  call: async (name, token, bytes) => {
    const fault = chooseFault(name);
    if (fault === "lost-before") return err({ type: "Unreachable" });
    const answer = await server.call(name, token, bytes);
    if (fault === "lost-after") return err({ type: "Unreachable" });
    return fault === "answer-cut" ? cut(answer) : answer;
  },
});

const cut = (answer: Result<Bytes, WireError>): Result<Bytes, WireError> =>
  answer.ok ? ok(answer.value.slice(0, Math.floor(answer.value.length / 2))) : err({ type: "Unreachable" });
