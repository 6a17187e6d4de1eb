/** The bytes of an account id, which the wire has checked. */

import { assert } from "@amana/kernel";
import { fromHex, type Bytes } from "@amana/log";
import { accountIdBytes, type AccountId } from "@amana/sync";

export const accountBytes = (account: AccountId): Bytes => {
  const bytes = fromHex(account);
  assert(bytes?.length === accountIdBytes, "An account id passed the wire without being one.");
  return bytes;
};
