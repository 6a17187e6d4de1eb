/** The organisation as the page asks for it: people, invitations, what waits for a second person, who can read a case. */

import type { Actor, CaseRole, PersonId as CasePersonId } from "@amana/casefile";
import type { Device, WantedAct } from "@amana/device";
import { err, ok } from "@amana/kernel";
import type { Bytes, EntryHash, LogId } from "@amana/log";
import type { Organisation, OrganisationEvent, PersonId, RecoveryKey, TeamId } from "@amana/vault";
import type { AnswerView, Face, TeamAct, TeamView } from "../wire/face.ts";
import { invitationRefused, refusedOr, settled } from "./account.ts";
import { actedOrPending } from "./pending.ts";
import { textOfBytes } from "./texts.ts";
import type { Unlockable } from "./after-unlock.ts";

type TeamOffers = Pick<
  Face,
  | "team"
  | "invite"
  | "answers"
  | "confirmInvited"
  | "closeInvitation"
  | "actOnTeam"
  | "dropPendingChange"
  | "makeSheets"
  | "proposeSheets"
>;

const organisationOf = async ({ device }: Unlockable): Promise<Organisation | undefined> => {
  const answer = await device().organisation();
  return answer.ok ? answer.value : undefined;
};

/** Who works here, by the organisation's own word. Nothing before it has confirmed this person. */
const meIn = async (holding: Unlockable): Promise<PersonId | undefined> => {
  const answer = await holding.device().ownPerson();
  return answer.ok ? answer.value : undefined;
};

/** The case file speaks of the same people by the same ids, under a brand of its own. */
const asCasePerson = (person: string): CasePersonId => person as CasePersonId;

export const actorOf = async (holding: Unlockable): Promise<Actor | undefined> => {
  const [organisation, me] = [await organisationOf(holding), await meIn(holding)];
  if (organisation === undefined || me === undefined) return undefined;
  const person = organisation.people.get(me);
  const roles = (["caseworker", "supervisor"] as const).filter(
    (role): role is CaseRole => person?.roles.has(role) === true,
  );
  return { person: asCasePerson(me), roles };
};

/** How many others could open a case beside this person. */
export const openersElsewhere = async (holding: Unlockable): Promise<number> => {
  const [organisation, me] = [await organisationOf(holding), await meIn(holding)];
  return [...(organisation?.people.values() ?? [])].filter(
    ({ id, hasLeft, roles }) => id !== me && !hasLeft && (roles.has("caseworker") || roles.has("supervisor")),
  ).length;
};

export const teamOffers = (holding: Unlockable): TeamOffers => {
  const { device } = holding;
  // What came for an invitation is confirmed as it was compared, byte for byte.
  const answersById = new Map<string, Bytes>();
  let proposed: RecoveryKey | undefined;
  return {
    team: () => readTeam(holding),
    invite: async (role, minutes) => {
      const opened = await device().openInvitation({ kind: "join", role }, minutes);
      if (!opened.ok) return invitationRefused(opened.error);
      return ok({ id: opened.value.id, invitation: textOfBytes(opened.value.invitation) });
    },
    answers: async () => {
      const read = await device().readAnswers();
      if (!read.ok) return invitationRefused(read.error);
      for (const { id, answer, outcome } of read.value) if (outcome.kind === "to-compare") answersById.set(id, answer);
      return ok(read.value.map(({ id, outcome }): AnswerView => ({ id, outcome: shownOutcome(outcome) })));
    },
    confirmInvited: async (id) => {
      const answer = answersById.get(id);
      if (answer === undefined) return err({ type: "NotThere" });
      const confirmed = await device().confirmAnswer(id, answer);
      return confirmed.ok ? ok(null) : invitationRefused(confirmed.error);
    },
    closeInvitation: async (id) => settled(await device().closeInvitation(id)),
    actOnTeam: (act) => actOnTeam(device(), act),
    dropPendingChange: async (number) => settled(await device().dropPendingChange(number)),
    makeSheets: async (k, n) => {
      const made = await device().makeSheets(k, n);
      if (!made.ok) return refusedOr(made);
      proposed = made.value.recoveryKey;
      return ok(made.value.sheets);
    },
    proposeSheets: async () =>
      proposed === undefined
        ? err({ type: "NotThere" })
        : actedOrPending(await device().actOrWait({ type: "RecoveryKeySet", recoveryKey: proposed })),
  };
};

type Received = Extract<Awaited<ReturnType<Device["readAnswers"]>>, { ok: true }>["value"][number];

const shownOutcome = (outcome: Received["outcome"]): AnswerView["outcome"] => {
  if (outcome.kind === "refused") return { kind: "refused", type: outcome.error.type };
  return outcome.kind === "confirmed" ? { kind: "confirmed" } : outcome;
};

/** Ids come back as the device gave them to the page. */
const personOf = (id: string): PersonId => id as PersonId;

const actOnTeam = async (device: Device, act: TeamAct): ReturnType<Face["actOnTeam"]> => {
  if (act.type === "PassOver") return settled(await device.passOverOrganisation());
  if ("log" in act) return settled(await changeAccess(device, act));
  return actedOrPending(await device.actOrWait(wantedOf(act)));
};

type AccessAct = Extract<TeamAct, { readonly log: string }>;

const changeAccess = (device: Device, act: AccessAct) => {
  // As above.
  const logId = act.log as LogId;
  switch (act.type) {
    case "GiveAccess":
      return device.giveAccess(logId, { kind: "person", person: personOf(act.person) });
    case "TakeAccess":
      return device.takeAccess(logId, { kind: "person", person: personOf(act.person) });
    case "OpenForTeam":
      return device.giveAccess(logId, { kind: "team", team: act.team as TeamId }); // As above.
    case "CloseForTeam":
      return device.takeAccess(logId, { kind: "team", team: act.team as TeamId }); // As above.
    default:
      return act satisfies never;
  }
};

const wantedOf = (act: Exclude<TeamAct, AccessAct | { readonly type: "PassOver" }>): WantedAct => {
  switch (act.type) {
    case "GiveRole":
      return { type: "RoleGiven", person: personOf(act.person), role: act.role };
    case "TakeRole":
      return { type: "RoleTaken", person: personOf(act.person), role: act.role };
    case "PersonLeft":
    case "PersonMet":
      return { type: act.type, person: personOf(act.person) };
    case "NamePerson":
      return { type: "PersonNamed", person: personOf(act.person), name: act.name };
    case "Confirm":
      return { type: "Confirmed", proposal: act.proposal as EntryHash }; // As above.
    default:
      return act satisfies never;
  }
};

/** The newest; whoever needs an older one asks for the log itself. */
const changesShownMax = 200;

const readTeam = async (holding: Unlockable): Promise<TeamView> => {
  const { device } = holding;
  const [organisation, me] = [await organisationOf(holding), await meIn(holding)];
  const proposals = await device().proposals();
  const invitations = await device().invitations();
  const colleagues = await device().colleagues();
  const unread = await device().unreadOfOrganisation();
  const known = new Map((colleagues.ok ? colleagues.value : []).map((each) => [each.person, each]));
  const roles = me === undefined ? undefined : organisation?.people.get(me)?.roles;
  return {
    isKnown: organisation !== undefined && me !== undefined,
    people: [...(organisation?.people.values() ?? [])].map((person, place) => ({
      id: person.id,
      number: place + 1,
      name: organisation?.namesById.get(person.id),
      roles: [...person.roles],
      isMe: person.id === me,
      hasLeft: person.hasLeft,
      unmet: unmetOf(known.get(person.id)),
      formerNames: organisation?.formerNamesById.get(person.id) ?? [],
    })),
    invitations: invitations.ok
      ? invitations.value
          .filter(({ confirmed }) => confirmed === undefined)
          .map(({ id, invitedFor }) => ({
            id,
            role: invitedFor.kind === "join" ? invitedFor.role : undefined,
            person: invitedFor.kind === "join" ? undefined : invitedFor.person,
          }))
      : [],
    recovery: organisation?.recoveryKey === undefined ? undefined : sheetsOf(organisation.recoveryKey),
    waiting: proposals.ok
      ? proposals.value.map(({ entry, event, by, about, canConfirm }) => ({
          id: entry,
          by,
          canConfirm,
          ...aboutOf(event, about, organisation),
        }))
      : [],
    unreadBy: unread.ok ? unread.value.map(({ by }) => by) : [],
    changes: (organisation?.changesOfReading ?? [])
      .slice(-changesShownMax)
      .map(({ entry, event, by, about, proposedAt, confirmedBy, confirmedAt }) => ({
        ...{ id: entry, by, proposedAt, confirmedBy, confirmedAt },
        ...aboutOf(event, about, organisation),
      }))
      .reverse(),
    isSupervisor: roles?.has("supervisor") === true,
    isKeeper: roles?.has("supervisor") === true || roles?.has("administrator") === true,
  };
};

type Colleague = Extract<Awaited<ReturnType<Device["colleagues"]>>, { ok: true }>["value"][number];

const unmetOf = (colleague: Colleague | undefined): TeamView["people"][number]["unmet"] => {
  if (colleague?.waitsForMeeting !== true) return undefined;
  const { broughtBy, canConfirm } = colleague;
  return { broughtBy, canConfirm };
};

const sheetsOf = ({ k, n }: RecoveryKey) => ({ k, n });

type About = Pick<TeamView["waiting"][number], "what" | "about" | "role" | "sheets" | "names">;

const aboutOf = (
  event: OrganisationEvent,
  about: PersonId | undefined,
  organisation: Organisation | undefined,
): About => ({
  what: event.type,
  about: "person" in event ? event.person : about,
  role: "role" in event ? event.role : undefined,
  sheets: event.type === "RecoveryKeySet" && event.recoveryKey !== undefined ? sheetsOf(event.recoveryKey) : undefined,
  names: namesIn(event, organisation),
});

const namesIn = (event: OrganisationEvent, organisation: Organisation | undefined): About["names"] => {
  if (event.type === "ProviderListed") return event.listing.names;
  if (event.type === "ProviderClosed") return organisation?.providers.get(event.provider)?.names;
  const team = event.type === "TeamKeyReplaced" ? organisation?.namesById.get(event.team.id) : undefined;
  return team === undefined ? undefined : { team };
};
