/** The address that a server prints where it was told none. */

import { expect, it } from "vitest";
import { ownAddress } from "./own-address.ts";

it.each([
  ["127.0.0.1", 8080, "http://127.0.0.1:8080"],
  ["::1", 8080, "http://[::1]:8080"],
  ["192.0.2.7", 8080, "http://192.0.2.7:8080"],
  ["Amana.Example.ORG", 8080, "http://amana.example.org:8080"],
  // A browser leaves the usual port away, and a sign-in is bound to what it says.
  ["127.0.0.1", 80, "http://127.0.0.1"],
  ["fe80::1%eth0", 8080, "http://[fe80::1%eth0]:8080"],
  // All addresses of the machine.
  ["0.0.0.0", 8080, "http://127.0.0.1:8080"],
  ["::", 8080, "http://[::1]:8080"],
  ["0:0:0:0:0:0:0:0", 8080, "http://[::1]:8080"],
  ["::ffff:0.0.0.0", 8080, "http://127.0.0.1:8080"],
])("of HOST=%s and PORT=%i is %s", (host, port, address) => {
  expect(ownAddress(host, port)).toBe(address);
});
