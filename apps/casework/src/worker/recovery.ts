/**
 * Recovery with sheets as the page asks for it. What was typed from a sheet is checked one by one and lies here until it is
 * used; locking ends the worker, and with it the sheets.
 */

import { err, ok, type Result } from "@amana/kernel";
import { clearSecret, parseSheet, type Organisation } from "@amana/vault";
import type { RecoveryView } from "../screens/recovery/views.ts";
import type { AccountRefusal, Face } from "../wire/face.ts";
import { refusalOf, refusedOr, settled } from "./account.ts";
import type { Unlockable } from "./after-unlock.ts";
import { bytesOfText, textOfBytes } from "./texts.ts";

type RecoveryOffers = Pick<
  Face,
  "recovery" | "requestRecovery" | "forbidRecovery" | "addSheet" | "dropSheets" | "recoverWithSheets"
>;

let known: readonly RecoveryView[] = [];
let readAt = 0;
const readEveryMilliseconds = 300_000;

/** Whoever was away for some weeks is told as well. When it was used, nobody says; it was not before it opened. */
const usedShownMilliseconds = 30 * 86_400_000;

/** Whoever waited for their day hears that it is over, also some days after it; not once they have asked again. */
const forbiddenShownMilliseconds = 7 * 86_400_000;

/** What is shown without looking for it: somebody has asked to open all cases with the sheets, or has done so. */
export const recoveriesShown = (now: number): readonly RecoveryView[] =>
  known.filter((each) => {
    if (each.state === "used") return now < each.opensAt + usedShownMilliseconds;
    return each.state !== "forbidden" || (isLastOwn(each) && now < each.opensAt + forbiddenShownMilliseconds);
  });

const isLastOwn = ({ isMine, requestedAt }: RecoveryView): boolean =>
  isMine && !known.some((other) => other.isMine && other.requestedAt > requestedAt);

/** Now and then after an exchange, so that everyone sees a request without looking for it. Whether something is other than before. */
export const watchRecoveries = async (holding: Unlockable): Promise<boolean> => {
  const now = holding.now();
  if (now - readAt < readEveryMilliseconds) return false;
  const before = marksOf(recoveriesShown(now));
  const read = await readRecoveries(holding);
  if (read.ok) readAt = now;
  return before !== marksOf(recoveriesShown(now));
};

const marksOf = (recoveries: readonly RecoveryView[]): string =>
  recoveries.map(({ id, state }) => `${id} ${state}`).join();

export const recoveryOffers = (holding: Unlockable): RecoveryOffers => {
  const { device } = holding;
  /** As they were typed, without what stands between the digits. */
  let sheets: readonly string[] = [];
  return {
    recovery: async () => {
      const read = await readRecoveries(holding);
      if (!read.ok) return read;
      const organisation = await organisationOf(holding);
      const me = await device().ownPerson();
      const roles = me.ok && me.value !== undefined ? organisation?.people.get(me.value)?.roles : undefined;
      const standing = organisation?.recoveryKey;
      return ok({
        recoveries: read.value,
        sheets: standing === undefined ? undefined : { k: standing.k, n: standing.n },
        held: sheets.length,
        isSupervisor: roles?.has("supervisor") === true,
      });
    },
    requestRecovery: async () => {
      const asked = await device().requestRecovery();
      return asked.ok ? ok(null) : err(refusalOf(asked.error));
    },
    forbidRecovery: async (id) => {
      const bytes = bytesOfText(id);
      return bytes === undefined ? err({ type: "NotThere" }) : settled(await device().forbidRecovery(bytes));
    },
    addSheet: async (text) => {
      const digits = digitsIn(text);
      const sheet = parseSheet(text);
      if (!sheet.ok) return err(refusalOf(sheet.error));
      clearSecret(sheet.value.share);
      if (sheets.includes(digits)) return err({ type: "SheetTwice" });
      const standing = (await organisationOf(holding))?.recoveryKey;
      const { k, n } = sheet.value;
      if (standing !== undefined && (standing.k !== k || standing.n !== n)) return err({ type: "OtherSheets" });
      const held = [...sheets, digits];
      // Whoever typed one of older sheets is told now, and not when the day of waiting is over.
      const together = held.length < k ? ok(undefined) : await device().checkSheets(held);
      if (!together.ok) return refusedOr(together);
      sheets = held;
      return ok(sheets.length);
    },
    dropSheets: () => {
      sheets = [];
      return Promise.resolve();
    },
    recoverWithSheets: async () => {
      const recovered = await device().recoverWithSheets(sheets);
      if (!recovered.ok) return refusedOr(recovered);
      sheets = [];
      return ok({ cases: recovered.value.cases.length, falseKeys: recovered.value.falseKeysFrom.length });
    },
  };
};

const digitsIn = (text: string): string =>
  text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/\D/g, "");

const organisationOf = async ({ device }: Unlockable): Promise<Organisation | undefined> => {
  const answer = await device().organisation();
  return answer.ok ? answer.value : undefined;
};

const readRecoveries = async (holding: Unlockable): Promise<Result<readonly RecoveryView[], AccountRefusal>> => {
  const { device } = holding;
  const answer = await device().recoveries();
  if (!answer.ok) return refusedOr(answer);
  const [organisation, me] = [await organisationOf(holding), await device().ownPerson()];
  known = answer.value.map(({ recovery, by, requestedAt, opensAt, state }): RecoveryView => {
    // The server knows people by the key they receive with. Whoever got other keys since is not found by it.
    const person = [...(organisation?.people.values() ?? [])].find(({ receivingKey }) => receivingKey.keyId === by)?.id;
    return {
      id: textOfBytes(recovery),
      by: person,
      isMine: me.ok && person !== undefined && person === me.value,
      requestedAt,
      opensAt,
      state,
    };
  });
  return ok(known);
};
