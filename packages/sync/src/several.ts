/**
 * Several pushes under way at once, so that a request is made and read while another is on its way or on the disk.
 *
 * Two that speak of one log are never under way together: what an entry links to must be there before it.
 */

import { ok, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { RequestOf } from "./requests.ts";

type Push = RequestOf<"push">;

export type Pushing<E> = {
  /** The next request, planned when there is room for one; nothing once all is sent. */
  readonly next: () => Push | undefined;
  readonly send: (request: Push) => Promise<Result<undefined, E>>;
  /** How many may be under way now; one at least. */
  readonly underWayMax: () => number;
};

/** What may be under way at once where the line has borne full requests. */
export const pushesUnderWayMax = 3;

/** In order, until all is sent or one failed. Answers once nothing is under way any more. */
export const pushSeveral = async <E>({ next, send, underWayMax }: Pushing<E>): Promise<Result<undefined, E>> => {
  const underWay = new Map<Promise<unknown>, ReadonlySet<LogId>>();
  const sent: Promise<Result<undefined, E>>[] = [];
  // What answers later may change it at every `await`.
  const standing = { goesOn: true };
  const oneEnded = (): Promise<unknown> => Promise.race(underWay.keys());
  const speaksOfTheSame = ({ logs }: Push): boolean =>
    [...underWay.values()].some((logIds) => logs.some(({ logId }) => logIds.has(logId)));
  const begin = (request: Push): void => {
    const answer = send(request);
    sent.push(answer);
    const ended = answer.then(
      ({ ok: isSent }) => void (standing.goesOn &&= isSent),
      () => void (standing.goesOn = false),
    );
    underWay.set(ended, new Set(request.logs.map(({ logId }) => logId)));
    void ended.then(() => underWay.delete(ended));
  };
  for (;;) {
    while (underWay.size >= underWayMax()) await oneEnded();
    const request = standing.goesOn ? next() : undefined;
    if (request === undefined) break;
    while (speaksOfTheSame(request)) await oneEnded();
    if (!standing.goesOn) break;
    begin(request);
  }
  // A mistake of ours in one of them is thrown here, when the others have ended.
  while (underWay.size > 0) await oneEnded();
  return (await Promise.all(sent)).find((answer) => !answer.ok) ?? ok(undefined);
};
