/**
 * What must be true at the end of every simulation. Each finding is a sentence; none is a value of a case.
 */

import { due, type CaseState } from "@amana/casefile";
import type { KeyId, LogId } from "@amana/log";
import type { CaseView } from "@amana/device";
import { sha256, toHex } from "@amana/log";
import { openersMin, presentPeople, type PersonId, type Team } from "@amana/vault";
import { mustOk, type Handset } from "../device/handset.ts";
import type { Member } from "../device/office.ts";
import { tracesIn } from "./planted.ts";
import { checkWhoCouldRead, isShreddedAtServer, saidIn, trueOpeners, truthOf, type Truth } from "./readers.ts";
import { handsetsOf, wake, type World, type WrittenDown } from "./world.ts";

export const check = async (world: World): Promise<readonly string[]> => {
  const truth = await truthOf(world);
  const closed: string[] = [];
  const standings = await standingsOf(world, truth, closed);
  return [
    ...closed,
    ...(await checkNothingWaits(world, truth, standings)),
    ...checkEquivocations(world, truth),
    ...checkAgreement(world, truth, standings),
    ...(await checkNothingLost(world, truth, standings)),
    ...(await checkIndexes(standings)),
    ...checkErasures(world, standings),
    ...checkShreddings(world, truth, standings),
    ...(await checkWhoCouldRead(world, truth)),
    ...checkTraces(world),
  ];
};

/** A device at the end, with every case it holds. */
export type Standing = {
  readonly member: Member;
  readonly handset: Handset;
  readonly isPresent: boolean;
  readonly views: ReadonlyMap<LogId, CaseView>;
};

const standingsOf = async (world: World, { organisation }: Truth, closed: string[]): Promise<readonly Standing[]> => {
  const present = new Set(presentPeople(organisation.current).map(({ id }) => id));
  const standings: Standing[] = [];
  for (const member of world.office.members) {
    for (const handset of handsetsOf(world, member)) {
      if (!(await wake(world, member, handset))) {
        closed.push(`${handset.name} opens with no password its owner knows.`);
        continue;
      }
      const device = handset.device();
      const person = await mustOk(device.ownPerson());
      const views = new Map<LogId, CaseView>();
      for (const logId of world.cases) {
        const viewed = await device.viewCase(logId);
        if (viewed.ok) views.set(logId, viewed.value);
      }
      standings.push({ member, handset, views, isPresent: person !== undefined && present.has(person) });
    }
  }
  return standings;
};

/** Nothing is left to be sent, or to be done about access, by anybody who may do it. */
const checkNothingWaits = async (
  world: World,
  truth: Truth,
  standings: readonly Standing[],
): Promise<readonly string[]> => {
  const unsent = world.cases.flatMap((logId, index) =>
    readersOf(truth, standings, logId)
      .filter(() => isStanding(world, logId))
      // A case that only one person is left to open waits for a second, by design.
      .filter(() => presentOpeners(truth, logId).length >= openersMin)
      .filter(({ views }) => (views.get(logId)?.unsent.length ?? 0) > 0)
      .map(({ handset }) => `Something of case ${String(index)} still waits on ${handset.name}.`),
  );
  const findings = [...unsent];
  for (const { handset, isPresent } of standings) {
    const pending = isPresent ? await mustOk(handset.device().pendingChanges()) : [];
    if (pending.some(({ refusedAs }) => refusedAs === undefined))
      findings.push(`A change of access still waits on ${handset.name}.`);
    const acts = isPresent ? await mustOk(handset.device().pendingActs()) : [];
    if (acts.some(({ refusedAs }) => refusedAs === undefined))
      findings.push(`Something is still to be done in the organisation on ${handset.name}.`);
  }
  return findings;
};

/** A case that nobody has destroyed. */
const isStanding = (world: World, logId: LogId): boolean => !isShreddedAtServer(world, logId);

const presentOpeners = (truth: Truth, logId: LogId): readonly PersonId[] => {
  const present = new Set(presentPeople(truth.organisation.current).map(({ id }) => id));
  return [...trueOpeners(truth, logId)].filter((person) => present.has(person));
};

/** An honest device never signs one counter twice, copied or not, unless a server hides from it what its copy wrote. */
const checkEquivocations = (world: World, { cases }: Truth): readonly string[] =>
  world.wasHostile
    ? []
    : [...cases.values()].flatMap(({ review }) =>
        review.equivocations.map(() => "A device has signed one counter twice."),
      );

/** Who opens a case holds it; all who do are of one mind; and nobody waits for anything. */
const checkAgreement = (world: World, truth: Truth, standings: readonly Standing[]): readonly string[] =>
  world.cases.flatMap((logId, index) => {
    if (!isStanding(world, logId)) return [];
    const readers = readersOf(truth, standings, logId);
    const without = readers.filter(({ views }) => !views.has(logId));
    const states = new Set(readers.flatMap(({ views }) => digestOfView(views.get(logId))));
    const dueLists = new Set(readers.flatMap(({ views }) => dueOf(views.get(logId), world)));
    const behind = readers.filter(({ views }) => views.get(logId)?.isBehind === true);
    return [
      ...without.map(({ handset }) => `Case ${String(index)} is missing on ${handset.name}.`),
      ...(states.size > 1 ? [`Case ${String(index)} has ${String(states.size)} states.`] : []),
      ...(dueLists.size > 1 ? [`Case ${String(index)} has ${String(dueLists.size)} due lists.`] : []),
      ...behind.map(({ handset }) => `Case ${String(index)} stays behind on ${handset.name}.`),
    ];
  });

/** Devices of present people who open the case. */
const readersOf = (truth: Truth, standings: readonly Standing[], logId: LogId): readonly Standing[] =>
  standings.filter(
    ({ member, isPresent }) =>
      isPresent && trueOpeners(truth, logId).has(member.id) && hasKeyIn(truth, logId, member.id),
  );

/** Whoever came back with other keys waits for the next epoch, which begins when somebody writes; it is shown as waiting. */
const hasKeyIn = ({ cases, organisation }: Truth, logId: LogId, person: PersonId): boolean => {
  const { people, teams } = organisation.current;
  const own = people.get(person)?.receivingKey.keyId;
  const named = new Set(
    cases
      .get(logId)
      ?.epochs.at(-1)
      ?.members.map(({ keyId }) => keyId),
  );
  // Who came back holds no key that their team was given before: it waits for another one, and they for that.
  const hadOther = ({ id, receivingKey }: Team): boolean =>
    [...organisation.asOf.values()].some(({ organisation: then }) => {
      const team = then.teams.get(id);
      const isSameKey = team?.receivingKey.keyId === receivingKey.keyId;
      return isSameKey && team.supervisors.has(person) && then.people.get(person)?.receivingKey.keyId !== own;
    });
  const ofTeams = [...teams.values()].filter((team) => team.supervisors.has(person) && !hadOther(team));
  return [own, ...ofTeams.map(({ receivingKey }) => receivingKey.keyId)].some(
    (key) => key !== undefined && named.has(key),
  );
};

const digestOfView = (view: CaseView | undefined): readonly string[] =>
  view === undefined ? [] : [digestOfState(view.state)];

export const digestOfState = (state: CaseState): string =>
  toHex(sha256(new Uint8Array(Buffer.from(JSON.stringify(state, plainly)))));

/** Maps and sets as lists, so that they are seen. */
const plainly = (_key: string, value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;

const dueOf = (view: CaseView | undefined, { office }: World): readonly string[] =>
  view === undefined ? [] : [JSON.stringify(due(view.state, office.clock.now))];

/**
 * What a device said is written down stands in the case for all, or is shown as what it is: not sent, since its author may
 * write there no more, or set aside.
 */
const checkNothingLost = async (
  world: World,
  truth: Truth,
  standings: readonly Standing[],
): Promise<readonly string[]> => {
  const missing = world.written
    .filter(({ mark, on, logId }) => !world.erasable.has(mark) && !world.lost.has(on) && isStanding(world, logId))
    .filter((written) => !isWithAll(written, truth, standings))
    .filter((written) => !(world.wasHostile && isKeptByLeaver(written, truth, standings)));
  const findings: string[] = [];
  for (const written of missing) {
    if (await isShownAsSetAside(written, truth, standings)) continue;
    const { mark, on, logId } = written;
    findings.push(`${mark} of ${on.name} in case ${String(world.cases.indexOf(logId))} is lost.`);
  }
  return findings;
};

const isWithAll = ({ logId, mark }: WrittenDown, truth: Truth, standings: readonly Standing[]): boolean => {
  const readers = readersOf(truth, standings, logId);
  return readers.length > 0 && readers.every(({ views }) => holds(views.get(logId), mark));
};

const holds = (view: CaseView | undefined, mark: string): boolean =>
  view?.state.history.some(({ event }) => JSON.stringify(event).includes(mark)) ?? false;

/**
 * On the device it was written on: as a draft or in the outbox; or the case shows the very entry that says it as set aside, with
 * the reason. That something else of the case is set aside excuses nothing.
 */
export const isShownAsSetAside = async (
  written: WrittenDown,
  truth: Truth,
  standings: readonly Standing[],
): Promise<boolean> => {
  const own = standings.find(({ handset }) => handset === written.on)?.views.get(written.logId);
  if ((own?.unsent.length ?? 0) > 0 && holds(own, written.mark)) return true;
  const marks = standings.flatMap(({ views }) => views.get(written.logId)?.marks ?? []);
  for (const entry of new Set(marks.filter(({ kind }) => setAside.has(kind)).map((mark) => mark.entry)))
    if ((await saidIn(truth, entry))?.includes(written.mark) === true) return true;
  return false;
};

/** A server threw it away that said it had it, and its author may send nothing any more: on their device it still stands. */
const isKeptByLeaver = (written: WrittenDown, truth: Truth, standings: readonly Standing[]): boolean => {
  const own = standings.find(({ handset }) => handset === written.on);
  if (own === undefined || readersOf(truth, [own], written.logId).length > 0) return false;
  return holds(own.views.get(written.logId), written.mark);
};

const setAside: ReadonlySet<string> = new Set(["quarantined", "without-authority", "barred"]);

/** The index, made entry by entry, says of what is due what the opened case says. */
const checkIndexes = async (standings: readonly Standing[]): Promise<readonly string[]> => {
  const findings: string[] = [];
  for (const { handset, views } of standings) {
    const listed = await mustOk(handset.device().due());
    for (const [logId, view] of views) {
      const inIndex = listed.filter((item) => item.logId === logId).map(nameOfItem);
      if (inIndex.sort().join() !== view.due.map(nameOfItem).sort().join())
        findings.push(`The index of ${handset.name} is not what the case says.`);
    }
  }
  return findings;
};

const nameOfItem = ({ kind, about, dueAt, when }: CaseView["due"][number]): string =>
  `${kind} ${about} ${String(dueAt)} ${when}`;

/** What two people have erased is read nowhere any more. */
const checkErasures = (world: World, standings: readonly Standing[]): readonly string[] => {
  const erased = new Set(
    world.office.server.state.ledger.flatMap(({ entries }) => (entries === "all-wraps" ? [] : entries)),
  );
  return standings.flatMap(({ handset, views, isPresent }) =>
    [...views.values()]
      .filter(({ state }) => isPresent && state.history.some(({ mark }) => erased.has(mark.entry)))
      .map(() => `${handset.name} still reads what two people have erased.`),
  );
};

/**
 * Of a case that two people have destroyed nothing is read, and the server has no key of it, once one device knows it. A device
 * that never had its keys can tell as well.
 */
const checkShreddings = (world: World, truth: Truth, standings: readonly Standing[]): readonly string[] =>
  world.cases.flatMap((logId, index) => {
    const log = world.office.server.state.logs.get(logId);
    const seen = standings.filter(({ isPresent, views }) => isPresent && views.has(logId));
    const isKnown = seen.some(({ views }) => views.get(logId)?.isShredded === true);
    if (log === undefined || (!isKnown && !log.isShredded)) return [];
    const served = seen.filter(({ member }) => isServed(world, truth, log.serving, member));
    const reading = served.filter(({ views }) => (views.get(logId)?.state.history.length ?? 0) > 0);
    const unaware = served.filter(({ views }) => views.get(logId)?.isShredded !== true);
    return [
      ...unaware.map(({ handset }) => `${handset.name} cannot tell that case ${String(index)} was destroyed.`),
      ...(log.isShredded && log.wraps.length === 0 ? [] : [`The server still has keys of case ${String(index)}.`]),
      ...reading.map(({ handset }) => `${handset.name} still reads case ${String(index)}, which was destroyed.`),
    ];
  });

const isServed = ({ office }: World, { organisation }: Truth, serving: ReadonlySet<KeyId>, { id }: Member): boolean => {
  const own = organisation.current.people.get(id)?.receivingKey.keyId;
  const teams = [...office.server.state.organisations.values()].flatMap((each) => [...each.teams]);
  const behind = teams.flatMap(([team, people]) => (own !== undefined && people.has(own) ? [team] : []));
  return [own, ...behind].some((key) => key !== undefined && serving.has(key));
};

const checkTraces = ({ office }: World): readonly string[] => {
  const stored = office.members.flatMap(({ handsets }) =>
    handsets.flatMap((handset) => [...handset.contents().values()]),
  );
  const found = (where: string, traces: ReturnType<typeof tracesIn>): readonly string[] =>
    traces.map(({ sentence, writing }) => `Sentence ${String(sentence)} stands ${where} as ${writing}.`);
  return [
    ...found("on the server", tracesIn(office.server.heard)),
    ...found("in a device's storage", tracesIn(stored)),
  ];
};
