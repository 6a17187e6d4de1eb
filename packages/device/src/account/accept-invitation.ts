/**
 * Accepting an invitation: this device makes its person's keys and answers. Nothing of the organisation is served until
 * the inviter has compared the words with this person and confirmed.
 */

import { err, ok, type Result } from "@amana/kernel";
import { isCborArray, toHex, type Bytes } from "@amana/log";
import { wire } from "@amana/sync";
import {
  answerInvitation,
  clearSecret,
  deriveAccount,
  encodeAnswer,
  makeAccountSecret,
  makeAccountVault,
  makeDeviceVault,
  parseInvitation,
  sealAccountVault,
  wordsToCompare,
  type Invitation,
} from "@amana/vault";
import type { DevicePorts } from "../ports.ts";
import { enrol, type Enrolled } from "./enrolment.ts";
import { mayEnrol, type FoundError } from "./found.ts";
import type { TellPerson } from "./opened-device.ts";
import { writeExpected } from "./own-organisation.ts";
import type { PasswordRule } from "./password-rule.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

export type Accepting = {
  /** As the camera read it. */
  readonly invitation: Bytes;
  readonly password: string;
  readonly language: string;
};

export type Accepted = Enrolled & {
  /** To be read aloud and compared with the inviter's. */
  readonly words: readonly string[];
};

export type InvitationError = { readonly type: "NotAnInvitation" } | { readonly type: "InvitationExpired" };
export type AcceptError = FoundError | InvitationError;

const wordsName = recordName("words");

export const acceptInvitation = async (
  ports: DevicePorts,
  rule: PasswordRule,
  accepting: Accepting,
  tellPerson: TellPerson,
): Promise<Result<Accepted, AcceptError>> => {
  const read = readInvitation(ports, accepting.invitation);
  if (!read.ok) return read;
  const invitation = read.value;
  const allowed = await mayEnrol(ports, rule, accepting.password);
  if (!allowed.ok) return allowed;
  const accountSecret = makeAccountSecret(ports.randomness);
  const account = await deriveAccount(accountSecret, accepting.password, ports.kdf);
  const own = { ...(await makeAccountVault(ports.randomness)), root: invitation.root };
  const deviceVault = makeDeviceVault(ports.randomness, 1);
  const accountVault = await sealAccountVault(own, account, 1, ports);
  const answer = await answerInvitation(invitation, own);
  clearSecret(invitation.secret);
  const words = wordsToCompare(answer);
  const body = wire["answer-invitation"].encodeRequest({
    invitation: answer.invitationId,
    answer: encodeAnswer(answer),
    account: {
      account: toHex(account.accountId),
      loginPublic: account.loginKey.publicKey,
      receivingKey: own.receivingKey.keyId,
      vault: accountVault,
    },
  });
  const enrolled = await enrol(
    ports,
    {
      opening: { account, own, deviceVault },
      accountSecret,
      accountVault,
      language: accepting.language,
      request: { name: "answer-invitation", body },
      records: async (records) => [
        ...(await writeExpected(records, invitation.organisationHead)),
        ...(await records.changes(wordsName, words)),
      ],
    },
    tellPerson,
  );
  return enrolled.ok ? ok({ ...enrolled.value, words }) : enrolled;
};

const readInvitation = ({ clock }: DevicePorts, bytes: Bytes): Result<Invitation, InvitationError> => {
  const invitation = parseInvitation(bytes);
  if (invitation === undefined) return err({ type: "NotAnInvitation" });
  if (clock() < invitation.expiresAt) return ok(invitation);
  clearSecret(invitation.secret);
  return err({ type: "InvitationExpired" });
};

/** As soon as it is brought, before a password is chosen. Nothing is sent, and whether it was used the server knows alone. */
export const checkInvitation = (ports: DevicePorts, bytes: Bytes): Result<undefined, InvitationError> => {
  const read = readInvitation(ports, bytes);
  if (!read.ok) return read;
  clearSecret(read.value.secret);
  return ok(undefined);
};

/** The same words again, until the inviter has confirmed; nothing on a device that was not invited. */
export const wordsOfOwnAnswer = async ({ records }: Unlocked): Promise<readonly string[] | undefined> => {
  const content = await records.read(wordsName);
  return content !== undefined && isCborArray(content) ? content.map(String) : undefined;
};
