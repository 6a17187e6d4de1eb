/** The cases on this device, as the page asks for them: what each screen shows is made here, from the whole case. */

import { type CaseCommand, type DueItem, factsOf } from "@amana/casefile";
import { assert, err, isInstant, ok, type Instant } from "@amana/kernel";
import type { CaseSummary, CaseView as DeviceCaseView, Device } from "@amana/device";
import type { LogId } from "@amana/log";
import type { CaseRow, DueView, Face, HomeView } from "../wire/face.ts";
import type { AccessView, Refusal } from "../case/screen.ts";
import type { CaseFileKind } from "../print/paper.ts";
import { firstStepsOf, takenIn } from "../screens/first-day.ts";
import { recoveriesShown } from "./recovery.ts";
import { syncViewOf } from "./syncing.ts";
import { actorOf, openersElsewhere } from "./team.ts";
import { historyOf } from "./views/history.ts";
import { fileOf } from "./views/export.ts";
import { paperOf } from "./views/print.ts";
import { caseViewOf } from "./views/section.ts";
import type { Seen } from "./views/seen.ts";
import type { Unlockable } from "./after-unlock.ts";

type CaseOffers = Pick<Face, "home" | "cases" | "find" | "openCase" | "readCase" | "tell" | "readPaper" | "makeFile">;

export const caseOffers = (holding: Unlockable): CaseOffers => {
  const { device } = holding;
  const openNewCase = caseOpener(device);
  return {
    home: () => home(holding),
    cases: async () => {
      const listed = await device().listCases();
      const row = await rowMaker(holding);
      return listed.ok ? listed.value.filter(isOpened).map(row).sort(byDanger) : [];
    },
    find: async (query) => {
      const [found, me] = [await device().findCases(query), await actorOf(holding)];
      // With each letter, so only of what was found is it asked what is due first.
      const all = found.ok ? found.value : [];
      const rows = all
        .slice(0, foundShownMax)
        .map(({ match, summary, firstDue }) => ({ ...rowOf(summary, me?.person, firstDue), match }));
      return { rows, count: all.length };
    },
    openCase: openNewCase,
    readCase: (log, section, asOf) => readCase(holding, log, section, asOf),
    tell: async (log, command) => tellCase(holding, log, command),
    readPaper: async (log, asked) => {
      const seen = await seenIn(holding, log);
      return seen === undefined ? undefined : paperOf(seen, asked);
    },
    makeFile: (log, kind) => makeFile(holding, log, kind),
  };
};

/** The nearest come first; carrying thousands to the screen with each letter would take longer than finding them. */
const foundShownMax = 200;

/** A case that was opened, and of which not everything could be said yet. */
type HalfOpened = { readonly code: string; readonly logId: LogId; readonly told: number };

/** Whoever presses again after a refusal, or after the disk was full, goes on with the same case. */
export const caseOpener = (device: () => Pick<Device, "openCase" | "tell">): Face["openCase"] => {
  let half: HalfOpened | undefined;
  return async ({ command, more }) => {
    if (half?.code !== command.code) {
      const opened = await device().openCase(command);
      if (!opened.ok) return err(refusalOf(opened.error));
      half = { code: command.code, logId: opened.value.logId, told: 0 };
    }
    for (const next of more.slice(half.told)) {
      const told = await device().tell(half.logId, next);
      if (!told.ok) return err(refusalOf(told.error));
      half = { ...half, told: half.told + 1 };
    }
    const { logId } = half;
    half = undefined;
    return ok(logId);
  };
};

/** The page was given the id by the device; one that is not held is answered as such. */
const logIdOf = (log: string): LogId => log as LogId;

const refusalOf = (error: { readonly type: string }): Refusal => error as Refusal; // Each has its words in the table of refusals.

const tellCase = async ({ device }: Unlockable, log: string, command: CaseCommand): ReturnType<Face["tell"]> => {
  const told = await device().tell(logIdOf(log), command);
  return told.ok ? ok(null) : err(refusalOf(told.error));
};

const isOpened = ({ stage }: CaseSummary): boolean => stage !== "not-opened";

const tracks = { adult: "adult", child: "child" } as const;

/** With what is due first in each case. */
const rowMaker = async (holding: Unlockable): Promise<(row: CaseSummary) => CaseRow> => {
  const [due, me] = [await holding.device().due(), await actorOf(holding)];
  const firstByLog = new Map<string, DueItem>();
  if (due.ok) for (const { logId, ...item } of due.value) if (!firstByLog.has(logId)) firstByLog.set(logId, item);
  return (row) => rowOf(row, me?.person, firstByLog.get(row.logId));
};

const rowOf = (row: CaseSummary, me: string | undefined, first: DueItem | undefined): CaseRow => ({
  log: row.logId,
  codes: row.codes,
  level: row.level,
  track: row.age === undefined ? "child-until-age-known" : tracks[row.age],
  isClosed: row.stage === "closed" || row.stage === "shredded",
  isShredded: row.stage === "shredded",
  isMine: row.responsible.some((person) => person === me),
  responsible: row.responsible,
  nextDueAt: first?.dueAt,
  nextDueKind: first?.kind,
  hasDrafts: row.unsent > 0,
  match: undefined,
});

/** A level that nobody has assessed yet stands right after the highest: it may be any. */
const dangers = ["high", undefined, "medium", "normal"] as const;

/** The most dangerous first, and among these what is due first. */
const byDanger = (one: CaseRow, other: CaseRow): number =>
  dangers.indexOf(one.level) - dangers.indexOf(other.level) ||
  (one.nextDueAt ?? Infinity) - (other.nextDueAt ?? Infinity) ||
  0;

const home = async (holding: Unlockable): Promise<HomeView> => {
  const { device } = holding;
  const [listed, due] = [await device().listCases(), await device().due()];
  const rows = new Map(listed.ok ? listed.value.map((row) => [row.logId, row] as const) : []);
  const items: readonly DueView[] = due.ok
    ? due.value.map(({ logId, ...item }) => ({
        ...item,
        log: logId,
        code: rows.get(logId)?.codes.join(", ") ?? "",
        level: rows.get(logId)?.level,
      }))
    : [];
  const [others, choices] = [await openersElsewhere(holding), await device().choices()];
  return {
    due: items,
    caseCount: rows.size,
    notices: device()
      .notices()
      .map((notice) => ({
        type: notice.type,
        log: "logId" in notice && rows.has(notice.logId) ? notice.logId : undefined,
        minutes: "minutes" in notice ? notice.minutes : undefined,
      })),
    recoveries: recoveriesShown(),
    sync: await syncViewOf(holding),
    firstSteps: firstStepsOf({
      openersElsewhere: others,
      cases: rows.size,
      taken: choices.ok ? takenIn(choices.value) : [],
    }),
  };
};

const readCase = async (
  holding: Unlockable,
  log: string,
  section: Parameters<Face["readCase"]>[1],
  asOf: number | undefined,
): ReturnType<Face["readCase"]> => {
  const { device } = holding;
  const seen = await seenIn(holding, log);
  if (seen === undefined) return undefined;
  const view = caseViewOf(seen, section);
  if (section !== "history" || asOf === undefined) return view;
  const then = await device().viewCaseAsOf(logIdOf(log), instantOf(asOf));
  return then.ok ? { ...view, section: { kind: "history", items: historyOf(then.value, seen.drafts), asOf } } : view;
};

/** The case as this device has it now, seen by this person. */
export const seenIn = async (holding: Unlockable, log: string): Promise<Seen | undefined> => {
  const viewed = await holding.device().viewCase(logIdOf(log));
  const actor = await actorOf(holding);
  if (!viewed.ok || actor === undefined) return undefined;
  return seenOf(holding, viewed.value, actor, await accessOf(holding, log, viewed.value));
};

const makeFile = async (holding: Unlockable, log: string, kind: CaseFileKind): ReturnType<Face["makeFile"]> => {
  const seen = await seenIn(holding, log);
  if (seen === undefined) return err({ type: "NotReadable" });
  const file = fileOf(seen, kind);
  if (!file.ok) return file;
  const told = await tellCase(holding, log, { type: "RecordCopy", copy: kind });
  return told.ok ? file : told;
};

const instantOf = (moment: number): Instant => {
  assert(isInstant(moment), "A screen asks for a moment outside of the years 0001 to 9999.");
  return moment;
};

const accessOf = async ({ device }: Unlockable, log: string, view: DeviceCaseView): Promise<AccessView> => {
  const answer = await device().peopleWhoCanRead(logIdOf(log));
  if (!answer.ok) return { readers: view.openers, hasRecoveryKey: false, waitsForEpoch: false, pending: [] };
  const { people, hasRecoveryKey, waitsForEpoch, pending } = answer.value;
  return {
    readers: people.map(({ person }) => person),
    hasRecoveryKey,
    waitsForEpoch,
    pending: pending.map(({ change, refusedAs }) => ({
      what: change.kind,
      person: "reader" in change && change.reader.kind === "person" ? change.reader.person : undefined,
      refusedAs,
    })),
  };
};

const seenOf = (
  { guidance, now }: Unlockable,
  view: DeviceCaseView,
  actor: Seen["actor"],
  access: AccessView,
): Seen => {
  const { pack, groups } = guidance();
  return {
    log: view.logId,
    state: view.state,
    now: now(),
    actor,
    advice: { answer: view.advice.answer, facts: factsOf(view.state, now()) },
    pack,
    groups,
    due: view.due,
    isUnreadLeft: view.isBehind,
    isShredded: view.isShredded,
    access,
    drafts: new Set(view.unsent.map(({ entry }) => entry)),
  };
};
