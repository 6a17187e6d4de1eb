/**
 * Looks at a running server from outside, as any stranger can: does it answer, behind what headers, within what bounds, and
 * with what clock. It signs in nowhere and needs no secret.
 */

import { readdir } from "node:fs/promises";
import type { Instant } from "@amana/kernel";
import { refusalStatus, requestBytesMax, wire, type WireRefusal } from "@amana/sync";
import { backupHoursMax, backupsIn } from "../backup/backup.ts";
import { isLoopback } from "../configuration.ts";
import { caseHeaderOptions, defaultHeaderOptions, securityHeaders, type HeaderOptions } from "../headers.ts";

/** What each check means and what to do: docs/guides/administrator.md. */
export type CheckName =
  | "answers"
  | "encrypted"
  | "headers-of-pages"
  | "headers-of-case-files"
  | "nothing-kept"
  | "closed-to-other-origins"
  | "open-at-this-address"
  | "closed-to-strangers"
  | "bounded"
  | "clock"
  | "store"
  | "metrics-private"
  | "wake-ups"
  | "wake-ups-named"
  | "backups-fresh"
  | "wraps-not-kept";

export type Check = { readonly name: CheckName; readonly isFine: boolean };

export type DoctorOptions = {
  /** Where people reach the server, without a slash at the end. */
  readonly origin: string;
  readonly now: Instant;
  /** Where backups lie, if this machine can see them. */
  readonly backupFolder: string | undefined;
  /** How long a backup with wraps may lie. */
  readonly wrapDays: number;
};

const clockSecondsMax = 60;
const answerMillisecondsMax = 15_000;
/** There is at least one moment in each day. */
const wakeUpHoursMax = 25;
const millisecondsPerHour = 3_600_000;

type Looked = { readonly status: number; readonly headers: Headers };
type Look = (path: string, request?: RequestInit) => Promise<Looked | undefined>;

export const examine = async (options: DoctorOptions): Promise<readonly Check[]> => {
  const look = lookAt(options.origin);
  const first = await look("/health");
  const answers = { name: "answers", isFine: first !== undefined } as const;
  const ofBackups = options.backupFolder === undefined ? [] : await checkBackups(options, options.backupFolder);
  if (first === undefined) return [answers, ...ofBackups];
  const isLocal = isLoopback(new URL(options.origin).hostname);
  return [
    answers,
    { name: "encrypted", isFine: options.origin.startsWith("https:") || isLocal },
    { name: "headers-of-pages", isFine: carries(await look("/"), defaultHeaderOptions) },
    { name: "headers-of-case-files", isFine: carries(await look("/app/"), caseHeaderOptions) },
    { name: "nothing-kept", isFine: (await look("/"))?.headers.get("cache-control") === "no-store" },
    {
      name: "closed-to-other-origins",
      isFine: await refuses(look, "NotUnderstood", { origin: "https://other.invalid" }),
    },
    // On the server's own machine it is asked at another address than people open, as a rule.
    {
      name: "open-at-this-address",
      isFine: isLocal || (await refuses(look, "NotSignedIn", { origin: options.origin })),
    },
    { name: "closed-to-strangers", isFine: await refuses(look, "NotSignedIn", {}) },
    { name: "bounded", isFine: await isBounded(look) },
    { name: "clock", isFine: isClockRight(first, options.now) },
    { name: "store", isFine: first.status === 200 },
    { name: "metrics-private", isFine: isLocal || (await look("/metrics"))?.status === 403 },
    ...(isLocal ? await checkWakeUps(options) : []),
    ...ofBackups,
  ];
};

const lookAt =
  (origin: string): Look =>
  async (path, request = {}) => {
    try {
      const signal = AbortSignal.timeout(answerMillisecondsMax);
      const response = await fetch(`${origin}${path}`, { redirect: "manual", ...request, signal });
      await response.body?.cancel();
      return { status: response.status, headers: response.headers };
    } catch {
      // No answer: the check that asked says so.
      return undefined;
    }
  };

/** Word for word, and the same for every header that we send; what a proxy adds is its own. */
const carries = (looked: Looked | undefined, options: HeaderOptions): boolean =>
  looked !== undefined &&
  !looked.headers.has("set-cookie") &&
  Object.entries(securityHeaders(options)).every(
    ([name, value]) => name === "cache-control" || looked.headers.get(name) === value,
  );

const post = (headers: Readonly<Record<string, string>>, bytes: Uint8Array<ArrayBuffer>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/octet-stream", ...headers },
  body: bytes,
});

const refuses = async (look: Look, code: WireRefusal, headers: Readonly<Record<string, string>>): Promise<boolean> => {
  const looked = await look("/api/read-vault", post(headers, wire["read-vault"].encodeRequest({})));
  return looked?.status === refusalStatus[code] && looked.headers.get("cache-control") === "no-store";
};

/** A connection that is cut while too much is sent is as good as a refusal. */
const isBounded = async (look: Look): Promise<boolean> => {
  const looked = await look("/api/push", post({}, new Uint8Array(requestBytesMax + 1)));
  return looked === undefined || looked.status === refusalStatus.TooLarge;
};

const isClockRight = ({ headers }: Looked, now: Instant): boolean => {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Math.abs(theirs - now) <= clockSecondsMax * 1000;
};

/** Where the numbers can be read, on the server's own machine: of moments once push services were called, and of how it is named where they are. */
const checkWakeUps = async ({ origin, now }: DoctorOptions): Promise<readonly Check[]> => {
  const signal = AbortSignal.timeout(answerMillisecondsMax);
  const numbers = await fetch(`${origin}/metrics`, { signal }).then(
    (response) => response.text(),
    () => "",
  );
  const numberOf = (name: string): number | undefined => {
    const [, digits] = new RegExp(`^${name} (\\d+)$`, "m").exec(numbers) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const [seconds, named] = [numberOf("amana_last_wake_up"), numberOf("amana_push_named_over_https")];
  const hoursAgo = seconds === undefined ? undefined : (now - seconds * 1000) / millisecondsPerHour;
  return [
    ...(hoursAgo === undefined
      ? []
      : [{ name: "wake-ups", isFine: hoursAgo > -1 && hoursAgo <= wakeUpHoursMax } as const]),
    ...(named === undefined ? [] : [{ name: "wake-ups-named", isFine: named === 1 } as const]),
  ];
};

/** By which clocks of two machines may differ. */
const aheadHoursMax = 1;

const checkBackups = async ({ now, wrapDays }: DoctorOptions, folder: string): Promise<readonly Check[]> => {
  const isThere = await readdir(folder).then(
    () => true,
    () => false,
  );
  const files = isThere ? await backupsIn(folder) : [];
  // Taken while a clock ran ahead: it would pass for fresh for as long, and no run removes it on the day that people are shown.
  const isAhead = (takenAt: Instant): boolean => takenAt - now > aheadHoursMax * millisecondsPerHour;
  const newest = files.findLast(({ part, isFinished, takenAt }) => part === "logs" && isFinished && !isAhead(takenAt));
  const isFresh = newest !== undefined && now - newest.takenAt <= backupHoursMax * millisecondsPerHour;
  // Also of a backup that was killed: its wraps open as much.
  const isOver = (takenAt: Instant): boolean => isAhead(takenAt) || now - takenAt > wrapDays * 24 * millisecondsPerHour;
  return [
    { name: "backups-fresh", isFine: isFresh },
    { name: "wraps-not-kept", isFine: !files.some(({ part, takenAt }) => part === "wraps" && isOver(takenAt)) },
  ];
};
