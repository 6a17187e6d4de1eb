/**
 * What may be told of an unforeseen error: where in our code it happened. Its message is left out, because it could hold
 * something that was sent.
 */

const framesMax = 8;

export const placeOfMistake = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, framesMax).map((line) => line.trim())].join(" ");
};
