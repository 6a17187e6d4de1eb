/** Did you mean: the ids a mistyped one was probably meant to be. */

const nearestMax = 3;

/** Up to three ids close in spelling, or holding or held in what was written; nearest first. */
export const nearestIds = (written: string, ids: Iterable<string>): readonly string[] => {
  const wanted = written.slice(0, 80).toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: { readonly id: string; readonly distance: number }[] = [];
  for (const id of ids) {
    const candidate = id.toLowerCase();
    const isPart = wanted.length > 2 && (candidate.includes(wanted) || wanted.includes(candidate));
    const distance = isPart ? 1 : editDistance(wanted, candidate);
    if (distance <= limit) scored.push({ id, distance });
  }
  return scored
    .sort((one, other) => one.distance - other.distance || (one.id < other.id ? -1 : 1))
    .slice(0, nearestMax)
    .map(({ id }) => id);
};

/** How many letters to add, drop or change. */
const editDistance = (one: string, other: string): number => {
  let above = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      current.push(
        Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + change),
      );
    }
    above = current;
  }
  return above[other.length] ?? 0;
};
