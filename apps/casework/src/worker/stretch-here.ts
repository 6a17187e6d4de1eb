/** Password stretching in the worker that holds the device. Loaded only where a worker of its own cannot be had. */
export { argon2idKdf } from "@amana/vault";
