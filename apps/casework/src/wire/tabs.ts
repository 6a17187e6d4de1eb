/** What the tabs of one browser say to each other: only that one of them is to work now. */

export const tabsChannelName = "notes-tabs";
export const giveWay = "give-way";
