/** The search finds what it looks for, or its silence would say nothing. */

import { assert } from "@amana/kernel";
import { describe, expect, test } from "vitest";
import { itemOf } from "../../packages/casefile/src/testing/people.ts";
import { mustOk } from "../device/handset.ts";
import { deviceOf } from "../device/office.ts";
import { isShownAsSetAside, type Standing } from "./check.ts";
import { plantedSentences, tracesIn } from "./planted.ts";
import { truthOf } from "./readers.ts";
import { makeWorld } from "./world.ts";

const around = (bytes: Buffer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([Buffer.from("7a"), bytes, Buffer.from("z")]));

describe("A planted sentence", () => {
  test("is found however it is written, in each of our languages", () => {
    for (const [sentence, text] of plantedSentences.entries()) {
      for (const encoding of ["utf8", "utf16le"] as const) {
        const bytes = Buffer.from(text, encoding);
        const forms = [
          bytes,
          Buffer.from(bytes.toString("hex")),
          ...["", "a", "ab"].map((before) =>
            Buffer.from(Buffer.concat([Buffer.from(before), bytes]).toString("base64")),
          ),
          Buffer.from(Buffer.concat([Buffer.from("a"), bytes, Buffer.from("more")]).toString("base64url")),
        ];
        for (const form of forms) expect(tracesIn([around(form)]).map((trace) => trace.sentence)).toContain(sentence);
      }
    }
  });

  test("is not found where it is not", () => {
    expect(tracesIn([around(Buffer.from("Her sister found the pictures on the blue phone"))])).toEqual([]);
  });
});

describe("What a device said is written down", () => {
  test("is excused only where its very entry is set aside, and by nothing else that is set aside in its case", async () => {
    const world = await makeWorld(1);
    const [logId] = world.cases;
    const rojin = world.office.members[2];
    const [handset] = rojin?.handsets ?? [];
    assert(logId !== undefined && rojin !== undefined && handset !== undefined, "An office has a case and people.");
    const device = deviceOf(rojin);
    const item = { type: "SetSafetyItem", who: "me", when: "at once", area: "other" } as const;
    await mustOk(device.unlock(rojin.password));
    await mustOk(device.tell(logId, { ...item, item: itemOf("one"), words: "kept [1]" }));
    await mustOk(device.tell(logId, { ...item, item: itemOf("two"), words: "lost [2]" }));
    await mustOk(device.sync());
    const view = await mustOk(device.viewCase(logId));
    const sealed = view.state.safetyPlan.wordsByItem.get("one")?.[0]?.mark;
    assert(sealed !== undefined, "What was told is there.");
    const marks = [{ entry: sealed.entry, kind: "quarantined" }] as const;
    const views = new Map([[logId, { ...view, unsent: [], marks }]]);
    const standings: readonly Standing[] = [{ member: rojin, handset, isPresent: true, views }];
    const truth = await truthOf(world);
    const isExcused = (mark: string) => isShownAsSetAside({ mark, logId, by: rojin, on: handset }, truth, standings);
    expect([await isExcused("[1]"), await isExcused("[2]")]).toEqual([true, false]);
  });
});
