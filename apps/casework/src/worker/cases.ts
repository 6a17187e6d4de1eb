/** The cases on this device, as the page asks for them: what each screen shows is made here, from the whole case. */

import { type CaseCommand, type DueItem, factsOf, isCaseCode } from "@amana/casefile";
import { assert, err, isInstant, ok, type Instant } from "@amana/kernel";
import type { CaseSummary, CaseView as DeviceCaseView, Device, DueByCase, PressingCases } from "@amana/device";
import type { LogId } from "@amana/log";
import type { TeamId } from "@amana/vault";
import type { CaseDue, CaseFilter, CaseRow, CaseRows, CasesDue, DueGroup, Face, HomeView } from "../wire/face.ts";
import type { AccessView, Refusal } from "../case/screen.ts";
import type { CaseFileKind } from "../print/paper.ts";
import { firstStepsOf, takenIn } from "../screens/first-day.ts";
import { hasTooFewOpeners } from "./openers.ts";
import { pendingChangeView } from "./pending.ts";
import { recoveriesShown } from "./recovery.ts";
import { syncViewOf } from "./syncing.ts";
import { actorOf, openersElsewhere } from "./team.ts";
import { historyOf } from "./views/history.ts";
import { fileOf } from "./views/export.ts";
import { paperOf } from "./views/print.ts";
import { caseViewOf } from "./views/section.ts";
import type { Seen } from "./views/seen.ts";
import type { Unlockable } from "./after-unlock.ts";

type CaseOffers = Pick<
  Face,
  | "aheadOfClock"
  | "home"
  | "cases"
  | "find"
  | "isCaseCode"
  | "openCase"
  | "readCase"
  | "tell"
  | "readPaper"
  | "makeFile"
>;

export const caseOffers = (holding: Unlockable): CaseOffers => {
  const { device } = holding;
  const openNewCase = caseOpener(device);
  return {
    aheadOfClock: () => Promise.resolve(holding.now() - holding.core.ports.clock()),
    home: async (shownMax) => {
      const answer = await home(holding, shownMax);
      prepareSearchSoon(device());
      return answer;
    },
    cases: (filter, shownMax) => listed(holding, filter, shownMax),
    find: async (query, shownMax) => {
      const [found, me] = [await device().findNearest(query, shownMax), await actorOf(holding)];
      const { nearest, count } = found.ok ? found.value : { nearest: [], count: 0 };
      const rows = nearest.map(({ match, summary, firstDue }) => ({ ...rowOf(summary, me?.person, firstDue), match }));
      return { rows, count };
    },
    isCaseCode: (code) => Promise.resolve(isCaseCode(code)),
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

/** After the first screen has been handed over: whoever searches next, in the list or for a new case, waits for nothing. */
const prepareSearchSoon = (device: Device): void => {
  setTimeout(() => void device.prepareSearch());
};

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

const filters: Readonly<Record<CaseFilter, (row: CaseSummary, me: string | undefined) => boolean>> = {
  open: (row) => !isClosed(row),
  mine: (row, me) => !isClosed(row) && isOf(row, me),
  high: (row) => !isClosed(row) && row.level === "high",
  closed: (row) => isClosed(row),
};

/** With what is due first in each case. */
const listed = async (holding: Unlockable, filter: CaseFilter, shownMax: number): Promise<CaseRows> => {
  const [all, due] = [await holding.device().listCases(), await holding.device().firstDues()];
  const me = await actorOf(holding);
  if (!all.ok || !due.ok) return { rows: [], count: 0 };
  const isAsked = filters[filter];
  const rows = all.value.filter((row) => isOpened(row) && isAsked(row, me?.person));
  const shown = rows
    .map((row) => ({ row, first: due.value.get(row.logId), danger: dangers.indexOf(row.level) }))
    .sort(byDanger)
    .slice(0, shownMax);
  return { rows: shown.map(({ row, first }) => rowOf(row, me?.person, first)), count: rows.length };
};

const isClosed = ({ stage }: CaseSummary): boolean => stage === "closed" || stage === "shredded";

const isOf = ({ responsible }: CaseSummary, me: string | undefined): boolean =>
  responsible.some((person) => person === me);

const rowOf = (row: CaseSummary, me: string | undefined, first: DueItem | undefined): CaseRow => ({
  log: row.logId,
  codes: row.codes,
  level: row.level,
  track: row.age === undefined ? "child-until-age-known" : tracks[row.age],
  isClosed: isClosed(row),
  isShredded: row.stage === "shredded",
  isMine: isOf(row, me),
  responsible: row.responsible,
  nextDueAt: first?.dueAt,
  nextDueKind: first?.kind,
  hasDrafts: row.unsent > 0,
  match: undefined,
});

/** A level that nobody has assessed yet stands right after the highest: it may be any. */
const dangers = ["high", undefined, "medium", "normal"] as const;

type Dangerous = { readonly danger: number; readonly first: DueItem | undefined };

/** The most dangerous first, and among these what is due first. */
const byDanger = (one: Dangerous, other: Dangerous): number =>
  one.danger - other.danger || (one.first?.dueAt ?? Infinity) - (other.first?.dueAt ?? Infinity) || 0;

const casesDue = ({ count, cases }: PressingCases): CasesDue => ({
  count,
  cases: cases.map(({ logId, codes, level, items }): CaseDue => {
    const named = { log: logId, code: codes.join(", "), level };
    return { ...named, items: items.map((item) => ({ ...item, ...named })) };
  }),
});

const nothingDue: DueByCase = {
  ...{ overdue: { count: 0, cases: [] }, due: { count: 0, cases: [] }, coming: { count: 0, cases: [] } },
};

const home = async (holding: Unlockable, shownMax: Readonly<Record<DueGroup, number>>): Promise<HomeView> => {
  const { device } = holding;
  // Asked for at once, so that nothing else takes its turn in between.
  const [answer, counted, others, choices, sync] = await Promise.all([
    ...([device().dueByCase(shownMax), device().countCases()] as const),
    ...([openersElsewhere(holding), device().choices(), syncViewOf(holding)] as const),
  ]);
  const due = answer.ok ? answer.value : nothingDue;
  const caseCount = counted.ok ? counted.value : 0;
  const isHeld = await holdsCases(device());
  return {
    due: { overdue: casesDue(due.overdue), due: casesDue(due.due), coming: casesDue(due.coming) },
    caseCount,
    notices: device()
      .notices()
      .map((notice) => ({
        type: notice.type,
        log: "logId" in notice && isHeld(notice.logId) ? notice.logId : undefined,
        minutes: "minutes" in notice ? notice.minutes : undefined,
      })),
    recoveries: recoveriesShown(holding.now()),
    sync,
    firstSteps: firstStepsOf({
      openersElsewhere: others,
      cases: caseCount,
      taken: choices.ok ? takenIn(choices.value) : [],
    }),
  };
};

/** Few are ever told of something, so all cases are listed only for whoever is. */
const holdsCases = async (device: Device): Promise<(logId: LogId) => boolean> => {
  if (device.notices().length === 0) return () => false;
  const listed = await device.listCases();
  const held = new Set(listed.ok ? listed.value.map(({ logId }) => logId) : []);
  return (logId) => held.has(logId);
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
  const access = seen.access.history.filter(({ recordedAt }) => recordedAt !== undefined && recordedAt <= asOf);
  const items = then.ok ? historyOf(then.value, seen) : [];
  return then.ok ? { ...view, section: { kind: "history", items, asOf, access } } : view;
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
  if (!answer.ok) {
    const unknown = { byThemselves: [], teams: [], hasRecoveryKey: false, waitsForEpoch: false, isAlone: false };
    return { readers: view.openers, ...unknown, pending: [], history: [] };
  }
  const { people, hasRecoveryKey, waitsForEpoch, pending, history } = answer.value;
  const reading = await device().organisation();
  const organisation = reading.ok ? reading.value : undefined;
  const nameOf = (id: TeamId): string | undefined => organisation?.namesById.get(id);
  const readingTeams = new Set(people.flatMap(({ through }) => through));
  return {
    readers: people.map(({ person }) => person),
    byThemselves: people.flatMap(({ person, through }) => (through.includes("own-key") ? [person] : [])),
    teams: [...(organisation?.teams.values() ?? [])].map(({ id, supervisors }) => ({
      id,
      name: nameOf(id),
      supervisors: [...supervisors],
      isReader: readingTeams.has(id),
    })),
    hasRecoveryKey,
    waitsForEpoch,
    isAlone: waitsForEpoch && organisation !== undefined && hasTooFewOpeners(people, organisation),
    pending: pending.map((each) => pendingChangeView(each, organisation)),
    history,
  };
};

const seenOf = (
  { guidance, now }: Unlockable,
  view: DeviceCaseView,
  actor: Seen["actor"],
  access: AccessView,
): Seen => {
  const { pack, groups } = guidance;
  return {
    log: view.logId,
    state: view.state,
    now: now(),
    actor,
    advice: { ...view.advice, facts: factsOf(view.state, now(), view.advice.vocabulary) },
    pack,
    groups,
    due: view.due,
    isUnreadLeft: view.isBehind,
    isShredded: view.isShredded,
    access,
    leftOut: view.marks,
    drafts: new Set(view.unsent.map(({ entry }) => entry)),
    firstNames: view.firstNames,
  };
};
