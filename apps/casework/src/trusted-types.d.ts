/** The part of Trusted Types that the app uses; the compiler's libraries do not have it yet. */
interface Window {
  readonly trustedTypes?: {
    readonly createPolicy: (
      name: string,
      rules: { readonly createScriptURL: (address: string) => string },
    ) => { readonly createScriptURL: (address: string) => unknown };
  };
}
