/** Waking by a push service: off unless chosen. The service learns that something of this account exists, and no more. */

import { ok } from "@amana/kernel";
import { refused, type Answers, type RelayPorts } from "./answers.ts";

export const wakingAnswers = ({ storage, push }: RelayPorts): Answers<"set-wake-up"> => ({
  "set-wake-up": async ({ subscription }, { by, device }) => {
    if (subscription !== undefined && push?.isEndpoint(subscription.endpoint) !== true) return refused("NotUnderstood");
    const isKept = await storage.setWakeUp({ by, device, subscription });
    return isKept ? ok({ serverKey: push?.serverKey }) : refused("NotSignedIn");
  },
});
