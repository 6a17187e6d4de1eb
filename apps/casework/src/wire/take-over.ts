/** What the page says to a newer version of the app that waits. */

export const takeOver = "take-over";
