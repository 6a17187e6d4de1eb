/** A server in a process of its own over a store that is filled beforehand. It ends with its parent. */

import { runServer } from "../../apps/server/src/testing/running-server.ts";
import { fillOthers, fillSeats } from "./seats.ts";
import type { SeatsAnswer, SeatsOrder } from "./seats-server.ts";

const start = async ({ folder, seats, otherEntries, fillSecondsMax }: SeatsOrder): Promise<SeatsAnswer> => {
  const running = await runServer({ DATA: folder });
  await fillSeats(running.storage, seats);
  const filled = otherEntries === 0 ? 0 : await fillOthers(running.storage, otherEntries, fillSecondsMax);
  return { port: await running.listen(), filled };
};

process.once("message", (order) => {
  // The parent is ours and sends nothing else.
  start(order as SeatsOrder).then(
    (answer) => process.send?.(answer),
    (mistake: unknown) => {
      console.error(mistake);
      process.exit(1);
    },
  );
});
process.once("disconnect", () => process.exit(0));
