/** Whom a consent or a decision can be for: never a name typed by hand where the case file knows the only ones. */

import { expect, test } from "vitest";
import { optional, recipient } from "./fields.ts";
import { isSharedFor, onlyRecipientOf, recipientFor } from "./recipients.ts";
import { purposes } from "./vocabulary.ts";

test("a file is for ourselves, a removal for a tool, a digital step for the step; a referral and the law for whoever is named", () => {
  const typed = purposes.filter((purpose) => recipientFor(purpose, recipient("recipient")).kind === "recipient");
  expect(typed).toEqual(["law", "referral"]);
  expect(onlyRecipientOf("store-file")).toBe("own-organisation");
  expect(onlyRecipientOf("removal")).toBeUndefined();
});

test("what may be shared is asked for a referral alone, because nothing leaves the organisation for anything else", () => {
  expect(purposes.filter(isSharedFor)).toEqual(["referral"]);
});

test("what may stay empty may stay empty, and no other field is touched", () => {
  expect(recipientFor("removal", optional(recipient("recipient"))).isOptional).toBe(true);
  expect(recipientFor(undefined, recipient("recipient"))).toEqual(recipient("recipient"));
  expect(recipientFor("removal", { name: "because", kind: "prose" })).toEqual({ name: "because", kind: "prose" });
});
