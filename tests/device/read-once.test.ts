/** What everything asks for is looked through once: the organisation's log, again only after it has changed. */

import { expect, test } from "vitest";
import { holdOrganisation } from "../../packages/device/src/logs/held-log.ts";
import { organisationReading } from "../../packages/device/src/logs/read.ts";
import { makeCaseWorld, must, type Handset } from "./case-world.ts";

const readIn = (handset: Handset) => {
  const unlocked = handset.unlocked();
  return unlocked.inTurn(() => organisationReading(unlocked));
};

/** From now on it is counted how often the log's entries are looked at. */
const countLooks = async (handset: Handset): Promise<() => number> => {
  const unlocked = handset.unlocked();
  const log = await unlocked.inTurn(() => holdOrganisation(unlocked));
  if (log === undefined) throw new Error("The test's own organisation is not held.");
  let looks = 0;
  unlocked.held.set(log.logId, {
    ...log,
    get entries() {
      looks += 1;
      return log.entries;
    },
  });
  return () => looks;
};

test("an organisation's log is looked through once for as long as nothing is added to it", async () => {
  const { shilan } = await makeCaseWorld("read once");
  const looks = await countLooks(shilan);
  const reading = await readIn(shilan);
  const first = looks();
  expect(first).toBeGreaterThan(0);
  for (let count = 0; count < 3; count++) expect(await readIn(shilan)).toBe(reading);
  must(await shilan.device().findCases({ names: ["Hala"], phones: [], ids: [] }));
  expect(looks()).toBe(first);
});

test("what a colleague adds to it is read at once", async () => {
  const { shilan, nour } = await makeCaseWorld("read again");
  const before = await readIn(shilan);
  const person = must(await nour.device().ownPerson());
  if (person === undefined) throw new Error("The test's own colleague is not known.");
  must(await nour.device().namePerson(person, "Nour"));
  must(await nour.device().sync());
  must(await shilan.device().sync());
  const after = await readIn(shilan);
  expect(after).not.toBe(before);
  expect([before?.current.namesById.get(person), after?.current.namesById.get(person)]).toEqual([undefined, "Nour"]);
});
