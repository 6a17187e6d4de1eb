/** What comes back with the sheets of a recovery key, and what does not: false keys, rubbish, shredded cases, an old key. */

import { assert, err } from "@amana/kernel";
import { parseWrap, encodeWrap } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { clientOf, falseWrap } from "../hostile/client-of.ts";
import { makeHostileWorld, sightOf } from "../hostile/hostile-world.ts";
import { confirmAll } from "./access-world.ts";
import { must, openNewCase, syncAll } from "./case-world.ts";

/** A case that is wrapped to the recovery key as well, whose sheets Nour holds. */
const withRecoveryKey = async (seed: string) => {
  const world = await makeHostileWorld(seed);
  const { nour, azad, shilan, server } = world;
  const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
  must(await nour.device().proposeRecoveryKey(recoveryKey));
  await confirmAll(azad);
  await syncAll(nour, shilan);
  const opened = await openNewCase(shilan);
  await syncAll(shilan, nour, azad);
  const log = server.state.logs.get(opened);
  assert(log !== undefined, "The case has begun.");
  const chooseNone = async (): Promise<void> => {
    must(await nour.device().proposeRecoveryKey(undefined));
    await confirmAll(azad);
    must(await nour.device().sync());
  };
  return { ...world, recoveryKey, sheets: sheets.slice(1), opened, log, chooseNone };
};

describe("opening cases again with sheets", () => {
  it("names whoever sent the recovery key something else than the key it says, and passes over rubbish", async () => {
    const world = await withRecoveryKey("false key");
    const { nour, azad, pass, recoveryKey, sheets, opened, log } = world;
    const client = await clientOf(world, "false key client", azad);
    const { receivingKey } = recoveryKey;
    const genuine = log.wraps.find(({ recipient }) => recipient === receivingKey.keyId);
    const parsed = parseWrap(genuine?.bytes ?? new Uint8Array());
    assert(parsed.ok, "The case is wrapped to the recovery key.");
    const made = await falseWrap(client, opened, parsed.value.keyCommitment, receivingKey);
    for (const bytes of [encodeWrap(made), Uint8Array.of(1, 2, 3)])
      log.wraps.push({ bytes, recipient: receivingKey.keyId });
    must(await nour.device().requestRecovery());
    pass(24 * 60 + 1);
    const recovered = must(await nour.device().recoverWithSheets(sheets));
    expect(recovered.cases).toContain(opened);
    expect(recovered.falseKeysFrom).toEqual([client.own.identityKey.keyId]);
  });

  it("is over once the organisation has chosen to have none", async () => {
    const { nour, pass, sheets, chooseNone } = await withRecoveryKey("chosen none");
    must(await nour.device().requestRecovery());
    pass(24 * 60 + 1);
    await chooseNone();
    expect(await nour.device().recoverWithSheets(sheets)).toEqual(err({ type: "NoRecoveryKey" }));
  });

  it("brings back no case that two people have shredded, whatever the server still hands out", async () => {
    const { nour, azad, pass, sheets, opened, log } = await withRecoveryKey("shredded");
    must(await azad.device().proposeShredding(opened));
    await syncAll(azad, nour);
    const [erasure] = must(await nour.device().peopleWhoCanRead(opened)).erasures;
    assert(erasure !== undefined, "The shredding is proposed.");
    const wraps = [...log.wraps];
    must(await nour.device().confirmErasure(opened, erasure.proposal));
    await syncAll(nour, azad);
    // A server that was seized, or put back, still has what it should have destroyed.
    log.wraps = wraps;
    must(await nour.device().requestRecovery());
    pass(24 * 60 + 1);
    const recovered = must(await nour.device().recoverWithSheets(sheets));
    expect(recovered.cases).not.toContain(opened);
    expect(must(await nour.device().viewCase(opened)).isShredded).toBe(true);
    expect((await sightOf(nour, opened)).facts).toEqual([]);
  });

  it("is ended with the next sync that the server can, and is not asked for once it is not this person's", async () => {
    const { nour, hostile, pass, sheets, chooseNone } = await withRecoveryKey("ended later");
    must(await nour.device().requestRecovery());
    pass(24 * 60 + 1);
    must(await nour.device().recoverWithSheets(sheets));
    must(await nour.device().sync());
    let asked = 0;
    const refuse = (code: "NotNow" | "NotForYou") => ({
      "forbid-recovery": () => {
        asked++;
        return Promise.resolve(err({ type: "Refused", code, afterSeconds: undefined } as const));
      },
    });
    hostile.order({ lies: refuse("NotNow") });
    await chooseNone();
    must(await nour.device().sync());
    const before = asked;
    expect(before).toBeGreaterThan(1);
    hostile.order({ lies: refuse("NotForYou") });
    must(await nour.device().sync());
    must(await nour.device().sync());
    expect(asked).toBe(before + 1);
  });
});

describe("answers to an invitation", () => {
  it("that are to another device's, or no answers at all, are not shown as somebody to compare words with", async () => {
    const { nour, hostile, handset } = await makeHostileWorld("no answers");
    const newcomer = handset("newcomer", hostile).device();
    const { invitation } = must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
    const password = "the river runs past four white houses";
    expect(
      await newcomer.acceptInvitation({ invitation: Uint8Array.of(1, 2), password, language: "ckb" }),
    ).toMatchObject({ ok: false });
    expect(await newcomer.phase()).toBe("new");
    must(await newcomer.acceptInvitation({ invitation, password, language: "ckb" }));
    const stranger = new Uint8Array(16).fill(7);
    hostile.order({
      lies: {
        "read-answers": async ({ pass }) => {
          const answer = await pass();
          if (!answer.ok) return answer;
          const given = answer.value.answers.at(-1);
          assert(given !== undefined, "The newcomer has answered.");
          const none = { ...given, answer: Uint8Array.of(1, 2, 3) };
          return { ok: true, value: { answers: [{ ...given, invitation: stranger }, none] } };
        },
      },
    });
    const shown = must(await nour.device().readAnswers());
    expect(shown.map(({ outcome }) => outcome.kind)).toEqual(["refused"]);
    hostile.order({});
    expect(must(await nour.device().readAnswers()).map(({ outcome }) => outcome.kind)).toEqual(["to-compare"]);
  });
});
