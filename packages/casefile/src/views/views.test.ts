/** What is read out of a case: past moments, search keys, the export, the incident view, what the log stores. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { eventShapes, parseEvent, wrongField } from "../event.ts";
import { adultReadyToAct, consent, openCase, recordFact } from "../testing/commands.ts";
import { dateOf, hours, itemOf, nasrin, omar, recipientOf, shilan, startAt } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, wholeCase, write } from "../testing/world.ts";
import { caseAsOf } from "./as-of.ts";
import { due } from "./due.ts";
import { exportCase } from "./export.ts";
import { caseContext, incidentViews, reportingDelay } from "./incident-view.ts";
import { keysOfQuery, matchKeys, searchKeysOf } from "./search.ts";
import { foldLetters, soundsOf } from "./spelling.ts";
import { factValue } from "../facts/facts.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("the case at a past moment", () => {
  test("shows what was known then (G-CM-4)", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("age", "adult"));
    world.now = hours(10);
    must(
      world,
      shilan,
      recordFact("age", "child", { correction: { kind: "mistake", because: "Her card says 2010." } }),
    );
    expect(factValue(caseAsOf(world.entries, hours(9)), "age")).toBe("adult");
    expect(factValue(caseAsOf(world.entries, hours(10)), "age")).toBe("child");
  });

  test("never shows an answer without its question, whatever a clock says", () => {
    must(world, shilan, openCase);
    world.now = hours(10);
    const proposal = must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    world.now = hours(5);
    must(world, omar, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    expect(proposal).toHaveLength(64);
    expect(caseAsOf(world.entries, hours(6)).risk.said).toEqual([]);
  });

  test("a clock that runs years ahead hides nothing that followed it longer than until it was first seen here", () => {
    must(world, shilan, openCase);
    world.now = hours(24 * 3650);
    const ahead = must(world, omar, recordFact("age", "adult"));
    world.now = hours(2);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    const seenHere = (entry: string) => (entry === ahead ? hours(1) : undefined);
    expect(caseAsOf(world.entries, hours(2)).risk.said).toEqual([]);
    expect(caseAsOf(world.entries, hours(0.5), seenHere).facts.saidByFact.size).toBe(0);
    expect(factValue(caseAsOf(world.entries, hours(1), seenHere), "age")).toBe("adult");
    expect(caseAsOf(world.entries, hours(2), seenHere).risk.said).toHaveLength(1);
  });

  test("the history reads in the order in which things could be known", () => {
    must(world, shilan, openCase);
    world.now = hours(10);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    world.now = hours(1);
    must(world, omar, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
    world.now = hours(11);
    must(world, nasrin, recordFact("age", "adult"));
    expect(wholeCase(world).history.map(({ event }) => event.type)).toEqual([
      "CaseOpened",
      "RiskRaised",
      "RiskLoweringProposed",
      "FactRecorded",
    ]);
  });
});

describe("search before open", () => {
  const matches = (asked: string, held: string): string => {
    const query = (name: string) => keysOfQuery({ names: [name], phones: [], ids: [] });
    return matchKeys(query(asked), query(held));
  };

  test.each([
    ["سارا علی", "ساره علي"],
    ["محەمەد", "محمد"],
    ["زەینەب", "زينب"],
    ["فاتیمە", "فاطمة"],
    ["خەدیجە", "خديجة"],
    ["عوسمان", "عثمان"],
    ["ئەحمەد", "احمد"],
    ["عبد الله", "عبدالله"],
    ["الكاظمي", "كاظمي"],
    ["Khadija", "خديجة"],
    ["Mohammed", "محمد"],
    ["Zeyneb", "زەینەب"],
    ["شیلان", "Shilan"],
    ["رۆژین", "روژین"],
    ["Şîlan", "shilan"],
  ])("%s is found as %s", (one, other) => {
    expect(matches(one, other)).toBe("likely");
    expect(matches(other, one)).not.toBe("none");
  });

  test("another person is not found, and one name in common is only possible", () => {
    expect(matches("نسرین", "شیلان")).toBe("none");
    expect(matches("سارا کریم", "سارا محمد")).toBe("possible");
    expect(matches("ئا", "ئا")).toBe("likely");
  });

  test("a telephone number is the same with and without the country's prefix, in any digits", () => {
    const keys = (phone: string) => keysOfQuery({ names: [], phones: [phone], ids: [] });
    expect(matchKeys(keys("٠٧٥٠ ١٢٣ ٤٥ ٦٧"), keys("+964 750 123 4567"))).toBe("same");
    expect(matchKeys(keys("0750 123 45 67"), keys("0750 123 45 68"))).toBe("none");
    expect(keys("911")).toEqual([]);
  });

  test("a case is found by its names, its numbers, its ids and its code", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("store-file", "own-organisation"));
    const detail = (field: "name" | "phone" | "id-number", text: string) =>
      must(world, shilan, { type: "RecordDetail", field, saidBy: "survivor", value: { kind: "given", text } });
    detail("name", "هەڵە کەریم");
    detail("phone", "0750 111 22 33");
    detail("id-number", "A-12 34");
    const contact = { how: "telephone-call", reach: "0770 999 88 77", when: "mornings" } as const;
    const rest = { nameToUse: "the dentist", mayLeaveMessage: false, mustNotKnow: [] } as const;
    must(world, shilan, { type: "AgreeSafeContact", ...contact, ...rest });
    must(world, shilan, { type: "DeclareContactUnsafe", because: "He answered." });
    const keys = searchKeysOf(wholeCase(world));
    expect(keys).toEqual(expect.arrayContaining(["phone:501112233", "id:a1234", "id:kri20260043"]));
    const find = (query: Partial<Parameters<typeof keysOfQuery>[0]>): string =>
      matchKeys(keysOfQuery({ names: [], phones: [], ids: [], ...query }), keys);
    expect(find({ names: ["هالة كريم"] })).toBe("likely");
    expect(find({ phones: ["+9647709998877"] })).toBe("same");
    expect(find({ ids: ["a1234"] })).toBe("same");
    // The end of a code is all that anybody says of it; the beginning alone is every case of that year.
    for (const part of ["KRI-2026-0043", "2026-0043", "0043"]) expect(find({ ids: [part] }), part).toBe("same");
    expect(find({ ids: ["KRI-2026"] })).toBe("none");
    expect(find({ ids: [" "] })).toBe("none");
  });

  test("folding keeps digits and drops what only joins", () => {
    expect(foldLetters("ســارا‌ ٣")).toBe("سارا 3");
    expect(soundsOf("2x")).toEqual(["2x"]);
  });
});

describe("the incident view", () => {
  type Expected = { readonly in: Readonly<Record<string, unknown>>; readonly out: readonly string[] };
  const published = JSON.parse(
    readFileSync(join(import.meta.dirname, "../testing/gbvims-case-context.json"), "utf8"),
  ) as { readonly expected: readonly Expected[] };

  test.each(published.expected.map((one) => [one.in["type"], one] as const))(
    "the published case of %s has the published context",
    (_type, { in: given, out }) => {
      const incident = {
        type: given["type"] as string,
        age: given["age"] as number,
        perpetrators: given["perp"] as readonly string[],
        abduction: given["abduction"] as string,
        practice: given["practice"] as string,
        exchanged: given["exchanged"] as boolean,
      };
      expect(caseContext(incident)).toEqual(out);
    },
  );

  const none = { age: 30, perpetrators: [], abduction: undefined, practice: undefined, exchanged: undefined } as const;

  test("an answer counts only when it is not no", () => {
    const answered = { ...none, abduction: "none", practice: "No", exchanged: false };
    expect(caseContext({ ...answered, type: "rape" })).toEqual([]);
  });

  test("what is not gender-based has no context", () => {
    const all = {
      age: 10,
      perpetrators: ["intimate_partner_former_partner"],
      abduction: "x",
      practice: "x",
      exchanged: true,
    };
    expect(caseContext({ ...all, type: "non-gbv" })).toEqual([]);
  });

  test("a person of 18, or of unknown age, is not counted as a child", () => {
    expect(caseContext({ ...none, age: 18, type: "rape" })).toEqual([]);
    expect(caseContext({ ...none, age: undefined, type: "forced_marriage" })).toEqual([]);
    expect(caseContext({ ...none, age: 17, type: "sexual_assault" })).toEqual(["child_sexual_abuse"]);
  });

  test.each([
    [0, "0-3-days"],
    [3, "0-3-days"],
    [4, "4-5-days"],
    [6, "6-14-days"],
    [15, "15-30-days"],
    [31, "over-1-month"],
    [91, "over-3-months"],
  ] as const)("%i days of delay are counted as %s", (days, delay) => expect(reportingDelay(days)).toBe(delay));

  test("the view says whether it may be counted, and shows both of two records", () => {
    must(world, shilan, openCase);
    must(world, shilan, recordFact("age", "adult"));
    const incident = {
      type: "RecordIncident",
      incident: itemOf("i-1"),
      incidentType: "emotional_abuse",
      reportedOn: dateOf("2026-11-21"),
      perpetrators: ["intimate_partner_former_partner"],
    } as const;
    part(world, shilan, omar);
    must(world, shilan, { ...incident, happenedOn: dateOf("2026-11-17"), ageAtIncident: 25 });
    must(world, omar, { ...incident, incidentType: "physical_assault" });
    meet(world);
    const views = incidentViews(wholeCase(world), world.now);
    expect(views.map(({ delay }) => delay)).toEqual(expect.arrayContaining(["4-5-days", undefined]));
    expect(views).toMatchObject([{ mayCount: false, contexts: ["intimate_partner_violence"] }, { mayCount: false }]);
    must(world, shilan, consent("statistics", "own-organisation"));
    expect(incidentViews(wholeCase(world), world.now)[0]?.mayCount).toBe(true);
  });
});

describe("the exported case", () => {
  test("is JSON that reads back the same, with moments as texts and nothing left out", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "Threats." });
    write(world, { ...omar, roles: [] }, { type: "CaseReopened", because: "Mischief." });
    const exported = exportCase(wholeCase(world), world.now, [], []);
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
    expect(exported).toMatchObject({
      format: "amana-case",
      version: 1,
      exportedAt: "2026-11-21T08:00:00.000Z",
      status: "open",
      codes: ["KRI-2026-0043"],
      facts: { age: "adult" },
      risk: { level: "high" },
    });
    const { history } = exported as { readonly history: readonly unknown[] };
    expect(history).toHaveLength(world.entries.length);
    expect(JSON.stringify(history)).toContain("RoleMissing");
  });

  test("says whether the case is open, closed, or none yet", () => {
    expect(exportCase(wholeCase(world), startAt, [], [])).toMatchObject({
      status: "not-opened",
      risk: { level: null },
    });
  });
});

describe("what the log stores", () => {
  const opened = [
    "CaseOpened",
    1,
    { code: "KRI-2026-0043", searchedAt: 1, limits: { kind: "not-yet", because: "not-present" } },
  ];

  test("a type or a version of the future is newer, and kept", () => {
    expect(parseEvent(["CaseMerged", 1, {}])).toEqual({ ok: false, error: { type: "EventNewer" } });
    expect(parseEvent(["CaseOpened", 2, {}])).toEqual({ ok: false, error: { type: "EventNewer" } });
    expect(parseEvent(opened).ok).toBe(true);
  });

  test.each([
    ["nothing", undefined, ""],
    ["too little", ["CaseOpened", 1], ""],
    ["a type that is no text", [1, 1, {}], ""],
    ["data that is none", ["CaseOpened", 1, null], ""],
    ["a type inside of the data", ["TellLimits", 1, { type: "x" }], undefined],
    ["a missing field", ["LimitsTold", 1, { wording: "adult" }], "duties"],
    ["a field of another kind", ["LimitsTold", 1, { wording: "elder", duties: [] }], "wording"],
    ["a field that has no place", ["LimitsTold", 1, { wording: "adult", duties: [], pin: "1" }], "pin"],
    [
      "too long a list",
      ["LimitsTold", 1, { wording: "adult", duties: Array.from({ length: 21 }, () => "d") }],
      "duties",
    ],
    ["a wrong item of a list", ["LimitsTold", 1, { wording: "adult", duties: ["d", ""] }], "duties.1"],
    [
      "an unknown variant",
      ["CaseOpened", 1, { code: "KRI-2026-0043", searchedAt: 1, limits: { kind: "never" } }],
      "limits.kind",
    ],
    ["no variant", ["CaseOpened", 1, { code: "KRI-2026-0043", searchedAt: 1, limits: "told" }], "limits"],
    ["a moment that is none", ["CaseOpened", 1, { code: "KRI-2026-0043", searchedAt: 1.5, limits: {} }], "searchedAt"],
    ["a lone surrogate", ["RiskRaised", 1, { level: "high", because: "\ud800" }], "because"],
    ["a control character", ["RiskRaised", 1, { level: "high", because: "a\u0000b" }], "because"],
    ["an empty text", ["RiskRaised", 1, { level: "high", because: "  " }], "because"],
    ["too long a text", ["RiskRaised", 1, { level: "high", because: "x".repeat(8001) }], "because"],
    [
      "a date the calendar lacks",
      ["IncidentRecorded", 1, { incident: "i", incidentType: "rape", reportedOn: "2026-02-30", perpetrators: [] }],
      "reportedOn",
    ],
    [
      "an age beyond",
      [
        "IncidentRecorded",
        1,
        { incident: "i", incidentType: "rape", reportedOn: "2026-02-20", perpetrators: [], ageAtIncident: 131 },
      ],
      "ageAtIncident",
    ],
    [
      "a fact with a wrong name",
      [
        "RiskAssessed",
        1,
        {
          pack: { id: "p", version: "1" },
          level: "high",
          provisional: false,
          actWithinHours: null,
          because: [],
          facts: { "?": "x" },
        },
      ],
      "facts.?",
    ],
    [
      "facts that are none",
      [
        "RiskAssessed",
        1,
        {
          pack: { id: "p", version: "1" },
          level: "high",
          provisional: false,
          actWithinHours: 24,
          because: [],
          facts: [],
        },
      ],
      "facts",
    ],
    [
      "a fact of neither kind",
      [
        "RiskAssessed",
        1,
        {
          pack: { id: "p", version: "1" },
          level: "high",
          provisional: false,
          actWithinHours: 24,
          because: [],
          facts: { a: 1 },
        },
      ],
      "facts.a",
    ],
  ])("%s is damage, and the field is named without its value", (_what, stored, field) => {
    const parsed = parseEvent(stored);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok && field !== undefined) expect(parsed.error).toEqual({ type: "EventDamaged", field });
  });

  test("data that brings a type of its own is damage", () => {
    expect(parseEvent(["LimitsTold", 1, { type: "CaseOpened", wording: "adult", duties: [] }])).toMatchObject({
      error: { type: "EventDamaged" },
    });
    expect(wrongField("text")).toBe("");
    expect(wrongField({ type: "Unheard" })).toBe("type");
  });
});

describe("the due list", () => {
  test("the most dangerous stands first, then what is due first", () => {
    adultReadyToAct(world);
    must(world, shilan, consent("referral", "the-clinic"));
    must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("f-1"), about: "call", dueAt: hours(2) });
    must(world, shilan, { type: "RaiseRisk", level: "medium", because: "He writes." });
    must(world, omar, { type: "RaiseRisk", level: "high", because: "He came." });
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const call = {
      type: "ActInEmergency",
      act: "emergency-call",
      recipient: recipientOf("A-911"),
      shared: [],
    } as const;
    must(world, shilan, { ...call, personTold: { kind: "told" }, because: "He is at the door." });
    must(world, shilan, { type: "AssessRisk" });
    expect(due(wholeCase(world), hours(1)).map(({ kind }) => kind)).toEqual([
      ...[
        "risk-clock",
        "risk-clock",
        "emergency-follow-up",
        "second-person",
        "reassessment",
        "safe-contact",
        "risk-clock",
        "follow-up",
      ],
    ]);
  });

  test("a safe contact that was never agreed is due until there is one", () => {
    adultReadyToAct(world);
    const kinds = () => due(wholeCase(world), hours(1)).map(({ kind }) => kind);
    expect(kinds()).toContain("safe-contact");
    const way = { how: "telephone-call", reach: "0770 999 88 77", when: "mornings", nameToUse: "Hala" } as const;
    must(world, shilan, { type: "AgreeSafeContact", ...way, mayLeaveMessage: false, mustNotKnow: [] });
    expect(kinds()).not.toContain("safe-contact");
  });

  test("before anybody has assessed, that is what is due", () => {
    must(world, shilan, openCase);
    expect(due(wholeCase(world), hours(1))[0]).toMatchObject({ kind: "risk-not-assessed", when: "due" });
    const toMake = due(wholeCase(world), hours(49)).filter(({ kind }) => kind === "assessment-to-make");
    expect(toMake.map(({ about, when }) => `${about} ${when}`)).toEqual([
      "digital-risk overdue",
      "physical-safety overdue",
    ]);
  });

  test("consents about to end and reassessments are coming, what lies beyond the horizon is not listed", () => {
    adultReadyToAct(world);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, consent("removal", "T-insm", { expiresAt: hours(24 * 10) }));
    must(world, shilan, consent("removal", "P-instagram", { expiresAt: hours(24 * 100) }));
    const items = due(wholeCase(world), hours(1));
    expect(items).toContainEqual({
      kind: "consent-ends",
      about: "survivor/removal/T-insm",
      recipients: [],
      dueAt: hours(240),
      when: "coming",
    });
    expect(items.filter(({ kind }) => kind === "consent-ends")).toHaveLength(1);
    expect(due(wholeCase(world), hours(24 * 29)).map(({ kind }) => kind)).toContain("reassessment");
  });
});

test("every event type has a shape whose fields can be named", () => {
  for (const shape of Object.values(eventShapes)) expect(Object.keys(shape.required).length).toBeGreaterThan(0);
});
