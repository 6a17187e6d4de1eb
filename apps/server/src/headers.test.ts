/** The headers of SECURITY.md, section 5, word for word. */

import { describe, expect, it } from "vitest";
import { caseHeaderOptions, securityHeaders } from "./headers.ts";

describe("the security headers", () => {
  const headers = securityHeaders({ trustedTypesPolicies: ["svelte-trusted-html"] });

  it("trust nothing but our own files, and no text that turns into markup", () => {
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; " +
        "manifest-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
    );
  });

  it("refuse every Trusted Types policy when none is named", () => {
    expect(securityHeaders({ trustedTypesPolicies: [] })["content-security-policy"]).toMatch(/trusted-types 'none'$/);
  });

  it("keep the page to itself, and its origin from others", () => {
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "cache-control": "no-store",
    });
  });

  it("close everything that a page could ask of the device", () => {
    const features = headers["permissions-policy"]?.split(", ") ?? [];
    expect(features.filter((feature) => !feature.endsWith("=()"))).toEqual([]);
    for (const name of ["camera", "microphone", "geolocation", "usb", "payment"])
      expect(features).toContain(`${name}=()`);
  });

  it("leave the case files what they need more: WebAssembly, and the camera to read an invitation", () => {
    const forCases = securityHeaders(caseHeaderOptions);
    const differing = Object.keys(forCases).filter(
      (name) =>
        forCases[name] !== securityHeaders({ trustedTypesPolicies: caseHeaderOptions.trustedTypesPolicies })[name],
    );
    expect(differing).toEqual(["content-security-policy", "permissions-policy"]);
    expect(forCases["content-security-policy"]).toContain("script-src 'self' 'wasm-unsafe-eval';");
    const features = forCases["permissions-policy"]?.split(", ") ?? [];
    expect(features.filter((feature) => !feature.endsWith("=()"))).toEqual(["camera=(self)"]);
  });
});
