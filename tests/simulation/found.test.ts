/** What simulations have found and was mended, each as the short story that it comes down to. */

import { assert, err } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import { mustOk } from "../device/handset.ts";
import { copyOffice, deviceOf, openCaseOf, openOffice, type Member, type Office } from "../device/office.ts";
import { makeHostileServer, type HostileServer } from "../hostile/hostile-server.ts";
import { acknowledgeWithoutStoring, only, replaceAt, swapParts, withoutBody } from "../hostile/misdeeds.ts";
import { digestOfState } from "./check.ts";
import { seededRandomness } from "./chooser.ts";

type Beginning = { readonly office: Office; readonly logId: LogId };

/** Founded once; every story begins with a copy. */
let commonBeginning: Promise<Beginning> | undefined;

const makeBeginning = async (): Promise<Beginning> => {
  const office = await openOffice({ randomnessFor: (name) => seededRandomness(`found ${name}`) });
  return { office, logId: await openCaseOf(office, office.rojin, [office.rojin, office.nour, office.azad]) };
};

let office: Office;
let hostile: HostileServer;
let logId: LogId;
let nour: Member;
let rojin: Member;

beforeEach(async () => {
  const beginning = await (commonBeginning ??= makeBeginning());
  const hostileServers: HostileServer[] = [];
  office = copyOffice(beginning.office, {
    randomnessFor: (name) => seededRandomness(`story ${name}`),
    putInFront: (server) => {
      const made = makeHostileServer(server);
      hostileServers.push(made);
      return made;
    },
  });
  ({ logId } = beginning);
  const [first, , third] = office.members;
  const [made] = hostileServers;
  assert(first !== undefined && third !== undefined && made !== undefined, "The office has its people.");
  [nour, rojin, hostile] = [first, third, made];
  for (const member of office.members) await mustOk(deviceOf(member).unlock(member.password));
});

const reopen = async (member: Member): Promise<void> => {
  await deviceOf(member).lock();
  await mustOk(deviceOf(member).unlock(member.password));
};

const raise = { type: "RaiseRisk", level: "high", because: "He knows where she lives." } as const;

describe("a device", () => {
  it("sends again what the server has twice said to have stored, and has not", async () => {
    await mustOk(deviceOf(rojin).tell(logId, raise));
    hostile.order({ lies: acknowledgeWithoutStoring });
    for (let times = 0; times < 4; times++) await deviceOf(rojin).sync();
    expect((await mustOk(deviceOf(rojin).syncState())).unsent).toBe(0);
    hostile.order({});
    await mustOk(deviceOf(rojin).sync());
    await mustOk(deviceOf(nour).sync());
    expect((await mustOk(deviceOf(nour).viewCase(logId))).state.risk.said).toHaveLength(1);
  });

  it("still knows that the server lacks it when the line breaks while it is sent again", async () => {
    await mustOk(deviceOf(rojin).tell(logId, raise));
    hostile.order({ lies: acknowledgeWithoutStoring });
    await deviceOf(rojin).sync();
    hostile.order({ lies: { push: () => Promise.resolve(err({ type: "Unreachable" })) } });
    await deviceOf(rojin).sync();
    hostile.order({});
    await mustOk(deviceOf(rojin).sync());
    await mustOk(deviceOf(nour).sync());
    expect((await mustOk(deviceOf(nour).viewCase(logId))).state.risk.said).toHaveLength(1);
  });

  it("takes the body of an entry of the organisation that was once left out, when it comes", async () => {
    await mustOk(deviceOf(nour).giveRole(rojin.id, "administrator"));
    const organisation = office.organisation();
    const last = (office.server.state.logs.get(organisation)?.entries.length ?? 0) - 1;
    hostile.order({ view: only(organisation, replaceAt(last, withoutBody)) });
    await deviceOf(rojin).sync();
    expect((await mustOk(deviceOf(rojin).viewCase(logId))).isBehind).toBe(true);
    hostile.order({});
    await reopen(rojin);
    await mustOk(deviceOf(rojin).sync());
    expect((await mustOk(deviceOf(rojin).viewCase(logId))).isBehind).toBe(false);
  });

  it("opens a case that came before its organisation could be read, once it can", async () => {
    await mustOk(deviceOf(rojin).tell(logId, raise));
    await mustOk(deviceOf(rojin).sync());
    const tablet = office.newHandset(rojin).device();
    hostile.order({ view: only(office.organisation(), swapParts(0, 1, "header")) });
    await mustOk(tablet.enrolWithKit({ digits: rojin.kit, password: rojin.password, language: "ckb" }));
    await tablet.sync();
    hostile.order({});
    await mustOk(tablet.sync());
    await tablet.lock();
    await mustOk(tablet.unlock(rojin.password));
    await mustOk(tablet.sync());
    const { state } = await mustOk(tablet.viewCase(logId));
    expect(digestOfState(state)).toBe(digestOfState((await mustOk(deviceOf(rojin).viewCase(logId))).state));
  });

  it("does not let people take themselves out of a case: they would have made the key of what follows", async () => {
    await mustOk(deviceOf(rojin).takeAccess(logId, { kind: "person", person: rojin.id }));
    await mustOk(deviceOf(rojin).sync());
    const [pending] = await mustOk(deviceOf(rojin).pendingChanges());
    expect(pending?.refusedAs).toBe("NotAnOpener");
    expect((await mustOk(deviceOf(nour).viewCase(logId))).openers).toContain(rojin.id);
  });
});
