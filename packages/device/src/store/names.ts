/** How things are named in a device's store. Names are our own words and random ids; docs/formats/device-store.md lists them all. */

/** The only thing in clear: a device must know what to ask a password for. */
export const accountName = "account";
export const deviceVaultName = "device-vault";
export const accountVaultName = "account-vault";

/** While a change of password is under way: what they will be when the server has changed all. */
export const nextDeviceVaultName = "device-vault/next";

export const recordName = (name: string): string => `record/${name}`;
