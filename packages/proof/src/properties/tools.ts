/** *Tools* of section 13: what is offered, what is open, and which limits are said. */

import { type Literal, always } from "../circuit/circuit.ts";
import { bothAdult, contradicts } from "../spec/case.ts";
import { type Claim, type Property, type World, claim, hasLimit, isOpen, toolOf } from "./property.ts";
import type { CaseView } from "../spec/view.ts";

const platforms = ["facebook", "instagram", "snapchat", "tiktok", "whatsapp", "x"];

export const tools: Property = {
  id: "tools",
  title: "Each tool is offered when it fits the case and open only behind its gate, with the limits section 13 names.",
  claims: (world) => [
    ...Object.entries(offeredWhen).flatMap(([id, offered]) => toolClaims(world, id, offered)),
    ...limitClaims(world),
  ],
};

const mayHoldCopy = (c: CaseView): Literal => c.not(c.is("survivor-holds-copy", "no"));
const isSexual = (c: CaseView): Literal => c.is("sexual-content", "yes");

type Offer = (c: CaseView) => Literal;

const offeredWhen: Readonly<Record<string, Offer>> = {
  "T-stopncii": (c) => c.and(isSexual(c), bothAdult(c), mayHoldCopy(c)),
  "T-takeitdown": (c) => c.and(isSexual(c), c.or(c.is("age", "child"), c.is("age-in-image", "child")), mayHoldCopy(c)),
  "T-insm": () => always,
  "T-t4p": () => always,
  ...Object.fromEntries(
    platforms.map((platform): [string, Offer] => [`P-${platform}`, (c) => c.is("platforms", platform)]),
  ),
};

const gateOfTool = (id: string): string => (id.startsWith("P-") ? "platform-report" : "content-removal");
const fingerprintTools = ["T-stopncii", "T-takeitdown"];

const toolClaims = (world: World, id: string, offeredWhenOf: Offer): readonly Claim[] => {
  const { any, isExact } = world;
  const { view: c } = any;
  const tool = toolOf(any, id);
  const about = { part: "tool", id } as const;
  if (tool === undefined) return isExact ? [claim(world, `${id} is missing`, always, about)] : [];
  const fits = offeredWhenOf(c);
  const needsCopy = fingerprintTools.includes(id) ? c.is("survivor-holds-copy", "yes") : always;
  const mayOpen = c.and(tool.offered, isOpen(any, gateOfTool(id)), needsCopy);
  const careful = [
    claim(world, `${id} is offered where it does not fit`, c.and(tool.offered, c.not(fits)), about),
    claim(world, `${id} is open where it must not be`, c.and(tool.open, c.not(mayOpen)), about),
  ];
  if (!isExact) return careful;
  const sound = c.not(contradicts(c));
  return [
    ...careful,
    claim(world, `${id} is not offered where it fits`, c.and(fits, c.not(tool.offered), sound), about),
    claim(world, `${id} is not open where it may be`, c.and(mayOpen, c.not(tool.open), sound), about),
  ];
};

const limitClaims = (world: World): readonly Claim[] => {
  const { view: c } = world.any;
  const onlyPrivate = c.namesOnly("platforms", "whatsapp", "telegram");
  const lacks = (id: string, limit: string, where: Literal): readonly Claim[] => {
    const tool = toolOf(world.any, id);
    if (tool === undefined) return [];
    const says = `${id} is offered without the limit ${limit}`;
    return [claim(world, says, c.and(tool.offered, where, c.not(hasLimit(tool, limit))), { part: "tool", id })];
  };
  const saidLate = fingerprintTools.flatMap((id) => {
    const tool = toolOf(world.any, id);
    const first = tool?.limits.find((limit) => limit.id === "not-private-or-encrypted")?.isFirst;
    if (tool === undefined || first === undefined) return [];
    const says = `${id} does not say first that it cannot reach private or encrypted chats`;
    return [claim(world, says, c.and(tool.offered, onlyPrivate, c.not(first)), { part: "tool", id })];
  });
  return [
    ...fingerprintTools.flatMap((id) => [
      ...lacks(id, "needs-own-copy", c.not(c.known("survivor-holds-copy"))),
      ...lacks(id, "not-private-or-encrypted", onlyPrivate),
      ...lacks(id, "participating-platforms-only", always),
    ]),
    ...saidLate,
    ...lacks("T-stopncii", "keep-number-and-pin", always),
    ...lacks("T-t4p", "may-ask-screenshots", always),
    ...["T-insm", "T-t4p"].flatMap((id) => lacks(id, "partner-platforms-only", always)),
  ];
};
