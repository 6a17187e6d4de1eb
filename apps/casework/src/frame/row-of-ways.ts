/** On a phone the ways stand in a row that scrolls: where somebody is must be in sight, also once the phone was turned. */

/** Brings the way to the middle of its row. Nothing else moves, and nothing at all for a way that is not shown. */
export const bringToMiddle = (row: Element | undefined, way: Element | null | undefined): void => {
  if (row === undefined || way === null || way === undefined || way.getClientRects().length === 0) return;
  row.scrollBy({ left: middleOf(way) - middleOf(row), behavior: "instant" });
};

const middleOf = (element: Element): number => {
  const { left, right } = element.getBoundingClientRect();
  return (left + right) / 2;
};
