/** The platform's randomness, for whoever composes the product. */

import type { Randomness } from "../ports.ts";

export const platformRandomness: Randomness = (length) => crypto.getRandomValues(new Uint8Array(length));
