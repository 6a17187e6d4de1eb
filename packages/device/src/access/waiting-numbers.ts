/**
 * Numbers of what waits for the network: changes of access, and acts in the organisation.
 *
 * What must stay true: while the device is unlocked none is given twice. Whoever carries something out takes it off the list by its
 * number afterwards, and would take off what was decided since, if that had been given the number of what was called off.
 */

import type { Unlocked } from "../unlocked.ts";

/** Called in turn. */
export const nextWaitingNumber = ({ desk }: Unlocked, list: readonly { readonly number: number }[]): number => {
  desk.lastWaitingNumber = list.reduce((largest, { number }) => Math.max(largest, number), desk.lastWaitingNumber) + 1;
  return desk.lastWaitingNumber;
};
