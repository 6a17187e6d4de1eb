/**
 * Starts the guided questions on a page that is complete without them. What it loads is the pack
 * and the texts of this language; what is answered never leaves the page.
 */

import { mount } from "svelte";
import Guided from "./Guided.svelte";
import Summary from "./Summary.svelte";
import { type FirstFile, type MoreFile, type Texts, unpackTexts } from "./guided-data.ts";
import { makeSession, sessionKey } from "./session.svelte.ts";

const load = async (address: string): Promise<unknown> => {
  const response = await fetch(address);
  if (!response.ok) throw new Error("A file of the guide is not there.");
  return response.json();
};

const start = async (target: HTMLElement, barPlace: HTMLElement | null): Promise<void> => {
  const { first = "", more = "", asking } = target.dataset;
  // Both files are written by the build in exactly these shapes.
  const file = (await load(first)) as FirstFile;
  // As above.
  const loadMore = async (): Promise<Texts> => unpackTexts((await load(more)) as MoreFile);
  const data = { ...file, texts: unpackTexts(file.texts) };
  const session = makeSession(data, asking === "self" ? "self" : "other", loadMore);
  const context = new Map([[sessionKey, session]]);
  mount(Guided, { target, context });
  if (barPlace !== null) mount(Summary, { target: barPlace, context });
  // On a slow line the reader may have begun to read: what is being read is not taken away.
  if (scrollY === 0) document.querySelector<HTMLDetailsElement>("#whole")?.removeAttribute("open");
};

const target = document.querySelector<HTMLElement>("#guided");
if (target !== null) {
  start(target, document.querySelector<HTMLElement>("#bar-place")).catch(() => {
    // Without the questions the page still says everything; it stays as it was written.
    target.remove();
  });
}
