/** What both sides of bytes alone stand on: Node.js's own HTTP, and the numbers of logs as four bytes. */

import { Agent, createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { entriesPerLog, entryBytes, logsCount, type Logs } from "./peer.ts";

export const logBytes = entriesPerLog * entryBytes;
export const numberLength = 4;

/** Gives the port. */
export const startHttp = async (answers: Readonly<Record<string, (body: Buffer) => Buffer>>): Promise<number> => {
  const server = createServer((asked, answer) => {
    void bodyOf(asked).then((body) => answer.end(answers[asked.url ?? ""]?.(body)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  // A server that listens on a TCP port has such an address.
  return (server.address() as AddressInfo).port;
};

const agent = new Agent({ keepAlive: true, maxSockets: 2 });

export const ask = async (port: number, path: string, body: Buffer): Promise<Buffer> => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      agent,
      port,
      host: "127.0.0.1",
      method: "POST",
      path,
      headers: { "content-length": body.length },
    };
    request(options, resolve).on("error", reject).end(body);
  });
  return bodyOf(answer);
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer); // Nothing sets an encoding.
  return Buffer.concat(parts);
};

export const numberBytes = (number: number): Buffer => {
  const bytes = Buffer.alloc(numberLength);
  bytes.writeUInt32BE(number);
  return bytes;
};

export const numbersIn = (body: Buffer): readonly number[] =>
  Array.from({ length: body.length / numberLength }, (_, at) => body.readUInt32BE(at * numberLength));

const requestBytesMax = 1_048_576;
const logsPerRequest = Math.floor(requestBytesMax / logBytes);

export const inRequests = (numbers: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(Math.min(numbers.length, logsCount) / logsPerRequest) }, (_, at) =>
    numbers.slice(at * logsPerRequest, (at + 1) * logsPerRequest),
  );

/** One behind the other, of the same length each. */
export const piecesOf = (bytes: Buffer, length: number): readonly Buffer[] =>
  Array.from({ length: bytes.length / length }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

export const entriesOf = (log: Buffer): Logs[number] => piecesOf(log, entryBytes);
