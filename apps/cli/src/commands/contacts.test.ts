/** Tests of `amana contacts`: the numbers of the guide, each region's and no other's. */

import { expect, test } from "vitest";
import { amana } from "../testing/terminal.ts";
import { languages } from "../words.ts";

type Contact = {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly purposeFromGuide: boolean;
  readonly verifiedOn: string | null;
};

const contacts = async (...argv: readonly string[]): Promise<readonly Contact[]> => {
  const { code, out, err } = await amana(["contacts", "--json", ...argv]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Contact[];
};
const ids = (from: readonly Contact[]) => from.map(({ id }) => id);

const kri = ["A-dcvaw", "A-police-kri", "A-asayish-erbil", "A-asayish-sul"];
const federal = ["A-911", "A-police-iq", "A-community-police", "A-dfcp", "A-nss"];

test("a region's numbers are all of that region's and none of the other's", async () => {
  expect(ids(await contacts("--region", "kri")).sort()).toEqual([...kri].sort());
  expect(ids(await contacts("--region", "federal")).sort()).toEqual([...federal].sort());
});

test("without a region both sets are shown, each under its region's name", async () => {
  expect(ids(await contacts()).sort()).toEqual([...kri, ...federal].sort());
  const { out } = await amana(["contacts"]);
  expect(out).toMatch(/Kurdistan Region of Iraq:[\s\S]*119[\s\S]*Federal Iraq:[\s\S]*911/);
});

test("a governorate says its region", async () => {
  const erbil = await contacts("--governorate", "IQ-AR");
  expect(ids(erbil).sort()).toEqual([...kri].sort());
  expect(ids(await contacts("--governorate", "IQ-NI"))[0]).toBe("A-police-iq");
  const { code, err } = await amana(["contacts", "--region", "federal", "--governorate", "IQ-AR"]);
  expect(code).toBe(2);
  expect(err).toContain("IQ-NI");
  expect(err).not.toContain("IQ-AR");
});

test("a region or governorate that is none is refused with those that are", async () => {
  expect((await amana(["contacts", "--region", "north"])).err).toContain("kri, federal");
  const { code, err } = await amana(["contacts", "--governorate", "erbil"]);
  expect(code).toBe(2);
  expect(err).toContain("IQ-AR");
});

test("it says where a purpose is ours, and that nothing is confirmed yet", async () => {
  const all = await contacts();
  expect(ids(all.filter((contact) => !contact.purposeFromGuide)).sort()).toEqual(["A-911", ...kri].sort());
  expect(all.every(({ verifiedOn }) => verifiedOn === null)).toBe(true);
  const { out } = await amana(["contacts"]);
  expect(out.match(/Not confirmed yet/g)).toHaveLength(9);
  expect(out.match(/names no purpose/g)).toHaveLength(5);
});

test.each(languages)("in %s the numbers are written as the guide writes them", async (lang) => {
  const { code, out } = await amana(["contacts", "--lang", lang]);
  expect(code).toBe(0);
  for (const number of [
    "911",
    "104",
    "497",
    "139",
    "131",
    "119",
    "066106",
    "+964 750 808 8080",
    "+964 750 252 2728",
    "+964 770 390 6223",
  ]) {
    expect(out).toContain(number);
  }
});
