/** The record of the invitations this device has opened, and of what became of each. */

import { assert } from "@amana/kernel";
import { fromHex, toHex, type Bytes, type CborValue } from "@amana/log";
import type { PersonId, Role } from "@amana/vault";
import { bytesFrom, listFrom, orNothing, textFrom } from "../logs/own-values.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

/** What a person is invited for: to join, or to come back with new keys after all of theirs were lost. */
export type InvitedFor =
  | { readonly kind: "join"; readonly role: InvitedRole }
  | {
      readonly kind: "come-back";
      readonly person: PersonId;
      /** From the operator, where nobody is left who could open a place and tell the server: until it is used. */
      readonly code?: Bytes | undefined;
    };
export type InvitedRole = Exclude<Role, "supervisor">;

export type OpenedInvitation = {
  /** In hexadecimal digits. */
  readonly id: string;
  /** As the camera is shown it. With its secret: whoever holds it can answer. */
  readonly invitation: Bytes;
  readonly invitedFor: InvitedFor;
  /** The one answer that a person has confirmed, with the id that person has or gets. No other ever counts. */
  readonly confirmed: { readonly answer: Bytes; readonly person: PersonId } | undefined;
};

/** Those that are over go first. */
const invitationsMax = 500;

const name = recordName("invitations");

export const readInvitations = async ({ records }: Unlocked): Promise<readonly OpenedInvitation[]> => {
  const content = await records.read(name);
  return content === undefined ? [] : listFrom(content).map(invitationFrom);
};

export const writeInvitations = async (
  { records }: Unlocked,
  invitations: readonly OpenedInvitation[],
): Promise<void> => records.write(name, invitations.slice(-invitationsMax).map(contentOf));

const contentOf = ({ id, invitation, invitedFor, confirmed }: OpenedInvitation): CborValue => [
  bytesOfHex(id),
  invitation,
  invitedFor.kind,
  invitedFor.kind === "join" ? invitedFor.role : bytesOfHex(invitedFor.person),
  confirmed === undefined ? null : [confirmed.answer, bytesOfHex(confirmed.person)],
  (invitedFor.kind === "come-back" ? invitedFor.code : undefined) ?? null,
];

const bytesOfHex = (text: string): Bytes => {
  const bytes = fromHex(text);
  assert(bytes !== undefined, "An id is not written in hexadecimal digits.");
  return bytes;
};

const invitationFrom = (content: CborValue): OpenedInvitation => {
  const [id, invitation, kind, about, confirmed, code = null] = listFrom(content);
  const rest = { id: toHex(bytesFrom(id)), invitation: bytesFrom(invitation), confirmed: confirmedFrom(confirmed) };
  const invitedFor: InvitedFor =
    kind === "join"
      ? { kind, role: roleFrom(about) }
      : { kind: "come-back", person: personFrom(about), code: orNothing(code, bytesFrom) };
  return { ...rest, invitedFor };
};

const confirmedFrom = (content: CborValue | undefined): OpenedInvitation["confirmed"] =>
  orNothing(content, (value) => {
    const [answer, person] = listFrom(value);
    return { answer: bytesFrom(answer), person: personFrom(person) };
  });

const roleFrom = (content: CborValue | undefined): InvitedRole =>
  textFrom(content) === "administrator" ? "administrator" : "caseworker";

/** What was written as the id of a person is one. */
const personFrom = (content: CborValue | undefined): PersonId => toHex(bytesFrom(content)) as PersonId;
