/**
 * The headers that go with every answer, refusals included: the browser is told to trust nothing but us,
 * to remember no page, and to tell nobody where the reader comes from.
 */

export type HeaderOptions = {
  /** Names of the Trusted Types policies that may turn text into markup; empty means that nothing may. */
  readonly trustedTypesPolicies: readonly string[];
  /** The case files need more than the guide: WebAssembly for Argon2id, and the camera to read an invitation. */
  readonly isForCases?: boolean;
};

export const defaultHeaderOptions: HeaderOptions = {
  trustedTypesPolicies: [
    // Svelte makes the markup of its compiled templates through it.
    "svelte-trusted-html",
    // The guide names through it the one script that keeps a language on the device, when the reader asks.
    "amana-keep",
  ],
};

/** What goes with everything under /app/. */
export const caseHeaderOptions: HeaderOptions = {
  // Svelte makes the markup of its compiled templates through the first; the second names the app's own worker scripts.
  trustedTypesPolicies: ["svelte-trusted-html", "amana-worker"],
  isForCases: true,
};

const contentSecurityPolicy = ({ trustedTypesPolicies, isForCases = false }: HeaderOptions): string =>
  [
    "default-src 'none'",
    isForCases ? "script-src 'self' 'wasm-unsafe-eval'" : "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "img-src 'self' data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypesPolicies.length === 0 ? "'none'" : trustedTypesPolicies.join(" ")}`,
  ].join("; ");

/** Everything a page could ask of the device, closed; `bluetooth` and `web-share` exist on phones only. */
const featuresClosed = [
  "accelerometer",
  "autoplay",
  "bluetooth",
  "browsing-topics",
  "camera",
  "clipboard-read",
  "clipboard-write",
  "compute-pressure",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "identity-credentials-get",
  "idle-detection",
  "keyboard-map",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "otp-credentials",
  "payment",
  "picture-in-picture",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "sync-xhr",
  "usb",
  "web-share",
  "window-management",
  "xr-spatial-tracking",
];

const openTo = (feature: string, { isForCases = false }: HeaderOptions): string =>
  isForCases && feature === "camera" ? "(self)" : "()";

const secondsInTwoYears = 63_072_000;

/** The same for every answer. What may be kept by the browser says so itself, over `no-store` here. */
export const securityHeaders = (options: HeaderOptions): Readonly<Record<string, string>> => ({
  "content-security-policy": contentSecurityPolicy(options),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "strict-transport-security": `max-age=${secondsInTwoYears}; includeSubDomains`,
  "permissions-policy": featuresClosed.map((feature) => `${feature}=${openTo(feature, options)}`).join(", "),
  "cache-control": "no-store",
});
