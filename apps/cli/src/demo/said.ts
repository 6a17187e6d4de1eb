/**
 * What people say and write in the invented cases, in the languages that the caseworkers of the demo write in. A test holds the
 * tables against each other.
 */

import ar from "../../texts/demo/ar.json" with { type: "json" };
import ckb from "../../texts/demo/ckb.json" with { type: "json" };
import en from "../../texts/demo/en.json" with { type: "json" };

export type Said = Readonly<Record<keyof typeof en, string>>;

export const saidIn = { en, ar, ckb } as const satisfies Record<string, Said>;
export type Writing = keyof typeof saidIn;
