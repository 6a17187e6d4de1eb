/** Which answer of the server says that nothing more is to be asked of it now. Any other refusal is about what was asked alone. */

import type { WireError } from "@amana/sync";

export const endsExchange = (error: WireError): boolean =>
  error.type === "Unreachable" || error.code === "NotSignedIn" || error.code === "TooManyRequests";
