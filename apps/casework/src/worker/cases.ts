/** The cases on this device, as the page asks for them: what each screen shows is made here, from the whole case. */

import { type CaseCommand, type DueItem, factsOf } from "@amana/casefile";
import { assert, err, isInstant, ok, type Instant } from "@amana/kernel";
import type { CaseSummary, CaseView as DeviceCaseView } from "@amana/device";
import type { LogId } from "@amana/log";
import type { CaseRow, DueView, Face, HomeView } from "../wire/face.ts";
import type { AccessView, Refusal } from "../case/screen.ts";
import { syncViewOf } from "./syncing.ts";
import { actorOf, openersElsewhere } from "./team.ts";
import { historyOf } from "./views/history.ts";
import { caseViewOf } from "./views/section.ts";
import type { Seen } from "./views/seen.ts";
import type { Unlockable } from "./after-unlock.ts";

type CaseOffers = Pick<Face, "home" | "cases" | "find" | "openCase" | "readCase" | "tell">;

export const caseOffers = (holding: Unlockable): CaseOffers => {
  const { device } = holding;
  return {
    home: () => home(holding),
    cases: async () => {
      const listed = await device().listCases();
      const row = await rowMaker(holding);
      return listed.ok ? listed.value.filter(isOpened).map(row) : [];
    },
    find: async (query) => {
      const found = await device().findCases(query);
      const row = await rowMaker(holding);
      return found.ok ? found.value.map(({ match, summary }) => ({ ...row(summary), match })) : [];
    },
    openCase: async ({ command, more }) => {
      const opened = await device().openCase(command);
      if (!opened.ok) return err(refusalOf(opened.error));
      const { logId } = opened.value;
      for (const next of more) {
        const told = await device().tell(logId, next);
        if (!told.ok) return err(refusalOf(told.error));
      }
      return ok(logId);
    },
    readCase: (log, section, asOf) => readCase(holding, log, section, asOf),
    tell: async (log, command) => tellCase(holding, log, command),
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
  isClosed: row.stage === "closed",
  isMine: row.responsible.some((person) => person === me),
  responsible: row.responsible,
  nextDueAt: first?.dueAt,
  nextDueKind: first?.kind,
  hasDrafts: row.unsent > 0,
  match: undefined,
});

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
  const others = await openersElsewhere(holding);
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
    sync: await syncViewOf(holding),
    firstSteps: [...(others === 0 ? ["second-person" as const] : rows.size === 0 ? ["first-case" as const] : [])],
  };
};

const readCase = async (
  holding: Unlockable,
  log: string,
  section: Parameters<Face["readCase"]>[1],
  asOf: number | undefined,
): ReturnType<Face["readCase"]> => {
  const { device } = holding;
  const viewed = await device().viewCase(logIdOf(log));
  const actor = await actorOf(holding);
  if (!viewed.ok || actor === undefined) return undefined;
  const seen = seenOf(holding, viewed.value, actor, await accessOf(holding, log, viewed.value));
  const view = caseViewOf(seen, section);
  if (section !== "history" || asOf === undefined) return view;
  const then = await device().viewCaseAsOf(logIdOf(log), instantOf(asOf));
  return then.ok ? { ...view, section: { kind: "history", items: historyOf(then.value, seen.drafts), asOf } } : view;
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
    access,
    drafts: new Set(view.unsent.map(({ entry }) => entry)),
  };
};
