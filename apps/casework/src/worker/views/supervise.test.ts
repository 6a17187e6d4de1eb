/** What a supervisor sees first, who carries what, and whose access a cover gives and takes back. */

import { describe, expect, test } from "vitest";
import { type TeamRow, type TeamSeen, supervisionOf } from "./supervise.ts";

const row = (code: string, change: Partial<TeamRow> = {}): TeamRow => ({
  log: `log ${code}`,
  code,
  level: "normal",
  isOpen: true,
  responsible: ["shilan"],
  openers: ["shilan", "nour"],
  ...change,
});

const team = (change: Partial<TeamSeen> = {}): TeamSeen => ({
  rows: [],
  due: [],
  people: [
    { id: "nour", hasLeft: false, roles: ["supervisor"] },
    { id: "shilan", hasLeft: false, roles: ["caseworker"] },
    { id: "omar", hasLeft: false, roles: ["caseworker"] },
    { id: "hevi", hasLeft: false, roles: ["administrator"] },
    { id: "rami", hasLeft: true, roles: ["caseworker"] },
  ],
  covers: [],
  pending: new Set(),
  isSupervisor: true,
  today: "2026-11-22",
  ...change,
});

const overdue = (code: string, dueAt = 1) =>
  ({ log: `log ${code}`, kind: "follow-up", when: "overdue", dueAt, recipients: [] }) as const;

describe("what presses", () => {
  test("a case that nobody carries any more comes first, then what is overdue, then high risk and what may be; the rest is not shown", () => {
    const rows = [
      row("calm"),
      row("unassessed", { level: undefined }),
      row("high", { level: "high" }),
      row("medium", { level: "medium" }),
      row("late"),
      row("late and medium", { level: "medium" }),
      row("left", { responsible: ["rami"] }),
      row("closed", { level: "high", isOpen: false }),
    ];
    const due = [overdue("late"), overdue("late and medium", 5)];
    const { pressing } = supervisionOf(team({ rows, due }));
    expect(pressing.map(({ code }) => code)).toEqual(["left", "late and medium", "late", "high", "unassessed"]);
  });

  test("a case whose risk nobody has assessed stands before a medium one", () => {
    const rows = [row("medium", { level: "medium" }), row("unassessed", { level: undefined })];
    const { pressing } = supervisionOf(team({ rows, due: [overdue("medium"), overdue("unassessed", 9)] }));
    expect(pressing.map(({ code }) => code)).toEqual(["unassessed", "medium"]);
  });
});

test("the load of each caseworker counts open cases by level, and the fullest comes first", () => {
  const rows = [
    row("1", { level: "high", responsible: ["omar"] }),
    row("2"),
    row("3", { level: undefined }),
    row("4", { isOpen: false }),
  ];
  const { loads } = supervisionOf(team({ rows, due: [overdue("2")] }));
  expect(loads.map(({ person }) => person)).toEqual(["omar", "shilan", "nour"]);
  expect(loads[1]).toEqual({ person: "shilan", high: 0, medium: 0, normal: 1, unassessed: 1, overdue: 1 });
});

test("somebody who left is shown for as long as cases bear their name", () => {
  const { loads } = supervisionOf(team({ rows: [row("1", { responsible: ["rami"] })] }));
  expect(loads.map(({ person }) => person)).toContain("rami");
});

describe("a cover", () => {
  const cover = { absent: "shilan", cover: "omar", from: "2026-11-20", until: "2026-11-25" };
  const rows = [
    row("unread"),
    row("read", { openers: ["shilan", "nour", "omar"] }),
    row("his own", { responsible: ["omar"] }),
    row("shared", { responsible: ["shilan", "omar"], openers: ["shilan", "omar"] }),
    row("closed", { isOpen: false }),
  ];
  const viewOn = (today: string, change: Partial<TeamSeen> = {}) =>
    supervisionOf(team({ rows, covers: [cover], today, ...change })).covers[0];

  test("asks for nothing before its first day", () => {
    expect(viewOn("2026-11-19")).toMatchObject({ state: "coming", toGive: [], toTake: [] });
  });

  test("lists while it runs the open cases that whoever covers cannot read", () => {
    expect(viewOn("2026-11-25")).toMatchObject({ state: "running", toGive: [{ code: "unread" }], toTake: [] });
  });

  test("lists after its last day what is to be taken back, and never the cover's own cases", () => {
    expect(viewOn("2026-11-26")).toMatchObject({ state: "over", toGive: [], toTake: [{ code: "read" }] });
  });

  test("takes nothing from a supervisor, who reads the team's cases anyhow", () => {
    const people = [{ id: "omar", hasLeft: false, roles: ["supervisor"] }];
    expect(viewOn("2026-11-26", { people })).toMatchObject({ toTake: [] });
  });

  test("does not ask twice for what waits for a connection", () => {
    const pending = new Set(["log unread omar"]);
    expect(viewOn("2026-11-22", { pending })).toMatchObject({ toGive: [], pending: 1 });
  });
});

test("cases in which something waits for a second person are counted once each", () => {
  const due = [
    { log: "log 1", kind: "approval", when: "due", dueAt: 1, recipients: [] },
    { log: "log 1", kind: "second-person", when: "due", dueAt: 1, recipients: [] },
    { log: "log 2", kind: "follow-up", when: "due", dueAt: 1, recipients: [] },
  ] as const;
  expect(supervisionOf(team({ due })).approvalCount).toBe(1);
});
