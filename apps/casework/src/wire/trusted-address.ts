/**
 * The address of a worker's script as a browser with Trusted Types takes it, for the page and for the worker that starts one
 * itself. It is of this app, and of no other.
 */

declare global {
  /** The part of Trusted Types that the app uses; the compiler's libraries do not have it yet. */
  interface Window {
    readonly trustedTypes?: {
      readonly createPolicy: (
        name: string,
        rules: { readonly createScriptURL: (address: string) => string },
      ) => { readonly createScriptURL: (address: string) => unknown };
    };
  }
}

/** A policy of this name can be made once, so it is kept. */
let makeTrusted: ((address: string) => string) | undefined;

export const trustedAddress = (address: string): string => {
  const { origin, href } = self.location;
  if (new URL(address, href).origin !== origin) throw new Error("A worker's address is not of this app.");
  if (makeTrusted === undefined) {
    const policy = self.trustedTypes?.createPolicy("amana-worker", { createScriptURL: (each) => each });
    // The browser takes what the policy made where it would take a text.
    makeTrusted = (each) => (policy === undefined ? each : (policy.createScriptURL(each) as string));
  }
  return makeTrusted(address);
};
