/**
 * Signs that no text of a case can hold and that nobody sees come along when somebody pastes out of a document: they are taken
 * out as soon as they are there, because whoever typed could neither find them nor know why the text is refused.
 */

/** Between two lines of one paragraph, and between two pages. */
const breaks = /[\u000b\u000c]/g;
const unwritable = /[\u0000-\u0008\u000e-\u001f\u007f]/g;

export const writable = (text: string, lineBreak: "\n" | " "): string =>
  text.replace(breaks, lineBreak).replace(unwritable, "");

/** Before whoever listens to the field reads it; the place where one types stays. */
export const keepWritable = ({ target }: Event): void => {
  const isLong = target instanceof HTMLTextAreaElement;
  if (!isLong && !(target instanceof HTMLInputElement && target.type === "text")) return;
  const clean = (text: string): string => writable(text, isLong ? "\n" : " ");
  const text = clean(target.value);
  if (text === target.value) return;
  const at = clean(target.value.slice(0, target.selectionEnd ?? target.value.length)).length;
  target.value = text;
  target.setSelectionRange(at, at);
};
