/**
 * Search within the guide: the index of this language is fetched when the field is first used, and
 * everything else happens here. Nothing that is typed leaves the page.
 */

import { type IndexEntry, type Found, searchIn } from "./searching.ts";

const place = document.querySelector<HTMLElement>("#search-place");
const indexAddress = document.body.dataset["index"];

const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = "",
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
};

const startSearch = (within: HTMLElement, address: string): void => {
  const words = within.dataset;
  const label = element("label", "search-label", words["label"]);
  const field = element("input", "search-field");
  const status = element("p", "search-status");
  const results = element("ol", "results");
  label.htmlFor = "search-field";
  field.id = "search-field";
  field.type = "search";
  field.autocomplete = "off";
  field.spellcheck = false;
  status.setAttribute("role", "status");
  within.replaceChildren(label, field, status, results);

  let index: Promise<readonly IndexEntry[]> | undefined;
  const loadIndex = (): Promise<readonly IndexEntry[]> => {
    index ??= fetch(address).then(async (response) => {
      if (!response.ok) throw new Error("The index is not there.");
      // The index is written by the build in exactly this shape.
      return (await response.json()) as readonly IndexEntry[];
    });
    return index;
  };

  const show = async (): Promise<void> => {
    const query = field.value;
    const found = searchIn(await loadIndex(), query);
    if (field.value !== query) return;
    results.replaceChildren(...found.map(resultOf));
    const isAsked = query.trim().length > 1;
    const sentence = found.length === 0 ? (words["none"] ?? "") : `${words["found"] ?? ""} ${found.length}`;
    status.textContent = isAsked ? sentence : "";
  };

  field.addEventListener("input", () => {
    if (index === undefined) status.textContent = words["loading"] ?? "";
    show().catch(() => {
      index = undefined;
      status.textContent = words["failed"] ?? "";
    });
  });
};

const resultOf = ({ entry, excerpt }: Found): HTMLElement => {
  const item = element("li", "");
  const link = element("a", "", entry.page);
  link.href = entry.address;
  if (entry.heading !== "") link.append(" ", element("span", "within", entry.heading));
  const text = element("p", "");
  for (const { text: piece, isMatch } of excerpt) text.append(isMatch ? element("mark", "", piece) : piece);
  item.append(link, text);
  return item;
};

if (place !== null && indexAddress !== undefined) startSearch(place, indexAddress);
