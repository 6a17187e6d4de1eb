/**
 * One row of the wire: how a request and its answer are written and read, and how long they may be.
 *
 * Reading gives the message or nothing; it never throws, whatever the bytes. Writing beyond a limit is our own mistake.
 */

import { assert } from "@amana/kernel";
import { decodeCbor, encodeCbor, type Bytes } from "@amana/log";
import type { RequestName, RequestOf, ResponseOf } from "./requests.ts";
import type { Read, Shape } from "./shape.ts";

export type WireRow<Name extends RequestName> = {
  /** Whether a request without the token of a sign-in is refused before it is read. */
  readonly needsSignIn: boolean;
  readonly requestBytesMax: number;
  readonly responseBytesMax: number;
  readonly encodeRequest: (request: RequestOf<Name>) => Bytes;
  readonly decodeRequest: (bytes: Bytes) => RequestOf<Name> | undefined;
  readonly encodeResponse: (response: ResponseOf<Name>) => Bytes;
  readonly decodeResponse: (bytes: Bytes) => ResponseOf<Name> | undefined;
  /** Whether a response speaks of what this request asked, and of nothing else. */
  readonly isAnswer: (request: RequestOf<Name>, response: ResponseOf<Name>) => boolean;
};

export type RowTerms<Name extends RequestName> = {
  readonly request: Shape<RequestOf<Name>>;
  readonly response: Shape<ResponseOf<Name>>;
  readonly requestBytesMax?: number;
  readonly responseBytesMax?: number;
  readonly isForAnyone?: true;
  readonly isAnswer?: WireRow<Name>["isAnswer"];
};

const smallBytesMax = 4096;

export const row = <Name extends RequestName>(terms: RowTerms<Name>): WireRow<Name> => {
  const requestBytesMax = terms.requestBytesMax ?? smallBytesMax;
  const responseBytesMax = terms.responseBytesMax ?? smallBytesMax;
  return {
    needsSignIn: terms.isForAnyone !== true,
    requestBytesMax,
    responseBytesMax,
    encodeRequest: (request) => write(terms.request, request, requestBytesMax),
    decodeRequest: (bytes) => read(terms.request, bytes, requestBytesMax),
    encodeResponse: (response) => write(terms.response, response, responseBytesMax),
    decodeResponse: (bytes) => read(terms.response, bytes, responseBytesMax),
    isAnswer: terms.isAnswer ?? (() => true),
  };
};

const write = <T>(messageShape: Shape<T>, message: T, bytesMax: number): Bytes => {
  const bytes = encodeCbor(messageShape.write(message));
  assert(bytes.length <= bytesMax, "A message longer than its limit was to be sent.");
  return bytes;
};

const read = <T>(messageShape: Shape<T>, bytes: Bytes, bytesMax: number): T | undefined => {
  const decoded = bytes.length > bytesMax ? undefined : decodeCbor(bytes);
  const message: Read<T> = decoded?.ok === true ? messageShape.read(decoded.value) : undefined;
  return message?.value;
};
