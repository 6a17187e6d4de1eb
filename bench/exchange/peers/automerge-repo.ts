/** automerge-repo's sync server: a document for each log, a list of bytes in it, kept in files. */

import { importPeer } from "../../peers.ts";
import type { ExchangePeer, Logs } from "../peer.ts";

/** The little of the libraries that is used here. */
type Heads = readonly string[];
type Handle = {
  readonly url: string;
  readonly change: (work: (document: { entries: Uint8Array[] }) => void) => void;
  readonly doc: () => { readonly entries: readonly Uint8Array[] };
  readonly heads: () => Heads;
  readonly on: (event: "remote-heads", heard: (said: { readonly heads: Heads }) => void) => void;
};
type Repo = {
  readonly create: (first: { readonly entries: readonly Uint8Array[] }) => Handle;
  readonly find: (url: string) => Promise<Handle>;
  readonly networkSubsystem: { readonly addNetworkAdapter: (adapter: object) => void };
};
type RepoSide = { readonly Repo: new (settings: object) => Repo };
type NetworkSide = {
  readonly WebSocketClientAdapter: new (url: string) => object;
  readonly WebSocketServerAdapter: new (server: object) => object;
};
type StorageSide = { readonly NodeFSStorageAdapter: new (folder: string) => object };
type Sockets = {
  readonly WebSocketServer: new (settings: object) => {
    readonly on: (event: string, heard: () => void) => void;
    readonly address: () => { readonly port: number };
  };
};

// Types of the peers are not installed where ours are checked; these are the parts their documentation promises.
const repoSide = async (): Promise<RepoSide> =>
  (await importPeer("@automerge/automerge-repo", "dist/entrypoints/fullfat.js")) as RepoSide; // As above.
const networkSide = async (): Promise<NetworkSide> =>
  (await importPeer("@automerge/automerge-repo-network-websocket", "dist/index.js")) as NetworkSide; // As above.

const connect = async (port: number): Promise<object> => {
  const { WebSocketClientAdapter } = await networkSide();
  return new WebSocketClientAdapter(`ws://127.0.0.1:${port}`);
};

const isSame = (one: Heads, other: Heads): boolean => [...one].sort().join() === [...other].sort().join();

export const automergeRepo: ExchangePeer = {
  name: "automerge-repo",
  package: "@automerge/automerge-repo",
  isEncrypting: false,
  durability: {
    isSynced: false,
    // automerge-repo 2.5.6: saving is throttled to every 100 ms (dist/Repo.js, lines 55 and 111); the storage calls
    // `fs.promises.writeFile` and nothing after it (automerge-repo-storage-nodefs, dist/index.js, line 38).
    because: "its source sends the new heads from memory, saves later, and writes files without a call that syncs them",
  },
  load: () => Promise.all([repoSide(), networkSide()]),
  startServer: async (folder) => {
    const { Repo } = await repoSide();
    const { WebSocketServerAdapter } = await networkSide();
    // As above.
    const { NodeFSStorageAdapter } = (await importPeer(
      "@automerge/automerge-repo-storage-nodefs",
      "dist/index.js",
    )) as StorageSide; // As above.
    const { WebSocketServer } = (await importPeer("ws", "wrapper.mjs")) as Sockets; // As above.
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise<void>((resolve) => {
      server.on("listening", () => resolve());
    });
    const network = [new WebSocketServerAdapter(server)];
    new Repo({ network, storage: new NodeFSStorageAdapter(folder), sharePolicy: () => Promise.resolve(false) });
    return server.address().port;
  },
  write: async (logs, port) => {
    const { Repo } = await repoSide();
    const repo = new Repo({ network: [] });
    const handles = logs.map((entries) => {
      const handle = repo.create({ entries: [] });
      for (const entry of entries) handle.change((document) => void document.entries.push(entry));
      return handle;
    });
    return {
      ticket: handles.map(({ url }) => url),
      upload: async () => {
        const acknowledged = handles.map(
          (handle) =>
            new Promise<void>((resolve) => {
              handle.on("remote-heads", ({ heads }) => {
                if (isSame(heads, handle.heads())) resolve();
              });
            }),
        );
        repo.networkSubsystem.addNetworkAdapter(await connect(port));
        await Promise.all(acknowledged);
      },
    };
  },
  download: async (ticket, numbers, port): Promise<Logs> => {
    // Made by `write` above.
    const urls = ticket as readonly string[];
    const { Repo } = await repoSide();
    const repo = new Repo({ network: [await connect(port)] });
    const handles = await Promise.all(numbers.map((number) => repo.find(urls[number] ?? "")));
    return handles.map((handle) => handle.doc().entries);
  },
};
