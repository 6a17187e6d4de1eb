/**
 * Whether the browser keeps what is stored here when its disk runs full. It decides by itself; it can be asked.
 *
 * What was sent is never lost by it: the kit opens the account on an empty browser.
 */

/** `unknown`: this browser does not say. */
export type Lasting = "kept" | "may-be-dropped" | "unknown";

const hasStorage = (): boolean => "storage" in navigator && "persist" in navigator.storage;

export const lastingOf = async (): Promise<Lasting> => {
  if (!hasStorage()) return "unknown";
  return (await navigator.storage.persisted()) ? "kept" : "may-be-dropped";
};

/** Some browsers ask the person; so it is asked after enrolling, and when somebody wants it. */
export const askToKeep = async (): Promise<Lasting> => {
  if (!hasStorage()) return "unknown";
  return (await navigator.storage.persist()) ? "kept" : "may-be-dropped";
};

const megabyte = 1_000_000;

/** What lies here, in megabytes, and what the browser would allow. */
export const roomOf = async (): Promise<{ readonly used: number; readonly allowed: number } | undefined> => {
  if (!hasStorage()) return undefined;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { used: Math.ceil(usage / megabyte), allowed: Math.floor(quota / megabyte) };
};
