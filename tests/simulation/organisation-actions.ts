/** What changes in the organisation of a simulation: roles, the policy, who comes, who leaves, whose keys are replaced. */

import type { Device } from "@amana/device";
import type { Handset } from "../device/handset.ts";
import { newMember, type Member } from "../device/office.ts";
import { attempt, handsetsOf, presentMembers, wake, type World } from "./world.ts";

const membersMax = 7;
const leaversMax = 2;

const weights = {
  confirm: 6,
  "give the role of supervisor": 3,
  "take the role of supervisor": 1,
  "set the policy": 2,
  "somebody leaves": 2,
  "somebody comes": 2,
  "somebody lost everything": 1,
  "replace a team's key": 1,
  "go on over a kept key": 1,
} as const;

export const actInOrganisation = async (world: World, member: Member, handset: Handset): Promise<string> => {
  const kind = world.chooser.weighted(weights);
  return `${kind}: ${await acts[kind](world, member, handset)}`;
};

type Act = (world: World, member: Member, handset: Handset) => Promise<string>;

const outcome = (answer: { readonly ok: boolean; readonly error?: unknown } | undefined): string =>
  answer === undefined ? "crash" : answer.ok ? "ok" : JSON.stringify(answer.error);

const supervisor = { role: "supervisor" } as const;

/** Without a line it waits. */
const decided = (answer: Awaited<ReturnType<Device["actOrWait"]>> | undefined): string =>
  answer?.ok === true ? answer.value.stands : outcome(answer);

/** Whose person nobody has seen yet stands in no list from which somebody could choose. */
const anybody = (world: World): Member =>
  // An office is never empty: two supervisors stay.
  world.chooser.pick(presentMembers(world).filter(({ id }) => id.length > 0)) as Member;

/** So that two of a young organisation become two persons now and then. */
const meet = async (world: World, handset: Handset): Promise<string> => {
  const answer = await attempt(handset, (device) => device.colleagues());
  const waiting = answer?.ok === true ? answer.value.filter(({ canConfirm }) => canConfirm) : [];
  const colleague = world.chooser.pick(waiting);
  if (colleague === undefined) return "nothing waits";
  return `a colleague ${outcome(await attempt(handset, (device) => device.confirmColleague(colleague.person)))}`;
};

const acts: Readonly<Record<keyof typeof weights, Act>> = {
  confirm: async (world, _member, handset) => {
    const standing = await attempt(handset, (device) => device.proposals());
    const proposal = world.chooser.pick(standing?.ok === true ? standing.value : []);
    if (proposal === undefined) return meet(world, handset);
    const confirmed = await attempt(handset, (device) => device.confirmProposal(proposal.entry));
    return `${proposal.event.type} ${outcome(confirmed)}`;
  },
  "give the role of supervisor": async (world, _member, handset) => {
    const { id } = anybody(world);
    return decided(
      await attempt(handset, (device) => device.actOrWait({ ...supervisor, type: "RoleGiven", person: id })),
    );
  },
  "take the role of supervisor": async (world, _member, handset) => {
    const { id } = anybody(world);
    return decided(
      await attempt(handset, (device) => device.actOrWait({ ...supervisor, type: "RoleTaken", person: id })),
    );
  },
  "set the policy": async (world, _member, handset) => {
    const policy = { retentionYears: world.chooser.below(20) };
    return decided(await attempt(handset, (device) => device.actOrWait({ type: "PolicySet", policy })));
  },
  "somebody leaves": async (world, member, handset) => {
    const leaving = anybody(world);
    if (world.left.size >= leaversMax || leaving === member) return "not now";
    const said = await attempt(handset, (device) => device.personLeft(leaving.id));
    // Without an answer it may have been taken all the same; who has left then is settled at the end.
    if (said?.ok === true) world.left.add(leaving);
    return `${leaving.name} ${outcome(said)}`;
  },
  "somebody comes": async (world, _member, handset) => {
    if (world.office.members.length >= membersMax) return "enough people";
    const name = `Newcomer${String(world.office.members.length)}`;
    const invited = await attempt(handset, (device) => device.openInvitation({ kind: "join", role: "caseworker" }, 60));
    if (invited?.ok !== true) return outcome(invited);
    const member = newMember(world.office, name);
    return answerOn(world, handset, member, invited.value);
  },
  "somebody lost everything": async (world, member, handset) => {
    const losing = anybody(world);
    if (losing === member) return "not now";
    const invitedFor = { kind: "come-back", person: losing.id } as const;
    const invited = await attempt(handset, (device) => device.openInvitation(invitedFor, 60));
    if (invited?.ok !== true) return outcome(invited);
    for (const lost of handsetsOf(world, losing)) world.lost.add(lost);
    return `${losing.name} ${await answerOn(world, handset, losing, invited.value)}`;
  },
  "replace a team's key": async (world, _member, handset) => {
    const organisation = await attempt(handset, (device) => device.organisation());
    const current = organisation?.ok === true ? organisation.value : undefined;
    const team = world.chooser.pick([...(current?.teams.values() ?? [])]);
    if (team === undefined) return "no team";
    return outcome(await attempt(handset, (device) => device.replaceTeamKey(team.id, [...team.supervisors])));
  },
  "go on over a kept key": async (_world, _member, handset) => {
    const unread = await attempt(handset, (device) => device.unreadOfOrganisation());
    if (unread?.ok !== true || unread.value.length === 0) return "nothing unread";
    return outcome(await attempt(handset, (device) => device.passOverOrganisation()));
  },
};

/** Accepts on a new device, and the inviter confirms at once; what fails on the way stays as it is. */
const answerOn = async (
  world: World,
  inviter: Handset,
  member: Member,
  { id, invitation }: { readonly id: string; readonly invitation: Uint8Array<ArrayBuffer> },
): Promise<string> => {
  const added = world.office.newHandset(member);
  world.passwords.set(added, member.password);
  const accepting = { invitation, password: member.password, language: "ckb" };
  const accepted = await attempt(added, (device) => device.acceptInvitation(accepting));
  if (accepted?.ok !== true) {
    world.lost.add(added);
    return `does not accept: ${outcome(accepted)}`;
  }
  member.kit = accepted.value.kit;
  const answers = await attempt(inviter, (device) => device.readAnswers());
  const answer = answers?.ok === true ? answers.value.find((each) => each.id === id) : undefined;
  if (answer === undefined) return `no answer yet: ${outcome(answers)}`;
  const confirmed = await attempt(inviter, (device) => device.confirmAnswer(id, answer.answer));
  if (await wake(world, member, added)) await attempt(added, (device) => device.sync());
  const own = await attempt(added, (device) => device.ownPerson());
  if (own?.ok === true && own.value !== undefined) member.id = own.value;
  return outcome(confirmed);
};
