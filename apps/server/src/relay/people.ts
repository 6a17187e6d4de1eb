/**
 * How people come: the first by a code that the operator gives out, the others through a place that a keeper opened. There is no
 * other way to an account.
 *
 * A code or an invitation that is unknown, over or used is one answer, and so is an account id that is someone's: who guesses
 * learns nothing.
 */

import { ok } from "@amana/kernel";
import { equalBytes, sha256 } from "@amana/log";
import { answersPerReadMax, type NewAccount } from "@amana/sync";
import { isSigningPublic } from "../sign-in/ed25519.ts";
import type { Storage } from "../storage/storage.ts";
import { done, refused, type Answers, type RelayPorts } from "./answers.ts";
import { readControl } from "./incoming.ts";

type Names = "found" | "answer-invitation" | "open-invitation" | "close-invitation" | "read-answers";

const invitationHoursMax = 24;
/** Clocks differ; the device that made the invitation says when it ends. */
const clockMinutesMax = 10;

export const peopleAnswers = ({ storage, quotas }: RelayPorts): Answers<Names> => ({
  found: async ({ code, account, log }, { now }) => {
    const control = log.kind === "organisation" && log.after === undefined ? readControl(log) : undefined;
    if (control === undefined || !isAccount(account)) return refused("NotUnderstood");
    const order = { codeHash: sha256(code), account, control, quotas, now };
    const founded = await storage.foundOrganisation(order);
    if (founded.ok || (await isThere(storage, account))) return done;
    return refused(founded.error.type === "QuotaReached" ? "QuotaReached" : "AlreadyUsed");
  },
  "answer-invitation": async ({ invitation, answer, account }, { now }) => {
    if (!isAccount(account)) return refused("NotUnderstood");
    const answered = await storage.answerInvitation({ invitation, answer, account, now });
    return answered.ok || (await isThere(storage, account)) ? done : refused("AlreadyUsed");
  },
  "open-invitation": async ({ invitation, expiresAt }, { by, now }) => {
    const hours = (expiresAt - now) / 3_600_000;
    if (hours <= 0 || hours > invitationHoursMax + clockMinutesMax / 60) return refused("NotUnderstood");
    const order = { by, invitation, expiresAt, now, openMax: answersPerReadMax };
    const opened = await storage.openInvitation(order);
    return opened.ok ? done : refused(opened.error.type === "InvitationTaken" ? "AlreadyUsed" : "QuotaReached");
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

/** The answer was lost on its way, and the same request came again: the account it would make is here, with the same keys. */
const isThere = async (storage: Storage, { account, loginPublic, receivingKey }: NewAccount): Promise<boolean> => {
  const known = await storage.accountById({ account });
  return known !== undefined && known.receivingKey === receivingKey && equalBytes(known.loginPublic, loginPublic);
};

const isAccount = ({ loginPublic }: NewAccount): boolean => isSigningPublic(loginPublic);
