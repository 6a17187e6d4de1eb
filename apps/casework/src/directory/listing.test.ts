/** The directory on a screen: found in any spelling, named in the reader's language, and honest about what is old. */

import { expect, test } from "vitest";
import {
  type ProviderView,
  findProviders,
  freeNameOf,
  isSameListed,
  isStale,
  listedBefore,
  nameOf,
  namesById,
  recipientOf,
  today,
} from "./listing.ts";

const provider = (change: Partial<ProviderView> = {}): ProviderView => ({
  id: "0a".repeat(16),
  names: { en: "Women's centre", ckb: "سەنتەری ژنانی ھەولێر" },
  services: ["shelter"],
  governorates: ["IQ-AR"],
  reach: "0750 111 2233",
  hours: "",
  serves: "",
  cost: "free",
  checkedOn: "2026-06-01",
  checkedBy: "somebody",
  closedOn: undefined,
  ...change,
});
const all = { text: "", service: "", governorate: "", isClosedShown: false };
const find = (providers: readonly ProviderView[], change: Partial<typeof all>): readonly string[] =>
  findProviders(providers, { ...all, ...change }, () => ["Shelter"]).map(({ id }) => id);

test("a provider is found by its name typed with Arabic letters, by its number, and by what it does", () => {
  const one = provider();
  for (const text of ["سةنتةري ژناني هةولير", "womens", "WOMEN", "shelter", "0750"])
    expect(find([one], { text }), text).toEqual([one.id]);
  expect(find([one], { text: "clinic" })).toEqual([]);
});

test("whoever serves everywhere is found for each governorate, and who is closed only when asked for", () => {
  const everywhere = provider({ id: "everywhere", governorates: [] });
  const elsewhere = provider({ id: "elsewhere", governorates: ["IQ-BA"] });
  const closed = provider({ id: "closed", closedOn: "2026-10-01" });
  const providers = [everywhere, elsewhere, closed];
  expect(find(providers, {})).toEqual(["everywhere", "elsewhere"]);
  expect(find(providers, { governorate: "IQ-DA" })).toEqual(["everywhere"]);
  expect(find(providers, { governorate: "IQ-BA" })).toEqual(["everywhere", "elsewhere"]);
  expect(find(providers, { isClosedShown: true })).toEqual(["everywhere", "elsewhere", "closed"]);
  expect(find(providers, { service: "legal" })).toEqual([]);
});

test("an entry is another as soon as a colleague has changed anything in it or closed it, and not by who said it", () => {
  const before = listedBefore(provider());
  expect(isSameListed(before, listedBefore(provider({ checkedBy: "another" })))).toBe(true);
  // Kept as a draft, what is not there is left out, and the names may come in another order.
  const { en, ckb } = before.names;
  const kept = JSON.parse(JSON.stringify({ ...before, names: { ckb, en } })) as typeof before;
  expect(isSameListed(before, kept)).toBe(true);
  const changes = [{ reach: "0750 111 2234" }, { hours: "9–14" }, { serves: "Women" }, { cost: "paid" }] as const;
  const more = [{ services: [] }, { governorates: [] }, { names: { en: "Centre" } }, { checkedOn: "2026-06-02" }];
  for (const change of [...changes, ...more, { closedOn: "2026-10-01" }])
    expect(isSameListed(before, listedBefore(provider(change))), Object.keys(change)[0]).toBe(false);
  expect(isSameListed(before, undefined)).toBe(false);
  expect(isSameListed(undefined, undefined)).toBe(true);
});

test("the name is that of the reader's language, or the nearest that was written", () => {
  expect(nameOf(provider(), "en")).toBe("Women's centre");
  expect(nameOf(provider(), "kmr")).toBe("سەنتەری ژنانی ھەولێر");
  expect(nameOf({ names: { fr: "Centre" } }, "ar")).toBe("Centre");
  expect(namesById([provider()], "en").get(recipientOf(provider().id))).toBe("Women's centre");
});

test("what nobody has checked for half a year is called old", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  expect(isStale({ checkedOn: "2026-05-20" }, now)).toBe(true);
  expect(isStale({ checkedOn: "2026-06-01" }, now)).toBe(false);
  // East of here it is tomorrow already. Later than that nobody has asked, whatever a colleague has written.
  expect(isStale({ checkedOn: "2026-11-23" }, now)).toBe(false);
  for (const checkedOn of ["2027-06-01", "9999-12-31", "2026-11-31"])
    expect(isStale({ checkedOn }, now), checkedOn).toBe(true);
  expect(today(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
});

test("a name typed by hand is kept in one way of writing, in any script", () => {
  expect(freeNameOf("  عيادة   الأمل \u200f")).toBe("عيادة الأمل");
  expect(freeNameOf("Cafe\u0301")).toBe("Café");
  expect(freeNameOf("خانه\u200cی ئاشتی")).toBe("خانه\u200cی ئاشتی");
  expect(freeNameOf(" \n ")).toBeUndefined();
});
