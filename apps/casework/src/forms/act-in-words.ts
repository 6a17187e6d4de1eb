/** What an act is called on its button and above its form, so that no two on a screen are called the same. */

import type { Act } from "../case/screen.ts";
import type { Words } from "../frame/words.ts";

type Called = Pick<Act, "form" | "given" | "begin">;

export const actInWords = (act: Called, { hasText, named }: Words): string => {
  const own = `${act.form}.${kindOf(act)}`;
  return named("act", hasText(`act.${own}`) ? own : act.form);
};

/**
 * Changing what is there is another thing than adding to it; a consent is taken back by whoever gave it; and what stands beside a
 * purpose and its recipient is for these.
 */
const kindOf = ({ given, begin }: Called): string => {
  if (Object.keys(begin).length > 0) return "change";
  if (given["recipient"] === undefined) return "";
  return typeof given["whose"] === "string" ? given["whose"] : "this";
};
