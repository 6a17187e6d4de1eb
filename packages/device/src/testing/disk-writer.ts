/** A program that writes one batch after another until it is killed, and says of each when it is durable. */

import { openDiskStore } from "../node/disk-store.ts";
import { batchNames, valueOfBatch } from "./batches.ts";

const opened = openDiskStore(process.argv[2] ?? "");
if (!opened.ok) throw new Error(opened.error.type);
for (let batch = 1; ; batch++) {
  await opened.value.write(batchNames.map((name) => ({ name, value: valueOfBatch(batch) })));
  process.stdout.write(`${batch}\n`);
}
