/**
 * Random histories of several devices: people who part and meet, obey `decide` or use a client of their own, and orders of
 * delivery that respect causality.
 */

import { exhausted } from "@amana/kernel";
import fc from "fast-check";
import type { CaseCommand } from "../command.ts";
import type { CaseEvent } from "../event.ts";
import type { CaseEntry } from "../evolve.ts";
import type { EntryHash } from "../ids.ts";
import { type Start, type Theme, themes } from "./any-command.ts";
import {
  adultReadyToAct,
  assent,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  digitalItem,
  guardianConsent,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  safetyItem,
  takedown,
} from "./commands.ts";
import { type Author, hashOf, hours, itemOf, nasrin, omar, rezan, shilan, startAt, stranger } from "./people.ts";
import { type Folded, type World, heldBy, must, newWorld, part, tell, wholeCase, write } from "./world.ts";

const people: readonly Author[] = [shilan, omar, nasrin, rezan, stranger];

/**
 * What the next person does: a command; an answer to something proposed or offered, or what came of it; or no more than meeting
 * the others.
 */
type Act =
  | { readonly kind: "tell"; readonly who: number; readonly command: CaseCommand }
  | Picked
  | { readonly kind: "exchange"; readonly from: number; readonly to: number };

/** Something proposed or offered, by its place: `follow` says what came of it or answers as `decide` lets it; the others go around it. */
type Picked = {
  readonly kind: "follow" | "answer" | "forge";
  readonly who: number;
  readonly pick: number;
  readonly isYes: boolean;
};

const anyAct = ({ commands }: Theme): fc.Arbitrary<Act> => {
  const who = fc.nat(4);
  const picked = (kind: Picked["kind"]): fc.Arbitrary<Act> =>
    fc.record({ kind: fc.constant(kind), who, pick: fc.nat(20), isYes: fc.boolean() });
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("tell" as const), who, command: commands }) },
    { weight: 2, arbitrary: picked("follow") },
    { weight: 2, arbitrary: picked("answer") },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("exchange" as const), from: who, to: who }) },
    { weight: 1, arbitrary: picked("forge") },
  );
};

const anyStory = fc.constantFrom(...themes).chain((theme) =>
  fc.record({
    start: fc.constantFrom(...theme.starts),
    acts: fc.array(anyAct(theme), { minLength: 1, maxLength: 40, size: "max" }),
    salt: fc.nat(4_000_000_000),
  }),
);

const authorAt = (index: number): Author => people[index % people.length] ?? shilan;

type Answer = Extract<
  CaseCommand,
  { readonly type: "Approve" | "RefuseApproval" | "AcceptResponsibility" | "DeclineResponsibility" }
>;

const whatIsProposed = {
  RiskLoweringProposed: "risk-lowering",
  BestInterestsProposed: "best-interests",
  EvidenceExceptionProposed: "evidence-exception",
  EmergencyActed: "emergency",
} as const satisfies Partial<Record<CaseEvent["type"], string>>;

const isProposed = (type: CaseEvent["type"]): type is keyof typeof whatIsProposed =>
  Object.hasOwn(whatIsProposed, type);

/** To the first of what an entry proposes or offers. */
const answerTo = ({ envelope: { entry }, events }: CaseEntry, isYes: boolean): Answer | undefined => {
  const [type] = events.map((event) => event.type);
  if (type === "ResponsibilityOffered")
    return isYes
      ? { type: "AcceptResponsibility", offer: entry }
      : { type: "DeclineResponsibility", offer: entry, because: "Too much." };
  if (type === undefined || !isProposed(type)) return undefined;
  const what = whatIsProposed[type];
  return isYes
    ? { type: "Approve", proposal: entry, what }
    : { type: "RefuseApproval", proposal: entry, what, because: "Not now." };
};

const writtenAs = (answer: Answer): CaseEvent => {
  switch (answer.type) {
    case "Approve":
      return { ...answer, type: "ApprovalGiven" };
    case "RefuseApproval":
      return { ...answer, type: "ApprovalRefused" };
    case "AcceptResponsibility":
      return { ...answer, type: "ResponsibilityAccepted" };
    case "DeclineResponsibility":
      return { ...answer, type: "ResponsibilityDeclined" };
    default:
      return exhausted(answer);
  }
};

const helps = ["came", "awaited", "did-not-come", "not-needed"] as const;

/** What came of it: whether help came after an emergency act, and what was received as an exception. */
const followingUp = ({ envelope: { entry }, events: [event] }: CaseEntry, { pick, isYes }: Picked): CaseCommand[] => {
  switch (event?.type) {
    case "EmergencyActed": {
      const help = helps[pick % helps.length] ?? "awaited";
      return [{ type: "RecordEmergencyFollowUp", emergency: entry, help, ...(isYes ? { personTold: "told" } : {}) }];
    }
    case "EvidenceExceptionProposed": {
      const item = itemOf("evidence-1");
      return [{ type: "RecordEvidenceReceived", item, exception: entry, what: "messages", receivedAt: startAt }];
    }
    default:
      return [];
  }
};

/** Nobody holds an entry without all that it follows: `decide` must see what the envelope will say was seen. */
const learn = (world: World, { device }: Author, { entry, past }: CaseEntry["envelope"]): void => {
  const held = heldBy(world, device).add(entry);
  for (const { envelope } of world.entries) if (past.has(envelope.entry)) held.add(envelope.entry);
};

const act = (world: World, next: Act): void => {
  const author = authorAt(next.kind === "exchange" ? next.to : next.who);
  switch (next.kind) {
    case "exchange": {
      const given = heldBy(world, authorAt(next.from).device);
      world.heldByDevice.set(author.device, new Set([...heldBy(world, author.device), ...given]));
      return;
    }
    case "tell":
      tell(world, author, next.command);
      return;
    case "follow":
    case "answer":
    case "forge":
      pickUp(world, author, next);
      return;
    default:
      exhausted(next);
  }
};

const pickUp = (world: World, author: Author, picked: Picked): void => {
  const open = world.entries.filter((entry) => answerTo(entry, true) !== undefined);
  const target = open[picked.pick % Math.max(1, open.length)];
  if (target === undefined) return;
  if (picked.kind !== "forge") learn(world, author, target.envelope);
  const answer = answerTo(target, picked.kind === "forge" || picked.isYes);
  if (picked.kind === "follow") {
    for (const command of [...(answer === undefined ? [] : [answer]), ...followingUp(target, picked)])
      tell(world, author, command);
    // An answer goes around `decide` too: whether it counts is for `evolve` to say.
  } else if (answer !== undefined) write(world, author, writtenAs(answer));
};

const fields = { mayShare: ["fact:harm"] } as const;

const adultAgrees = (world: World): void => {
  adultReadyToAct(world);
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, consent("digital", "two-factor"));
  must(world, shilan, consent("referral", "the-clinic", fields));
  must(world, shilan, consent("evidence", "own-organisation"));
  must(world, shilan, consent("law", "A-community-police"));
  must(world, shilan, recordFact("material-volunteered", "yes"));
  must(world, shilan, recordFact("material-critical-to-safety", "yes"));
  must(world, shilan, consent("store-file", "own-organisation"));
  must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm"] }));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
  must(world, shilan, takedown("T-insm", startAt));
  must(world, shilan, digitalItem("two-factor"));
  must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("follow-1"), about: "call", dueAt: hours(900) });
  must(world, shilan, safetyItem({ words: "I call my aunt.", area: "people" }));
  must(world, shilan, consent("evidence", "survivor-side"));
  must(world, shilan, legalRisk);
  must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
  const proposal = must(world, shilan, {
    type: "ProposeEvidenceException",
    because: "Her guardian is the perpetrator.",
    criticalToSafety: "It shows the threat.",
  });
  must(world, nasrin, { type: "Approve", proposal, what: "evidence-exception" });
  must(world, shilan, { type: "WriteNote", note: itemOf("note-1"), about: "case", text: "Calm." });
  must(world, shilan, {
    type: "SetGoal",
    goal: itemOf("goal-1"),
    words: "I want to sleep.",
    services: ["mental-health"],
    who: "me",
  });
};

const childAgrees = (world: World): void => {
  childReadyToAct(world, "yes");
  for (const recipient of ["T-insm", "P-instagram"]) {
    must(world, shilan, assent("removal", recipient));
    const proposal = must(world, shilan, bestInterests("removal", recipient));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
  }
};

/** A child's guardian is asked, who is safe; what the guardian is not asked for, a supervisor decides. */
const guardianAgrees = (world: World): void => {
  childReadyToAct(world, "no");
  for (const [purpose, recipient] of [
    ["removal", "T-insm"],
    ["store-file", "own-organisation"],
    ["referral", "the-clinic"],
  ] as const) {
    must(world, shilan, assent(purpose, recipient, fields));
    must(world, shilan, guardianConsent(purpose, recipient, fields));
  }
};

const begin = {
  opened: (world) => void must(world, shilan, openCase),
  "in-danger": (world) => {
    must(world, shilan, { ...openCase, limits: { kind: "not-yet", because: "imminent-danger" } });
    must(world, shilan, recordFact("immediate-danger", "yes"));
  },
  assessed: (world) => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
  },
  closed: (world) => {
    must(world, shilan, openCase);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase());
  },
  adult: adultAgrees,
  child: childAgrees,
  "child-with-guardian": guardianAgrees,
} as const satisfies Readonly<Record<Start, (world: World) => void>>;

/** Above every hash of what follows. */
const beginningHash = (count: number): EntryHash => hashOf(2 ** 32 + (((count + 1) * 2_654_435_761) % 4_294_967_291));

type Beginning = { readonly entries: readonly CaseEntry[]; readonly folded: Folded };

/** Each beginning is written once: it is the same in every history. */
const beginnings = new Map<Start, Beginning>();

const beginningOf = (start: Start): Beginning => {
  const known = beginnings.get(start);
  if (known !== undefined) return known;
  const world: World = { ...newWorld(), nextHash: beginningHash };
  begin[start](world);
  const held = new Set(world.entries.map(({ envelope }) => envelope.entry));
  const beginning = { entries: world.entries, folded: { held, state: wholeCase(world) } };
  beginnings.set(start, beginning);
  return beginning;
};

/** A history begins with a case that everyone holds, opened or further on; then everyone is alone until they exchange. */
export const anyHistory: fc.Arbitrary<readonly CaseEntry[]> = anyStory.map(({ start, acts, salt }) => {
  const { entries, folded } = beginningOf(start);
  const world: World = {
    ...newWorld(),
    entries: [...entries],
    foldedByDevice: new Map(people.map(({ device }) => [device, folded])),
    nextHash: (count) => hashOf(((count + 1) * 2_654_435_761 + salt) % 4_294_967_291),
  };
  part(world, ...people);
  for (const [index, next] of acts.entries()) {
    world.now = hours(index);
    act(world, next);
  }
  return world.entries;
});

/** Another order in which the same entries may arrive: each after all it follows. */
export const anyOrderOf = (entries: readonly CaseEntry[], choices: readonly number[]): readonly CaseEntry[] => {
  const waiting = [...entries];
  const ordered: CaseEntry[] = [];
  for (let round = 0; waiting.length > 0; round++) {
    const ready = waiting.filter((one) => !waiting.some((other) => one.envelope.past.has(other.envelope.entry)));
    const chosen = ready[(choices[round % Math.max(1, choices.length)] ?? 0) % ready.length];
    if (chosen === undefined) throw new Error("A history that follows itself.");
    waiting.splice(waiting.indexOf(chosen), 1);
    ordered.push(chosen);
  }
  return ordered;
};

/** Whether one entry knows of the other. */
export const isConcurrent = (one: CaseEntry, other: CaseEntry): boolean =>
  !one.envelope.past.has(other.envelope.entry) && !other.envelope.past.has(one.envelope.entry);
