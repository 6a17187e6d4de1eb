/**
 * A key to verify with where there is no account, so that the work is the same: that of RFC 8032's first test. Who signs with its
 * other half, which is published there, is still refused, because there is no account.
 */

import { fromHex } from "@amana/log";

export const keyOfNobody =
  fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") ?? new Uint8Array();
