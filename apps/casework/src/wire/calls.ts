/**
 * Typed calls over `postMessage`, in both directions of one port: the page asks, the worker answers and tells of changes.
 *
 * Plain data only. A call that fails in a way nobody expected ends the port: the page locks and says so calmly,
 * and no message of the failure crosses, because it could hold something of a case.
 */

/** What a worker offers: functions that take and give plain data. */
export type Offers = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

/** The part of a worker, or of its own global scope, that calls need. */
export type Port = {
  readonly postMessage: (message: unknown) => void;
  readonly addEventListener: (type: "message", listener: (event: { readonly data: unknown }) => void) => void;
};

type Asked = {
  readonly kind: "asked";
  readonly call: number;
  readonly name: string;
  readonly given: readonly unknown[];
};
type Answered = { readonly kind: "answered"; readonly call: number; readonly value: unknown };
type Told = { readonly kind: "told"; readonly news: unknown };
type Broken = { readonly kind: "broken" };
type Message = Asked | Answered | Told | Broken;

export type Caller<Face extends Offers> = <Name extends keyof Face & string>(
  name: Name,
  ...given: Parameters<Face[Name]>
) => ReturnType<Face[Name]>;

export type Listeners<News> = { readonly onNews: (news: News) => void; readonly onBroken: () => void };

/** The asking side. Both sides are built from the same sources, so an answer has the type that was asked for. */
export const callOver = <Face extends Offers, News>(port: Port, listeners: Listeners<News>): Caller<Face> => {
  const waiting = new Map<number, (value: unknown) => void>();
  let calls = 0;
  port.addEventListener("message", ({ data }) => {
    // Only our own worker has the other end of this port.
    const message = data as Message;
    if (message.kind === "answered") {
      waiting.get(message.call)?.(message.value);
      waiting.delete(message.call);
    }
    // As above: the worker tells news of exactly this type.
    if (message.kind === "told") listeners.onNews(message.news as News);
    if (message.kind === "broken") listeners.onBroken();
  });
  return (name, ...given) => {
    calls += 1;
    const call = calls;
    const answer = new Promise<unknown>((resolve) => {
      waiting.set(call, resolve);
    });
    port.postMessage({ kind: "asked", call, name, given } satisfies Asked);
    // The function of this name answers with this type.
    return answer as ReturnType<Face[typeof name]>;
  };
};

/** The answering side. Gives a function that tells news. */
export const offerOver = (port: Port, offers: Offers): ((news: unknown) => void) => {
  port.addEventListener("message", ({ data }) => {
    // Only our own page has the other end of this port.
    const message = data as Message;
    if (message.kind === "asked") void answer(port, offers, message);
  });
  return (news) => port.postMessage({ kind: "told", news } satisfies Told);
};

const answer = async (port: Port, offers: Offers, { call, name, given }: Asked): Promise<void> => {
  // The page calls with the parameters that the type of the face demands of it.
  const offered = Object.hasOwn(offers, name)
    ? (offers[name] as (...given: readonly unknown[]) => Promise<unknown>)
    : undefined;
  try {
    if (offered === undefined) port.postMessage({ kind: "broken" } satisfies Broken);
    else port.postMessage({ kind: "answered", call, value: await offered(...given) } satisfies Answered);
  } catch {
    port.postMessage({ kind: "broken" } satisfies Broken);
  }
};
