/** The one way a store may fail that a person can do something about. */

/** What a store rejects with when there is no room. Nothing of the batch was written. */
export type StoreFull = Error & { readonly type: "StoreFull" };

export const storeFull = (): StoreFull =>
  Object.assign(new Error("The device has no room left to write."), { type: "StoreFull" } as const);

export const isStoreFull = (reason: unknown): reason is StoreFull =>
  reason instanceof Error && "type" in reason && reason.type === "StoreFull";
