/** A store that notes the name of each question, so that a test can tell whether two requests were the same work. */

import type { Storage } from "../storage/storage.ts";

export const noting = (storage: Storage, questions: string[]): Storage =>
  new Proxy(storage, {
    get: (target, name, receiver) => {
      questions.push(String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
