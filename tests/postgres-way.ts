/** A way to the PostgreSQL of the tests that can be lost without a word, as when a machine or a line goes. */

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export type PostgresWay = {
  /** The database at the end of it. */
  readonly url: string;
  /** Nothing more is carried over the connections there are, and neither end hears of it. New ones are as before. */
  readonly goSilent: () => void;
  readonly close: () => void;
};

export const makeWay = async (url: string): Promise<PostgresWay> => {
  const { pathname, searchParams } = new URL(url);
  let open: (readonly [Socket, Socket])[] = [];
  const server = createServer((near) => {
    const far = connect(`${searchParams.get("host") ?? ""}/.s.PGSQL.5432`);
    for (const each of [near, far]) each.on("error", () => undefined);
    near.pipe(far).pipe(near);
    open.push([near, far]);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://amana@127.0.0.1:${port}${pathname}`,
    goSilent: () => {
      for (const [near, far] of open) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
      open = [];
    },
    close: () => void server.close(),
  };
};
