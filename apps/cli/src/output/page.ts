/**
 * A page of plain text: headings and paragraphs, indented and wrapped. No colours, no bold: it reads
 * the same on paper, in a pipe and by a screen reader.
 */

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  /** `marker` stands before the first line, and the others hang under its end. */
  | { readonly kind: "paragraph"; readonly depth: number; readonly marker: string; readonly text: string };

export const heading = (text: string): Block => ({ kind: "heading", text });
export const paragraph = (depth: number, text: string, marker = ""): Block => ({
  kind: "paragraph",
  depth,
  marker,
  text,
});

const columnsDefault = 88;
const columnsMin = 40;
const columnsMax = 100;
const indent = "  ";

/** The page as text. An empty paragraph leaves nothing behind. */
export const pageText = (blocks: readonly Block[], columns: number = columnsDefault): string => {
  const width = Math.min(columnsMax, Math.max(columnsMin, columns));
  return blocks.map((block, index) => blockText(block, width, index === 0)).join("");
};

const blockText = (block: Block, width: number, isFirst: boolean): string => {
  if (block.kind === "heading") {
    return `${isFirst ? "" : "\n"}${block.text}\n${"-".repeat(Math.min(width, lettersIn(block.text)))}\n`;
  }
  if (block.text === "") return "";
  const before = indent.repeat(block.depth);
  const hanging = " ".repeat(block.marker.length);
  return block.text
    .split("\n")
    .flatMap((line) => wrap(line, width - before.length - hanging.length))
    .map((line, index) => `${before}${index === 0 ? block.marker : hanging}${line}\n`)
    .join("");
};

const lettersIn = (text: string): number => Array.from(text.replaceAll(/\p{Mn}|\p{Cf}/gu, "")).length;

const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && lettersIn(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
};
