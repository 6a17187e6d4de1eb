/**
 * How people come: the first by a code that the operator gives out, the others through a place that a keeper opened; where the only
 * keeper is lost, through one that a member opened by another such code. There is no other way to an account.
 *
 * A code or an invitation that is unknown, over or used is one answer, and so is an account id that is someone's: who guesses
 * learns nothing.
 */

import { ok, type Instant } from "@amana/kernel";
import { equalBytes } from "@amana/log";
import { answersPerReadMax, type NewAccount } from "@amana/sync";
import { hashOfCode } from "../set-up-code.ts";
import { isSigningPublic } from "../sign-in/ed25519.ts";
import type { Storage } from "../storage/storage.ts";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";
import { readControl } from "./incoming.ts";

type Names =
  | "found"
  | "answer-invitation"
  | "open-invitation"
  | "open-come-back"
  | "let-back"
  | "close-invitation"
  | "read-answers";

const invitationHoursMax = 24;
/** Clocks differ; the device that made the invitation says when it ends. */
const clockMinutesMax = 10;

const answerRefusals = {
  InvitationSpent: "AlreadyUsed",
  AccountTaken: "AlreadyUsed",
  QuotaReached: "QuotaReached",
  StoreRestoring: "NotNow",
} as const;

export const peopleAnswers = ({ storage, quotas, accountsMax }: RelayPorts): Answers<Names> => ({
  found: async ({ code, account, log }, { now }) => {
    const control = log.kind === "organisation" && log.after === undefined ? readControl(log) : undefined;
    if (control === undefined || !isAccount(account)) return refused("NotUnderstood");
    const order = { codeHash: hashOfCode("found", code), account, control, quotas, now };
    const founded = await storage.foundOrganisation(order);
    if (founded.ok || (await isThere(storage, account))) return done;
    return refused(founded.error.type === "QuotaReached" ? "QuotaReached" : "AlreadyUsed");
  },
  "answer-invitation": async ({ invitation, answer, account }, { now }) => {
    if (!isAccount(account)) return refused("NotUnderstood");
    const answered = await storage.answerInvitation({ invitation, answer, account, accountsMax, now });
    if (answered.ok || (await isThere(storage, account))) return done;
    return refused(answerRefusals[answered.error.type]);
  },
  "open-invitation": async ({ invitation, expiresAt }, { by, now }) => {
    if (!isSoon(expiresAt, now)) return refused("NotUnderstood");
    return openPlace(storage, { by, invitation, expiresAt, now });
  },
  "open-come-back": async ({ code, invitation, expiresAt }, { by, now }) => {
    if (!isSoon(expiresAt, now)) return refused("NotUnderstood");
    const isStanding = await storage.isCodeStanding({ codeHash: hashOfCode("come-back", code), now });
    return isStanding ? openPlace(storage, { by, invitation, expiresAt, now }) : refused("AlreadyUsed");
  },
  "let-back": async ({ code, receivingKey }, { by, now }) => {
    const order = { by, codeHash: hashOfCode("come-back", code), receivingKey, now };
    const letBack = await storage.letBack(order);
    if (letBack.ok) return done;
    return refused(letBack.error.type === "SetUpCodeSpent" ? "AlreadyUsed" : "NotForYou");
  },
  "close-invitation": async ({ invitation }, { by }) => {
    await storage.closeInvitation({ by, invitation });
    return done;
  },
  "read-answers": async (_request, { by }) => {
    const answers = await storage.answersFor({ by });
    return ok({ answers: answers.slice(0, answersPerReadMax) });
  },
});

const isSoon = (expiresAt: Instant, now: Instant): boolean => {
  const hours = (expiresAt - now) / 3_600_000;
  return hours > 0 && hours <= invitationHoursMax + clockMinutesMax / 60;
};

type Place = Omit<Parameters<Storage["openInvitation"]>[0], "openMax">;

const openPlace = async (storage: Storage, place: Place): ReturnType<Answers["open-invitation"]> => {
  const opened = await storage.openInvitation({ ...place, openMax: answersPerReadMax });
  if (opened.ok) return done;
  return refused(opened.error.type === "InvitationTaken" ? "AlreadyUsed" : "QuotaReached");
};

/** The answer was lost on its way, and the same request came again: the account it would make is here, with the same keys. */
const isThere = async (storage: Storage, { account, loginPublic, receivingKey }: NewAccount): Promise<boolean> => {
  const known = await storage.accountById({ account });
  return known !== undefined && known.receivingKey === receivingKey && equalBytes(known.loginPublic, loginPublic);
};

const isAccount = ({ loginPublic }: NewAccount): boolean => isSigningPublic(loginPublic);
