/** What somebody typed and did not save, on devices as they ship: kept over a lock, read by nobody else, gone in time. */

import { err } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { emergencyCall, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { formDraftLengthMax, formDraftsMax } from "../../packages/device/src/case/form-drafts.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";

const words = JSON.stringify({ text: "She called from her aunt's house.", lone: "\ud800" });

const kept = async (handset: Handset) =>
  must(await handset.device().formDrafts()).map(({ form, content }) => [form, content]);

describe("what is typed and not saved", () => {
  it("survives a lock and a restart, for each form what was kept last, and is gone once it is dismissed", async () => {
    const { shilan } = await makeCaseWorld("form drafts");
    const logId = await openNewCase(shilan);
    const [note, opening] = [
      { logId, form: "WriteNote" },
      { logId: undefined, form: "OpenCase" },
    ];
    must(await shilan.device().keepFormDraft(note, "{}"));
    must(await shilan.device().keepFormDraft(opening, "first"));
    must(await shilan.device().keepFormDraft(note, words));
    await shilan.device().lock();
    expect(await shilan.device().formDrafts()).toEqual(err({ type: "Locked" }));
    await shilan.restart();
    expect(await kept(shilan)).toEqual([
      ["WriteNote", words],
      ["OpenCase", "first"],
    ]);
    must(await shilan.device().dismissFormDraft(note));
    must(await shilan.device().dismissFormDraft(note));
    expect(await kept(shilan)).toEqual([["OpenCase", "first"]]);
    must(await shilan.device().dismissFormDraft(opening));
    expect(await kept(shilan)).toEqual([]);
    expect([...shilan.store().contents().keys()].filter((name) => name.includes("form"))).toEqual([]);
  });

  it("is not to be read in the store, nor which case or form it belongs to", async () => {
    const { shilan } = await makeCaseWorld("sealed form drafts");
    const logId = await openNewCase(shilan);
    must(await shilan.device().keepFormDraft({ logId, form: "DeclareContactUnsafe" }, words));
    const stored = [...shilan.store().contents()].map(
      ([name, value]) => `${name} ${Buffer.from(value).toString("latin1")}`,
    );
    expect(stored.filter((each) => each.startsWith("record/form-drafts "))).toHaveLength(1);
    for (const each of stored) {
      expect(each).not.toContain("aunt");
      expect(each).not.toContain("DeclareContactUnsafe");
    }
  });

  it("says so when there is no room, and keeps what was kept before", async () => {
    const { shilan } = await makeCaseWorld("no room for form drafts");
    const place = { logId: undefined, form: "OpenCase" };
    must(await shilan.device().keepFormDraft(place, "before"));
    shilan.fates.push("full");
    expect(await shilan.device().keepFormDraft(place, "after")).toEqual(err({ type: "StoreFull" }));
    expect(await kept(shilan)).toEqual([["OpenCase", "before"]]);
  });

  it("is refused, not dropped, when it is too much", async () => {
    const { shilan } = await makeCaseWorld("too many form drafts");
    const keep = (form: string, content: string) => shilan.device().keepFormDraft({ logId: undefined, form }, content);
    expect(await keep("OpenCase", "x".repeat(formDraftLengthMax + 1))).toEqual(err({ type: "FormDraftTooLong" }));
    for (let count = 0; count < formDraftsMax; count++) must(await keep(`form ${count}`, "x"));
    expect(await keep("OpenCase", "x")).toEqual(err({ type: "TooManyFormDrafts" }));
    must(await keep("form 0", "y"));
    expect(await kept(shilan)).toHaveLength(formDraftsMax);
  });

  it("about something that was sealed since is found by its new name, whoever still knows it by the old one", async () => {
    const { shilan } = await makeCaseWorld("renamed form drafts");
    const logId = await openNewCase(shilan);
    await syncAll(shilan);
    must(await shilan.device().tell(logId, recordFact("immediate-danger", "yes")));
    must(await shilan.device().tell(logId, emergencyCall()));
    const draft = must(await shilan.device().viewCase(logId)).unsent.at(-1)?.entry ?? "none";
    const formOf = (emergency: string): string => `RecordEmergencyFollowUp {"emergency":"${emergency}"}`;
    must(await shilan.device().keepFormDraft({ logId, form: formOf(draft) }, "before"));
    await syncAll(shilan);
    await shilan.restart();
    const { firstNames } = must(await shilan.device().viewCase(logId));
    const [sealed] = [...firstNames].flatMap(([now, first]) => (first === draft ? [now] : []));
    expect(await kept(shilan)).toEqual([[formOf(sealed ?? "none"), "before"]]);
    must(await shilan.device().keepFormDraft({ logId, form: formOf(draft) }, "after"));
    expect(await kept(shilan)).toEqual([[formOf(sealed ?? "none"), "after"]]);
    must(await shilan.device().dismissFormDraft({ logId, form: formOf(draft) }));
    expect(await kept(shilan)).toEqual([]);
  });

  it("of a shredded case goes with it, and of another case stays", async () => {
    const { shilan, nour, azad } = await makeCaseWorld("shredded form drafts");
    const [logId, other] = [await openNewCase(shilan), await openNewCase(shilan)];
    await syncAll(shilan, nour, azad);
    must(await shilan.device().keepFormDraft({ logId, form: "WriteNote" }, words));
    must(await shilan.device().keepFormDraft({ logId: other, form: "WriteNote" }, "stays"));
    expect(await kept(shilan)).toEqual([
      ["WriteNote", "stays"],
      ["WriteNote", words],
    ]);
    must(await nour.device().proposeShredding(logId));
    await syncAll(nour, azad, shilan);
    const [erasure] = must(await azad.device().peopleWhoCanRead(logId)).erasures;
    must(await azad.device().confirmErasure(logId, erasure?.proposal ?? ("" as never)));
    await syncAll(azad, nour, shilan);
    expect(await kept(shilan)).toEqual([["WriteNote", "stays"]]);
  });
});

describe("what somebody has chosen for themselves", () => {
  it("is there again after a lock, sealed, each choice for itself", async () => {
    const { shilan } = await makeCaseWorld("choices");
    expect(must(await shilan.device().choices())).toEqual({});
    must(await shilan.device().choose("digits", "eastern"));
    must(await shilan.device().choose("first-day", "done"));
    must(await shilan.device().choose("digits", "western"));
    await shilan.restart();
    expect(must(await shilan.device().choices())).toEqual({ digits: "western", "first-day": "done" });
    const stored = shilan.store().contents().get("record/choices");
    expect(Buffer.from(stored ?? []).includes("digits")).toBe(false);
  });
});
