/**
 * Work that takes memory while it lasts: so much of it at once for each who asks, and the rest waits in the order in which it
 * came. Nobody is refused, and nobody waits for another's. How many wait is bounded where requests are let in (`bounds.ts`).
 */

export type Queues = <T>(who: string, work: () => Promise<T>) => Promise<T>;

type Queue = { underWay: number; readonly waiting: (() => void)[] };

export const makeQueues = (atOnceMax: number): Queues => {
  const queues = new Map<string, Queue>();
  return async (who, work) => {
    const queue = queues.get(who) ?? { underWay: 0, waiting: [] };
    queues.set(who, queue);
    // Whoever ends gives their place to the next, so that nobody comes in between.
    if (queue.underWay < atOnceMax) queue.underWay++;
    else {
      await new Promise<void>((resolve) => {
        queue.waiting.push(resolve);
      });
    }
    try {
      return await work();
    } finally {
      const next = queue.waiting.shift();
      if (next !== undefined) next();
      else if (--queue.underWay === 0) queues.delete(who);
    }
  };
};
