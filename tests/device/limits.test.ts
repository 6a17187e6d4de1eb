/** What is refused by name: more than a device takes, what it cannot read, and a server that shows two lines. */

import { err, ok } from "@amana/kernel";
import { encodeEntry, parseEntry, type EntryHash, type LogId } from "@amana/log";
import { nextDigest } from "@amana/sync";
import { encodeWrap, makeCaseKey, wrap, type Team } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { makeEpoch, recipientsMax } from "../../packages/device/src/access/begin-epoch.ts";
import { renewIfWaiting } from "../../packages/device/src/access/pending.ts";
import { pendingChangesMax, writePending } from "../../packages/device/src/access/pending-record.ts";
import type { Reader } from "../../packages/device/src/access/readers.ts";
import { draftsPerCaseMax } from "../../packages/device/src/case/tell.ts";
import { draftsOf } from "../../packages/device/src/case/draft.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { caseReading, organisationReading } from "../../packages/device/src/logs/read.ts";
import { makeHostileServer } from "../hostile/hostile-server.ts";
import { serveWraps } from "../hostile/misdeeds.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";

/** Everything that a device holds of a case, for whoever makes a control entry of it. */
const standingIn = async ({ unlocked }: Handset, logId: LogId) => {
  const [log, organisation, reading] = [
    await holdLog(unlocked(), logId),
    await organisationReading(unlocked()),
    await caseReading(unlocked(), logId),
  ];
  if (log === undefined || organisation === undefined || reading === undefined) throw new Error("It is not held.");
  return { log, organisation, reading, heads: reading.review.heads };
};

const ownPerson = async ({ device }: Handset) => must(await device().ownPerson()) ?? ("" as never);

describe("more than a device takes", () => {
  it("is a thousand changes of access that wait: the next is refused, and no case is opened", async () => {
    const { shilan, nour, handset } = await makeCaseWorld("too many waiting");
    const rojin = handset("rojin");
    await invite(nour, rojin);
    await syncAll(rojin, shilan);
    const logId = await openNewCase(shilan);
    must(await shilan.device().giveAccess(logId, { kind: "person", person: await ownPerson(rojin) }));
    await syncAll(shilan, nour);
    must(await nour.device().personLeft(await ownPerson(rojin)));
    must(await shilan.device().sync());
    const unlocked = shilan.unlocked();
    const waiting = Array.from({ length: pendingChangesMax }, (_, at) => ({
      number: at + 1,
      logId,
      change: { kind: "adopt", entries: [] } as const,
      refusedAs: "NotAllowed",
    }));
    await unlocked.ports.store.write(await writePending(unlocked, waiting));
    expect(await shilan.device().renewAccess(logId)).toEqual(err({ type: "TooManyWaiting" }));
    const another = { ...openCase, code: codeOf("KRI-2026-9001") };
    expect(await shilan.device().openCase(another)).toEqual(err({ type: "TooManyWaiting" }));
    expect(await renewIfWaiting(unlocked, logId)).toEqual(err({ type: "TooManyWaiting" }));
    must(await shilan.device().dropPendingChange(1));
    expect((await shilan.device().renewAccess(logId)).ok).toBe(true);
    expect(must(await shilan.device().pendingChanges())).toHaveLength(pendingChangesMax);
  });

  it("is five hundred drafts of one case: the next waits for a sync", async () => {
    const { shilan } = await makeCaseWorld("too many drafts");
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, recordFact("age", "adult")));
    const unlocked = shilan.unlocked();
    const drafts = await draftsOf(unlocked, logId);
    const [, draft] = drafts;
    if (draft === undefined) throw new Error("There are two drafts.");
    const many = Array.from({ length: draftsPerCaseMax - 1 }, (_, at) => ({
      ...draft,
      number: at + 2,
      name: String(at).padStart(64, "0") as EntryHash,
    }));
    unlocked.desk.drafts = new Map([[logId, [...drafts.slice(0, 1), ...many]]]);
    expect(await shilan.device().tell(logId, recordFact("one-more", "yes"))).toEqual(err({ type: "TooManyDrafts" }));
    unlocked.desk.drafts = new Map([[logId, drafts]]);
    must(await shilan.device().tell(logId, recordFact("one-more", "yes")));
  });

  it("is a hundred readers of one case", async () => {
    const { shilan, nour } = await makeCaseWorld("too many readers");
    const logId = await openNewCase(shilan);
    must(await nour.device().formTeam(must(await nour.device().newTeamId()), [await ownPerson(nour)]));
    await syncAll(shilan, nour);
    const standing = await standingIn(shilan, logId);
    const { current } = standing.organisation;
    const [team] = current.teams.values();
    if (team === undefined) throw new Error("The team was formed.");
    const teams = Array.from({ length: recipientsMax }, (_, at): Team => {
      const hex = at.toString(16).padStart(32, "0");
      return { ...team, id: hex as never, receivingKey: { ...team.receivingKey, keyId: hex as never } };
    });
    const organisation = {
      ...standing.organisation,
      current: { ...current, teams: new Map(teams.map((each) => [each.id, each])) },
    };
    const readers = [
      { kind: "person", person: await ownPerson(shilan) } as const,
      ...teams.map(({ id }): Reader => ({ kind: "team", team: id })),
    ];
    const made = makeEpoch(shilan.unlocked(), { ...standing, organisation }, { readers, reason: "give" });
    expect(await made).toEqual(err({ type: "TooManyReaders" }));
  });
});

describe("an epoch", () => {
  it("is begun by nobody who could not open the case themselves", async () => {
    const { shilan, nour, azad } = await makeCaseWorld("no opener");
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    must(await nour.device().takeRole(await ownPerson(shilan), "caseworker"));
    await syncAll(nour, shilan);
    must(await shilan.device().takeAccess(logId, { kind: "person", person: await ownPerson(azad) }));
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "NotAnOpener" }]);
  });

  it("is for a case: the organisation's own log has none", async () => {
    const { nour } = await makeCaseWorld("no case");
    const logId = nour.unlocked().organisation()?.logId ?? ("" as never);
    must(await nour.device().renewAccess(logId));
    must(await nour.device().sync());
    expect(must(await nour.device().pendingChanges())).toMatchObject([{ refusedAs: "CaseUnknown" }]);
  });

  it("is renewed once for a case whose readers have changed, also where somebody had asked for it before", async () => {
    const { shilan, nour, azad } = await makeCaseWorld("renewed once");
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    must(await nour.device().giveRole(await ownPerson(shilan), "administrator"));
    must(await nour.device().takeRole(await ownPerson(azad), "caseworker"));
    const team = must(await nour.device().newTeamId());
    must(await nour.device().formTeam(team, [await ownPerson(nour)]));
    must(await shilan.device().giveAccess(logId, { kind: "team", team }));
    must(await shilan.device().sync());
    const unlocked = shilan.unlocked();
    must(await shilan.device().renewAccess(logId));
    expect(await renewIfWaiting(unlocked, logId)).toEqual(ok(undefined));
    must(await nour.device().replaceTeamKey(team, [await ownPerson(nour), await ownPerson(azad)]));
    for (const { entry } of must(await azad.device().proposals())) await azad.device().confirmProposal(entry);
    await syncAll(nour, azad, shilan);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
  });
});

describe("an act", () => {
  it("names only people of the organisation as supervisors of a team", async () => {
    const { nour } = await makeCaseWorld("stranger supervises");
    const team = must(await nour.device().newTeamId());
    expect(await nour.device().formTeam(team, ["00".repeat(16) as never])).toEqual(err({ type: "NotAllowed" }));
  });

  it("waits where part of the organisation's log cannot be read: update first", async () => {
    const { nour, shilan, server } = await makeCaseWorld("unreadable act");
    const logId = nour.unlocked().organisation()?.logId ?? ("" as never);
    const log = server.state.logs.get(logId);
    const known = log?.entries[0];
    if (log === undefined || known === undefined) throw new Error("The organisation's log is there.");
    // An entry of a version of the future: everything of it is unknown but its name.
    const parsed = must(parseEntry(known.bytes));
    if (parsed.kind !== "entry") throw new Error("The first entry is of today.");
    const headerBytes = parsed.entry.headerBytes.slice();
    headerBytes[1] = 2;
    const bytes = encodeEntry({ ...parsed.entry, headerBytes });
    const { hash } = must(parseEntry(bytes)).entry;
    log.entries.push({ hash, header: known.header, bytes });
    log.digests.push(nextDigest(log.digests.at(-1) ?? new Uint8Array(32), hash));
    must(await nour.device().sync());
    expect(await nour.device().setPolicy({ "retention-years": 7 })).toEqual(err({ type: "UpdateFirst" }));
    const logOfNobody = "ab".repeat(16) as never;
    must(await shilan.device().renewAccess(logOfNobody));
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "UpdateFirst" }]);
    expect(must(await shilan.device().listCases())).toEqual([]);
  });
});

describe("a server", () => {
  it("that hands out what is no wrap, or wraps of another key, gives no key by them", async () => {
    const world = await makeCaseWorld("strange wraps");
    const hostile = makeHostileServer(world.server);
    const rojin = world.handset("rojin", hostile);
    await invite(world.nour, rojin);
    must(await rojin.device().sync());
    const logId = await openNewCase(world.shilan);
    must(await world.shilan.device().sync());
    const reader = { kind: "person", person: await ownPerson(rojin) } as const;
    must(await world.shilan.device().sync());
    must(await world.nour.device().sync());
    must(await world.shilan.device().sync());
    must(await world.shilan.device().giveAccess(logId, reader));
    must(await world.shilan.device().sync());
    const { randomness } = rojin.unlocked().ports;
    const recipient = rojin.unlocked().own.receivingKey;
    const author = world.nour.unlocked().own.identityKey;
    const other = await wrap(
      { purpose: "key-wrap", logId, key: makeCaseKey(randomness), recipient, author },
      randomness,
    );
    hostile.order({ lies: serveWraps([new Uint8Array(7), encodeWrap(other)], true) });
    must(await rojin.device().sync());
    expect(must(await rojin.device().viewCase(logId))).toMatchObject({ isBehind: true });
    hostile.order({});
    must(await rojin.device().sync());
    expect(must(await rojin.device().viewCase(logId))).toMatchObject({ isBehind: false });
  });

  it("that lists every log is asked for none of those that stand as foreseen", async () => {
    const world = await makeCaseWorld("lists all");
    const hostile = makeHostileServer(world.server);
    const rojin = world.handset("rojin", hostile);
    await invite(world.nour, rojin);
    must(await rojin.device().sync());
    const logId = await openNewCase(rojin);
    must(await rojin.device().sync());
    const pulled: LogId[] = [];
    hostile.order({
      lies: {
        compare: async () =>
          Promise.resolve(
            ok({
              logs: [...world.server.state.logs.values()]
                .sort((one, other) => (one.logId < other.logId ? -1 : 1))
                .map(({ logId: each, kind, entries, digests }) => ({
                  logId: each,
                  kind,
                  end: entries.length,
                  digest: digests.at(-1) ?? new Uint8Array(32),
                })),
              nextBucket: undefined,
            }),
          ),
        pull: async ({ request }) => {
          pulled.push(...request.wants.map(({ logId: each }) => each));
          return Promise.resolve(ok({ logs: [], wraps: [] }));
        },
      },
    });
    must(await rojin.device().sync());
    expect(pulled).toEqual([]);
    expect(must(await rojin.device().viewCase(logId)).unsent).toEqual([]);
  });
});
