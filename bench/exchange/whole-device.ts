/**
 * Ours as it ships, from the draft to the case file: devices that decide, seal late and send, or fetch, verify, open, fold and
 * write the index. It is more than any peer does, so it stands beside none.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { Device } from "@amana/device";
import type { LogId } from "@amana/log";
import { consent, openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, itemOf } from "../../packages/casefile/src/testing/people.ts";
import {
  absent,
  accept,
  durability,
  enrol,
  found,
  must,
  newDevice,
  noteBytes,
  startServer,
  type OpenedDevice,
} from "./amana.ts";
import type { ExchangePeer } from "./peer.ts";

type OurTicket = { readonly kit: string; readonly logIds: readonly LogId[] };

const triesMax = 60;

export const wholeDevice: ExchangePeer = {
  name: "Amana, the whole device",
  isEncrypting: true,
  textBytes: noteBytes,
  // A fresh device fetches its whole caseload, whatever is looked at first.
  coldOpens: 1,
  bundled: { file: "whole-device.ts", name: "wholeDevice" },
  durability,
  startServer,
  write: async (logs, port, folder) => {
    const opened = newDevice(port, folder);
    const nour = opened.device;
    const kit = await found(opened);
    await synchronise(nour);
    await bringInSecondSupervisor(nour, newDevice(port, `${folder}-of-azad`));
    const logIds = await openCases(nour, logs.length);
    await synchronise(nour);
    for (const [number, entries] of logs.entries()) {
      for (const [place, entry] of entries.entries()) {
        const note = {
          note: itemOf(`note-${place}`),
          about: "case",
          text: Buffer.from(entry).toString("latin1"),
        } as const;
        await must(nour.tell(logIds[number] ?? absent(), { type: "WriteNote", ...note }));
      }
    }
    return { ticket: { kit, logIds } satisfies OurTicket, upload: () => synchronise(nour) };
  },
  download: async (ticket, numbers, port, folder) => {
    // Made by `write` above.
    const { kit, logIds } = ticket as OurTicket;
    const opened = newDevice(port, folder);
    const fresh = opened.device;
    await enrol(opened, kit);
    await synchronise(fresh);
    const logs: Uint8Array[][] = [];
    for (const number of numbers) {
      const { state } = await must(fresh.viewCase(logIds[number] ?? absent()));
      const notes = [...state.notes.saidById.values()].flatMap((register) => register.map(({ value }) => value));
      logs.push(notes.map((note) => new Uint8Array(Buffer.from(note.text, "latin1"))));
    }
    return logs;
  },
};

/** Until nothing waits here. A server that is asked too often says so, and is asked again a little later. */
const synchronise = async (device: Device): Promise<void> => {
  for (let tries = 0; tries < triesMax; tries++) {
    const synced = await device.sync();
    if (synced.ok && synced.value.unsent === 0) return;
    if (!synced.ok) await wait(1000);
  }
  throw new Error("The device did not come into step with the server.");
};

/** No case has a single opener. */
const bringInSecondSupervisor = async (nour: Device, newcomer: OpenedDevice): Promise<void> => {
  const { id, invitation } = await must(nour.openInvitation({ kind: "join", role: "caseworker" }, 60));
  const azad = newcomer.device;
  await accept(newcomer, invitation);
  const answer = (await must(nour.readAnswers())).find((each) => each.id === id);
  if (answer?.outcome.kind !== "to-compare") throw new Error("The invitation was not answered.");
  await must(nour.confirmAnswer(id, answer.answer));
  await synchronise(azad);
  const person = await must(azad.ownPerson());
  if (person === undefined) throw new Error("The newcomer is nobody.");
  await must(nour.giveRole(person, "supervisor"));
  await synchronise(nour);
};

const openCases = async (nour: Device, count: number): Promise<readonly LogId[]> => {
  const own = await must(nour.ownPerson());
  const people = [...((await must(nour.organisation()))?.people.keys() ?? [])];
  const readers = people.map((person) => ({ kind: "person", person }) as const);
  if (own === undefined || readers.length < 2) throw new Error("Two people must open a case.");
  const logIds: LogId[] = [];
  for (let number = 0; number < count; number++) {
    const { logId } = await must(
      nour.openCase({ ...openCase, code: codeOf(`KRI-2026-${String(number).padStart(4, "0")}`) }, readers),
    );
    await must(nour.tell(logId, recordFact("age", "adult")));
    await must(nour.tell(logId, consent("store-file", "own-organisation")));
    logIds.push(logId);
  }
  return logIds;
};
