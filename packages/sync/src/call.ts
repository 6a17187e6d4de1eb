/**
 * A request to the server as one typed call. It sends once: whoever calls decides when the same is sent again.
 */

import { err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { RequestName, RequestOf, ResponseOf, WireError } from "./requests.ts";
import { wire } from "./wire.ts";

/** Carries one request to the server and one answer back. It tries nothing again, and understands nothing. */
export type Transport = {
  readonly call: (name: RequestName, token: Bytes | undefined, body: Bytes) => Promise<Result<Bytes, WireError>>;
  /** Opens the stream that says only "come". Without it a device asks from time to time alone. */
  readonly listen?: (token: Bytes, come: () => void) => Listening;
};

export type Listening = {
  /** However the stream ended; the refusal, where it was not opened. */
  readonly ended: Promise<Result<undefined, WireError>>;
  readonly stop: () => void;
};

/** An answer that is not of this wire, or not to this request, is no answer: `Unreachable`. */
export const call = async <Name extends RequestName>(
  transport: Transport,
  name: Name,
  token: Bytes | undefined,
  request: RequestOf<Name>,
): Promise<Result<ResponseOf<Name>, WireError>> => {
  const row = wire[name];
  const answer = await transport.call(name, token, row.encodeRequest(request));
  if (!answer.ok) return answer;
  const response = row.decodeResponse(answer.value);
  const isOurs = response !== undefined && row.isAnswer(request, response);
  return isOurs ? ok(response) : err({ type: "Unreachable" });
};
