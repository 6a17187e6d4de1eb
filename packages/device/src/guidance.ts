/** The guidance in use, made of its compiled pack. A small part of its own: it is loaded before a device is unlocked. */

import { type CompiledPack, assess, preparePack, vocabularyOf } from "@amana/pathway";
import type { Guidance } from "./ports.ts";

export const guidanceOf = (pack: CompiledPack): Guidance => {
  const prepared = preparePack(pack);
  const version = `${pack.id} ${pack.version}`;
  return { assess: (facts) => assess(prepared, facts), vocabulary: vocabularyOf(pack), version };
};
