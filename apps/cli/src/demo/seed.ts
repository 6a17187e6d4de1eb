/**
 * Fills an empty server with an invented organisation: one supervisor, three caseworkers, forty cases. Each of them works
 * on a device of their own, the one that ships, so that what is seeded is what people would have written.
 */

import { assert, later, type Instant, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { makeMemoryStore, openDevice, type Device, type DevicePorts } from "@amana/device";
import { argon2idKdf, platformDeflate, platformRandomness, type PersonId, type ProviderId } from "@amana/vault";
import { openCase } from "./orders.ts";
import type { DemoProvider } from "./providers.ts";
import type { Step, Story } from "./stories.ts";

export type SeedPorts = Pick<DevicePorts, "transport" | "guidance" | "origin"> & {
  readonly setUpCode: DevicePorts["randomness"] extends (length: number) => infer Bytes ? Bytes : never;
  /** The present, in which the demo begins. */
  readonly now: Instant;
  /** The server's clock is set along with the devices', so that the past can be written. */
  readonly setClock: (now: Instant) => void;
  readonly onCase: (done: number, of: number) => void;
  readonly told: Demo;
};

/** What an organisation is made of, beside its people. */
export type Demo = { readonly stories: readonly Story[]; readonly providers: readonly DemoProvider[] };

export type SeededPerson = {
  readonly name: string;
  readonly role: "supervisor" | "caseworker";
  readonly kit: string;
  readonly password: string;
};

type Colleague = SeededPerson & { readonly id: PersonId; readonly device: Device };

const hourMilliseconds = 3_600_000;
/** Before the oldest case, and late enough that nobody has to sign in anew meanwhile. */
const setUpHoursAgo = 20 * 24;
const supervisorName = "Nasrin";
const caseworkerNames = ["Shilan", "Omar", "Hevî"] as const;

export const seedDemo = async (ports: SeedPorts): Promise<readonly SeededPerson[]> => {
  const clock = makeClock(ports);
  clock.setHoursAgo(setUpHoursAgo);
  const supervisor = await foundOrganisation(ports, clock);
  const caseworkers: Colleague[] = [];
  for (const name of caseworkerNames) caseworkers.push(await enrol(ports, clock, supervisor, name));
  await formTeam(supervisor, caseworkers);
  for (const { device } of caseworkers) must(await device.sync());
  await meet(caseworkers);
  await listProviders(ports, supervisor, caseworkers);
  await tellStories(ports, clock, supervisor, caseworkers);
  return [supervisor, ...caseworkers].map(({ name, role, kit, password }) => ({ name, role, kit, password }));
};

type DemoClock = { readonly now: () => Instant; readonly setHoursAgo: (hours: number) => void };

const makeClock = ({ now, setClock }: SeedPorts): DemoClock => {
  let current = now;
  return {
    now: () => current,
    setHoursAgo: (hours) => {
      current = later(now, -Math.round(hours * hourMilliseconds));
      setClock(current);
    },
  };
};

const newDevice = ({ transport, guidance, origin }: SeedPorts, { now }: DemoClock): Device =>
  openDevice({
    store: makeMemoryStore(),
    transport,
    guidance,
    origin,
    clock: now,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
  });

const foundOrganisation = async (ports: SeedPorts, clock: DemoClock): Promise<Colleague> => {
  const device = newDevice(ports, clock);
  const password = device.suggestPassword();
  const { kit } = must(await device.found({ code: ports.setUpCode, password, language: "en" }));
  const id = await knownPerson(device);
  must(await device.namePerson(id, supervisorName));
  return { name: supervisorName, role: "supervisor", kit, password, id, device };
};

/** As people do: the invitation goes from screen to camera, both read the same words, and a person confirms. */
const enrol = async (ports: SeedPorts, clock: DemoClock, supervisor: Colleague, name: string): Promise<Colleague> => {
  const device = newDevice(ports, clock);
  const password = device.suggestPassword();
  const opened = must(await supervisor.device.openInvitation({ kind: "join", role: "caseworker" }, 60));
  const accepted = must(await device.acceptInvitation({ invitation: opened.invitation, password, language: "en" }));
  const answers = must(await supervisor.device.readAnswers());
  const answer = answers.find(({ id }) => id === opened.id);
  assert(answer?.outcome.kind === "to-compare", "An answer to an invitation did not come.");
  assert(answer.outcome.words.join() === accepted.words.join(), "Both ends read other words.");
  must(await supervisor.device.confirmAnswer(opened.id, answer.answer));
  const id = await knownPerson(device);
  must(await supervisor.device.namePerson(id, name));
  return { name, role: "caseworker", kit: accepted.kit, password, id, device };
};

const knownPerson = async (device: Device): Promise<PersonId> => {
  must(await device.sync());
  const person = must(await device.ownPerson());
  assert(person !== undefined, "Whoever was confirmed knows who they are.");
  return person;
};

const formTeam = async (supervisor: Colleague, caseworkers: readonly Colleague[]): Promise<void> => {
  const { device } = supervisor;
  const team = must(await device.newTeamId());
  must(await device.formTeam(team, [supervisor.id]));
  must(await device.nameTeam(team, "Response team"));
  for (const { id } of caseworkers) must(await device.joinTeam(team, id));
};

/** Whoever was here says whom they have met. The last to come has met nobody but the supervisor yet. */
const meet = async ([first, second]: readonly Colleague[]): Promise<void> => {
  if (first !== undefined && second !== undefined) must(await first.device.confirmColleague(second.id));
};

/** Each on the day when somebody is said to have asked; what a caseworker proposes waits until the demo begins. */
const listProviders = async (
  { now, told }: SeedPorts,
  supervisor: Colleague,
  [proposer = supervisor]: readonly Colleague[],
): Promise<void> => {
  for (const { id, checkedDaysAgo, isProposed, ...said } of told.providers) {
    // The ids are of the form that the log asks for, or it refuses them.
    const provider = id as ProviderId;
    const checkedOn = new Date(later(now, -checkedDaysAgo * 24 * hourMilliseconds)).toISOString().slice(0, 10);
    const { device } = isProposed ? proposer : supervisor;
    must(await device.listProvider({ ...said, provider, checkedOn }, { replaces: undefined }));
  }
};

type Told = { readonly story: Story; readonly step: Step | undefined; readonly hoursAgo: number };

/** All steps of all stories in the order of their moments, because no device writes into its own past. */
const tellStories = async (
  ports: SeedPorts,
  clock: DemoClock,
  supervisor: Colleague,
  caseworkers: readonly Colleague[],
): Promise<void> => {
  const { stories } = ports.told;
  const steps = stories.flatMap((story): readonly Told[] => [
    { story, step: undefined, hoursAgo: story.openedHoursAgo },
    ...story.steps.map((step) => ({ story, step, hoursAgo: story.openedHoursAgo - step.hours })),
  ]);
  const caseByStory = new Map<Story, LogId>();
  const lastByStory = new Map<Story, Colleague>();
  for (const { story, step, hoursAgo } of steps.toSorted((one, other) => other.hoursAgo - one.hoursAgo)) {
    const caseworker = caseworkers[story.caseworker];
    assert(caseworker !== undefined, "A story names a caseworker who is not there.");
    clock.setHoursAgo(hoursAgo);
    if (step === undefined) {
      const command = openCase(story.code, clock.now(), story.wording);
      caseByStory.set(story, must(await caseworker.device.openCase(command)).logId);
      lastByStory.set(story, caseworker);
      ports.onCase(caseByStory.size, stories.length);
      continue;
    }
    const by = step.by === "supervisor" ? supervisor : caseworker;
    const last = lastByStory.get(story);
    if (last !== undefined && last !== by) for (const { device } of [last, by]) must(await device.sync());
    lastByStory.set(story, by);
    await tellStep(by, caseByStory.get(story), step, clock);
  }
  clock.setHoursAgo(0);
  for (const { device } of [...caseworkers, supervisor]) must(await device.sync());
};

const tellStep = async (
  { device }: Colleague,
  logId: LogId | undefined,
  step: Step,
  clock: DemoClock,
): Promise<void> => {
  assert(logId !== undefined, "A story goes on before its case was opened.");
  const { state } = must(await device.viewCase(logId));
  must(await device.tell(logId, step.command({ now: clock.now(), state })));
};

/** The demo's own steps are never refused; the name of the refusal holds nothing of a case. */
const must = <T>(result: Result<T, { readonly type: string }>): T => {
  if (!result.ok) throw new Error(`A step of the demo was refused: ${result.error.type}`);
  return result.value;
};
