/** An organisation's pack over the national one: what it may change, and what is refused before any proof. */

import { assert } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { compilePack } from "../compile/pack.ts";
import { provePack } from "../proof/prove.ts";
import { nationalSource } from "../testing/national.ts";
import { actionsToRead } from "./overlay.ts";
import type { PackProblem } from "./problem.ts";
import { parsePack } from "./read.ts";
import type { PackSource } from "./source.ts";

const below = nationalSource();

const own = "property,value\nid,our-organisation\nversion,1.0.0\nformat,1\nname,Ours\nextends,iraq-online-violence\n";

const overlay = (files: Readonly<Record<string, string>>) =>
  parsePack("ours", new Map(Object.entries({ "pack.csv": own, ...files })), { below });

const laid = (files: Readonly<Record<string, string>>): PackSource => {
  const source = overlay(files);
  assert(source.ok, "the test's overlay is refused");
  return source.value;
};

const problems = (files: Readonly<Record<string, string>>): readonly PackProblem[] => {
  const source = overlay(files);
  return source.ok ? [] : source.error;
};

const refuted = (source: PackSource): readonly string[] =>
  provePack(compilePack(source), { isExact: false })
    .filter((result) => result.state === "refuted")
    .map((result) => result.id);

const actions = "id,area,actor,handles,gate,act,source\n";

describe("an overlay", () => {
  it("changes what it names and leaves everything else, in its place", () => {
    const source = laid({
      "contacts.csv":
        "id,region,governorates,emergency-in,numbers,purpose-from,verified-on,source\nA-dcvaw,kri,,,119 office=+9647500000000,ours,2026-01-31,A-dcvaw\n",
    });
    expect(source.tables.contacts.map((row) => row.id)).toEqual(below.tables.contacts.map((row) => row.id));
    expect(source.tables.contacts.find((row) => row.id === "A-dcvaw")?.numbers).toEqual([
      { label: "", number: "119" },
      { label: "office", number: "+9647500000000" },
    ]);
  });

  it("adds its own steps after the others, and is proved like any pack", () => {
    const source = laid({
      "actions.csv": `${actions}call-our-helpline,case,responder,none,,none,G-FRAME-1\n`,
      "action-rules.csv": "id,action,urgency,when,source\nR-our-helpline,call-our-helpline,follows,always,G-FRAME-1\n",
    });
    expect(source.tables.actions.at(-1)?.id).toBe("call-our-helpline");
    expect(refuted(source)).toEqual([]);
    expect(actionsToRead(source)).toEqual(["call-our-helpline"]);
  });

  it("may withdraw a row, and is told when the row is not there", () => {
    const withdraw = (id: string) => ({ "contact-rules.csv": `id,contact,weight,when,source\n-${id},,,,\n` });
    expect(laid(withdraw("R-call-at-home")).tables["contact-rules"].some((row) => row.id === "R-call-at-home")).toBe(
      false,
    );
    expect(problems(withdraw("R-call-nobody"))).toMatchObject([
      { type: "WithdrawnUnknown", value: "-R-call-nobody", line: 2 },
    ]);
  });

  it("may withdraw one step of a tool", () => {
    const source = laid({ "tool-steps.csv": "tool,step,actor,handles,gate,when,source\n-P-x,4,,,,,\n" });
    expect(source.tables["tool-steps"].filter((row) => row.tool === "P-x").map((row) => row.step)).not.toContain(4);
  });

  it("that shortens a deadline is proved", () => {
    expect(refuted(laid({ "levels.csv": "id,hours,source\nhigh,12,G-SAFE-5\n" }))).toEqual([]);
  });

  it("that weakens a gate is refuted", () => {
    const weak = laid({ "gate-rules.csv": "id,gate,requires,source\n-R-removal-agreed,,,\n" });
    expect(refuted(weak)).toEqual(expect.arrayContaining(["S-2", "S-4", "gates", "agreed"]));
  });

  it("that weakens a definition is refuted, for the properties rest on no definition", () => {
    const weak = laid({ "definitions.csv": "id,when,source\npossibly-csam,never,G-EVID-5\n" });
    expect(refuted(weak)).toEqual(expect.arrayContaining(["S-3", "possibly-csam"]));
  });

  it("that reads a missing consent as given is refuted", () => {
    const weak = laid({
      "contradictions.csv": "id,when,fact,treat-as,source\nX-ours,wants-removal is yes,consent-removal,yes,G-CONS-1\n",
    });
    expect(refuted(weak)).toEqual(expect.arrayContaining(["S-4", "agreed"]));
  });

  it.each([
    ["another act", "request-removal,digital,survivor,fingerprint,content-removal,none,G-DIG-3", "act"],
    ["another actor", "request-removal,digital,provider,fingerprint,content-removal,removal,G-DIG-3", "actor"],
    ["another gate", "request-removal,digital,survivor,fingerprint,platform-report,removal,G-DIG-3", "gate"],
    ["no gate", "request-removal,digital,survivor,fingerprint,,removal,G-DIG-3", "gate"],
    [
      "another way to handle material",
      "request-removal,digital,survivor,upload,content-removal,removal,G-DIG-3",
      "handles",
    ],
  ])("may not give an action of the pack below %s", (_what, row, column) => {
    expect(problems({ "actions.csv": `${actions}${row}\n` })).toMatchObject([
      { type: "OverlayWeakens", file: "ours/actions.csv", line: 2, column },
    ]);
  });

  it("may not add an act behind no gate", () => {
    const source = laid({
      "actions.csv": `${actions}report-for-her,digital,responder,none,,platform-report,G-DIG-3\n`,
      "action-rules.csv": "id,action,urgency,when,source\nR-report-for-her,report-for-her,follows,always,G-DIG-3\n",
    });
    expect(refuted(source)).toEqual(expect.arrayContaining(["S-4", "S-10", "bindings"]));
  });

  it("may not take a value from a fact that case files hold", () => {
    const changed = {
      "facts.csv": "id,group,kind,values,risk-order,ask-when,source\nasking,start,one,self friend,,,G-FRAME-3\n",
    };
    expect(problems(changed)).toMatchObject([{ type: "OverlayWeakens", column: "values" }]);
  });

  it("is refused without the pack below it, and over another", () => {
    const alone = parsePack("ours", new Map([["pack.csv", own]]));
    expect(alone.ok).toBe(false);
    const other = problems({ "pack.csv": own.replace("extends,iraq", "extends,elsewhere") });
    expect(other).toMatchObject([{ type: "OverlayOfAnotherPack", allowed: ["iraq-online-violence"] }]);
  });
});
