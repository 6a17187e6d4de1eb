/**
 * Invitations, on the inviter's device: a place is opened, an answer comes, its MAC, age and single use are checked here,
 * two people compare words, and one of them confirms. Nothing of it happens by itself.
 */

import { assert, err, ok, type Instant, type Result } from "@amana/kernel";
import { equalBytes, toHex, type Bytes } from "@amana/log";
import type { WireError, WireRefusal } from "@amana/sync";
import {
  checkAnswer,
  encodeInvitation,
  invitationId,
  makeInvitation,
  makePersonId,
  parseAnswer,
  parseInvitation,
  wordsToCompare,
  type AnswerError,
  type Invitation,
  type PersonId,
  type PersonKeys,
} from "@amana/vault";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { readInvitations, writeInvitations, type InvitedFor, type OpenedInvitation } from "./invitation-record.ts";
import { actInOrganisation, type ActError, type Acted } from "./organisation-act.ts";

export type InviteError = WireError | { readonly type: "OrganisationUnknown" };

/** The invitation as the camera is shown it: for one person, for a day at most. */
export const openInvitation = async (
  unlocked: Unlocked,
  invitedFor: InvitedFor,
  minutes: number,
): Promise<Result<{ readonly id: string; readonly invitation: Bytes; readonly expiresAt: Instant }, InviteError>> => {
  const root = unlocked.organisation()?.root;
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  const head = reading?.review.controlLine.at(-1);
  if (root === undefined || head === undefined) return err({ type: "OrganisationUnknown" });
  const about = { root, organisationHead: head, inviter: unlocked.own.identityKey.keyId };
  const invitation = makeInvitation(about, unlocked.ports.randomness, unlocked.now(), minutes);
  const idInBytes = await invitationId(invitation);
  const opened = { id: toHex(idInBytes), invitation: encodeInvitation(invitation), invitedFor, confirmed: undefined };
  await changeInvitations(unlocked, (invitations) => [...invitations, opened]);
  const { expiresAt } = invitation;
  const place = { invitation: idInBytes, expiresAt };
  const code = invitedFor.kind === "come-back" ? invitedFor.code : undefined;
  const answer =
    code === undefined
      ? await unlocked.ask("open-invitation", place)
      : await unlocked.ask("open-come-back", { code, ...place });
  return answer.ok ? ok({ id: opened.id, invitation: opened.invitation, expiresAt }) : answer;
};

/** Nobody can answer it any more, and no answer to it counts here. */
export const closeInvitation = async (unlocked: Unlocked, id: string): Promise<Result<undefined, WireError>> => {
  const opened = (await listInvitations(unlocked)).find((each) => each.id === id);
  await changeInvitations(unlocked, (invitations) => invitations.filter((each) => each.id !== id));
  if (opened === undefined) return ok(undefined);
  const answer = await unlocked.ask("close-invitation", { invitation: await invitationId(invitationIn(opened)) });
  return answer.ok ? ok(undefined) : answer;
};

export const listInvitations = (unlocked: Unlocked): Promise<readonly OpenedInvitation[]> =>
  unlocked.inTurn(() => readInvitations(unlocked));

export type AnswerReceived = {
  readonly id: string;
  readonly invitedFor: InvitedFor;
  readonly answer: Bytes;
  /** To be read aloud and compared; or why this answer never counts. */
  readonly outcome:
    | { readonly kind: "to-compare"; readonly words: readonly string[] }
    | { readonly kind: "confirmed"; readonly person: PersonId }
    | { readonly kind: "refused"; readonly error: AnswerError };
};

/** What has come for this device's own invitations. Answers to others are not its business. */
export const readAnswers = async (unlocked: Unlocked): Promise<Result<readonly AnswerReceived[], WireError>> => {
  const read = await unlocked.ask("read-answers", {});
  if (!read.ok) return read;
  const invitations = await listInvitations(unlocked);
  const received: AnswerReceived[] = [];
  for (const { invitation, answer } of read.value.answers) {
    const opened = invitations.find(({ id }) => id === toHex(invitation));
    if (opened === undefined) continue;
    const { id, invitedFor } = opened;
    received.push({ id, invitedFor, answer, outcome: await outcomeOf(unlocked, opened, answer) });
  }
  return ok(received);
};

export type ConfirmError = ActError | AnswerError | { readonly type: "InvitationUnknown" };

/**
 * A person has compared the words and says that they are the same. The answer is remembered as the only one before anything
 * is sent, so that no other can take its place. New keys of a colleague wait for a second person.
 */
export const confirmAnswer = async (
  unlocked: Unlocked,
  id: string,
  answer: Bytes,
): Promise<Result<Acted, ConfirmError>> => {
  const chosen = await unlocked.inTurn(() => chooseAnswer(unlocked, id, answer));
  if (!chosen.ok) return chosen;
  const { person, keys, invitedFor } = chosen.value;
  return invitedFor.kind === "join"
    ? actInOrganisation(unlocked, { type: "PersonEnrolled", person, role: invitedFor.role, ...keys })
    : actInOrganisation(unlocked, { type: "KeysReplaced", person, ...keys });
};

/**
 * With each sync: once two people have given whoever comes back their new keys, the server is told by the code of the operator
 * that their account keeps the organisation. Never before, whoever answered the invitation.
 */
export const letBack = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  for (const opened of await listInvitations(unlocked)) {
    const { confirmed, invitedFor } = opened;
    if (invitedFor.kind !== "come-back" || invitedFor.code === undefined || confirmed === undefined) continue;
    const keys = await unlocked.inTurn(() => keysIn(unlocked, opened, confirmed.answer));
    const reading = await unlocked.inTurn(() => organisationReading(unlocked));
    const { code, person } = invitedFor;
    const receivingKey = reading?.current.people.get(person)?.receivingKey.keyId;
    if (receivingKey === undefined || !keys.ok || keys.value.receivingKey.keyId !== receivingKey) continue;
    const told = await unlocked.ask("let-back", { code, receivingKey });
    if (!told.ok) {
      if (told.error.type === "Unreachable") return told;
      if (!isOver(told.error.code)) continue;
    }
    await changeInvitations(unlocked, (invitations) =>
      invitations.map((each) =>
        each.id === opened.id ? { ...each, invitedFor: { ...invitedFor, code: undefined } } : each,
      ),
    );
  }
  return ok(undefined);
};

/** The code was used, or its time is over: asking again would change nothing. Anything else may be otherwise the next time. */
const isOver = (code: WireRefusal): boolean => code === "AlreadyUsed" || code === "NotForYou";

type Chosen = { readonly person: PersonId; readonly keys: PersonKeys; readonly invitedFor: InvitedFor };

const chooseAnswer = async (unlocked: Unlocked, id: string, answer: Bytes): Promise<Result<Chosen, ConfirmError>> => {
  const invitations = await readInvitations(unlocked);
  const opened = invitations.find((each) => each.id === id);
  if (opened === undefined) return err({ type: "InvitationUnknown" });
  const { invitedFor, confirmed } = opened;
  const keys = await keysIn(unlocked, opened, answer);
  if (!keys.ok) return keys;
  const fresh = invitedFor.kind === "join" ? makePersonId(unlocked.ports.randomness) : invitedFor.person;
  const person = confirmed?.person ?? fresh;
  const chosen = { ...opened, confirmed: { answer, person } };
  await writeInvitations(
    unlocked,
    invitations.map((each) => (each.id === id ? chosen : each)),
  );
  return ok({ person, keys: keys.value, invitedFor });
};

const outcomeOf = async (
  unlocked: Unlocked,
  opened: OpenedInvitation,
  answer: Bytes,
): Promise<AnswerReceived["outcome"]> => {
  const keys = await keysIn(unlocked, opened, answer);
  if (!keys.ok) return { kind: "refused", error: keys.error };
  if (opened.confirmed !== undefined) return { kind: "confirmed", person: opened.confirmed.person };
  const parsed = parseAnswer(answer);
  assert(parsed.ok, "An answer was checked that cannot be read.");
  return { kind: "to-compare", words: wordsToCompare(parsed.value) };
};

/** The keys in an answer that counts. The one that was confirmed goes on counting when the invitation is over. */
const keysIn = async (
  unlocked: Unlocked,
  opened: OpenedInvitation,
  bytes: Bytes,
): Promise<Result<PersonKeys, AnswerError>> => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const { confirmed, id } = opened;
  const isConfirmed = confirmed !== undefined && equalBytes(confirmed.answer, bytes);
  const invitation = invitationIn(opened);
  const used = new Set(confirmed === undefined || isConfirmed ? [] : [id]);
  // Its age was checked when it was confirmed.
  const at = isConfirmed ? (Math.min(unlocked.now(), invitation.expiresAt - 1) as Instant) : unlocked.now();
  return checkAnswer(invitation, answer.value, at, used);
};

const invitationIn = ({ invitation }: OpenedInvitation): Invitation => {
  const parsed = parseInvitation(invitation);
  assert(parsed !== undefined, "An invitation is kept that this device did not make.");
  return parsed;
};

const changeInvitations = (
  unlocked: Unlocked,
  change: (invitations: readonly OpenedInvitation[]) => readonly OpenedInvitation[],
): Promise<void> => unlocked.inTurn(async () => writeInvitations(unlocked, change(await readInvitations(unlocked))));
