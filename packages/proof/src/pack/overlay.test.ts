/** An organisation's pack over the national one: what it may change, and what is refused before any proof. */

import { describe, expect, it } from "vitest";
import { compilePack } from "../compile/pack.ts";
import { provePack } from "../proof/prove.ts";
import { nationalFiles, nationalSource } from "../testing/national.ts";
import { laid, overlayProblems, ownPack } from "../testing/overlay.ts";
import { actionsToRead } from "./overlay.ts";
import { parsePack } from "./read.ts";
import { tableSchemas } from "./tables.ts";
import type { PackSource } from "./source.ts";

const below = nationalSource();

const refuted = (source: PackSource): readonly string[] =>
  provePack(compilePack(source), { isExact: false })
    .filter((result) => result.state === "refuted")
    .map((result) => result.id);

const actions = "id,area,actor,handles,gate,act,source\n";

describe("an overlay", () => {
  it("changes what it names and leaves everything else, in its place", () => {
    const source = laid({ "levels.csv": "id,hours,source\nmedium,24,G-SAFE-5\n" });
    expect(source.tables.levels.map((row) => [row.id, row.hours])).toEqual([
      ["high", 24],
      ["medium", 24],
      ["normal", null],
    ]);
    expect(source.tables.contacts).toEqual(below.tables.contacts);
  });

  it("adds its own steps after the others, and is proved like any pack (G-FRAME-1)", () => {
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
    expect(overlayProblems(withdraw("R-call-nobody"))).toMatchObject([
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
    expect(overlayProblems({ "actions.csv": `${actions}${row}\n` })).toMatchObject([
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
    expect(overlayProblems(changed)).toMatchObject([{ type: "OverlayWeakens", column: "values" }]);
  });

  it.each([
    ["contacts", "A-dcvaw"],
    ["tools", "T-insm"],
    ["governorates", "IQ-AR"],
    ["facts", "trusted-ally"],
    ["contradictions", "X-child-pictured-as-adult"],
    ["levels", "high"],
    ["gates", "law-report"],
    ["actions", "follow-up"],
    ["limit-rules", "R-limit-adapt-men"],
    ["harms", "doxing"],
  ] as const)("may not withdraw what gives care: from %s", (name, id) => {
    const columns = Object.keys(tableSchemas[name].entries);
    const withdrawn = `${columns.join(",")}\n-${id}${",".repeat(columns.length - 1)}\n`;
    expect(overlayProblems({ [`${name}.csv`]: withdrawn })).toMatchObject([
      { type: "OverlayWeakens", file: `ours/${name}.csv`, line: 2, column: "id", value: `-${id}` },
    ]);
  });

  it.each([
    ["contacts", "A-dcvaw", "region", "federal"],
    ["contacts", "A-dcvaw", "governorates", "IQ-AR"],
    ["contacts", "A-dcvaw", "numbers", "office=+9647500000000"],
    ["contacts", "A-dcvaw", "purpose-from", "guide"],
    ["contacts", "A-dcvaw", "verified-on", "2026-01-31"],
    ["tools", "T-insm", "url", "https://example.org/"],
    ["tools", "T-insm", "address", "elsewhere"],
    ["tools", "T-insm", "telephone", "+9647500000000"],
    ["tools", "T-insm", "verified-on", "2026-01-31"],
    ["tools", "T-insm", "kind", "fingerprint"],
    ["governorates", "IQ-AN", "region", "kri"],
    ["governorates", "IQ-AN", "emergency", "911"],
    ["governorates", "IQ-AN", "pcode", "IQG99"],
    ["facts", "immediate-danger", "risk-order", "yes no"],
  ] as const)("may not change, in %s, of %s the %s", (name, id, column, value) => {
    const lines = (nationalFiles().get(`${name}.csv`) ?? "").split(/\r?\n/);
    const [header = "", row = ""] = [lines[0], lines.find((line) => line.startsWith(`${id},`))];
    const place = header.split(",").indexOf(column);
    const cells = row.split(",").map((cell, index) => (index === place ? value : cell));
    expect(overlayProblems({ [`${name}.csv`]: `${header}\n${cells.join(",")}\n` })).toMatchObject([
      { type: "OverlayWeakens", file: `ours/${name}.csv`, line: 2, column, value },
    ]);
    expect(overlayProblems({ [`${name}.csv`]: `${header}\n${row}\n` })).toEqual([]);
  });

  it("is refused without the pack below it, and over another", () => {
    const alone = parsePack("ours", new Map([["pack.csv", ownPack]]));
    expect(alone.ok).toBe(false);
    const other = overlayProblems({ "pack.csv": ownPack.replace("extends,iraq", "extends,elsewhere") });
    expect(other).toMatchObject([{ type: "OverlayOfAnotherPack", allowed: ["iraq-online-violence"] }]);
  });
});
