/** The log is really cut, by a real database; only a disk that refuses is played. */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cutLog } from "./cut-log.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "amana-cut-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const busyMilliseconds = 5_000;

describe("cutting the write-ahead log", () => {
  it("leaves none of what was written in it, unless somebody still reads an older state", () => {
    const file = join(folder, "store.db");
    const [writer, reader] = [new DatabaseSync(file), new DatabaseSync(file)];
    writer.exec("PRAGMA journal_mode = WAL; CREATE TABLE notes (note TEXT)");
    reader.exec("BEGIN");
    reader.prepare("SELECT * FROM notes").all();
    writer.exec("INSERT INTO notes VALUES ('erased')");
    expect(cutLog(writer, busyMilliseconds)).toBe(false);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    reader.exec("ROLLBACK");
    expect(cutLog(writer, busyMilliseconds)).toBe(true);
    expect(statSync(`${file}-wal`).size).toBe(0);
    expect(writer.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: busyMilliseconds });
    writer.close();
    reader.close();
  });

  it("turns nothing that is on the disk into a failure when the disk refuses: it is tried again later", () => {
    const database = new DatabaseSync(":memory:");
    const refusing = {
      exec: (statement: string) => database.exec(statement),
      prepare: (): never => {
        throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
      },
    };
    expect(cutLog(refusing, busyMilliseconds)).toBe(false);
    expect(database.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: busyMilliseconds });
    database.close();
  });
});
