/** Whoever tried to save what is not whole is led there: on a phone the place may be far above the button. */

import { tick } from "svelte";

/** The first place within that says that something is missing comes into sight, and what is to be filled in takes the focus. */
export const goToFirstMissing = async (within: Element | null | undefined): Promise<void> => {
  await tick();
  const missing = within?.querySelector(".missing");
  const field = missing?.closest(".field")?.querySelector<HTMLElement>("input, select, textarea, button");
  field?.focus({ preventScroll: true });
  missing?.scrollIntoView({ block: "center" });
};
