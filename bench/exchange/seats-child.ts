/** One step in a process of its own: a store is filled, or a server listens over it. It ends with its parent. */

import { runServer } from "../../apps/server/src/testing/running-server.ts";
import { fillOthers, fillSeats } from "./seats.ts";
import type { SeatsAnswer, SeatsOrder } from "./seats-server.ts";

const carryOut = async ({ store, step }: SeatsOrder): Promise<SeatsAnswer> => {
  const running = await runServer(store);
  if (step.kind === "serve") return { kind: "listening", port: await running.listen() };
  await fillSeats(running.storage, step.seats);
  const filled =
    step.otherEntries === 0 ? 0 : await fillOthers(running.storage, step.otherEntries, step.fillSecondsMax);
  await running.close();
  return { kind: "filled", filled };
};

process.once("message", (order) => {
  // The parent is ours and sends nothing else.
  carryOut(order as SeatsOrder).then(
    (answer) => process.send?.(answer),
    (mistake: unknown) => {
      console.error(mistake);
      process.exit(1);
    },
  );
});
process.once("disconnect", () => process.exit(0));
