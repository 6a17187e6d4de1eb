/**
 * One reader's way through the questions, as the screens see it: the flow, the answer computed from
 * it at once, and the longer texts once they are there. It lives as long as the page.
 */

import { getContext } from "svelte";
import { type Answer, assess, preparePack } from "@amana/pathway";
import { type Asking, type Flow, type Value, answerQuestion, factsOf, goBack, goTo, questionOf } from "./flow.ts";
import { skipQuestion, startFlow } from "./flow.ts";
import type { FirstData, Texts } from "./guided-data.ts";

export type Session = ReturnType<typeof makeSession>;

export const sessionKey = "session";

/** The session that `start.ts` gave to everything it mounted. */
export const useSession = (): Session => getContext<Session>(sessionKey);

export const makeSession = (data: FirstData, asking: Asking, loadMore: () => Promise<Texts>) => {
  const prepared = preparePack(data.pack);
  const longer = makeLonger(loadMore);
  let flow = $state.raw<Flow>(startFlow(asking));
  let isAnswerOpen = $state.raw(false);
  const answer: Answer = $derived(assess(prepared, factsOf(flow)));
  const question = $derived(questionOf(flow, answer.ask));

  return {
    data,
    asking,
    longer,
    get flow() {
      return flow;
    },
    get answer() {
      return answer;
    },
    get question() {
      return question;
    },
    /** On a phone: whether the answer is shown in place of the question. */
    get isAnswerOpen() {
      return isAnswerOpen;
    },
    showAnswer: (isOpen: boolean): void => {
      isAnswerOpen = isOpen;
    },
    fact: (id: string) => data.pack.facts.find((fact) => fact.id === id),
    give: (fact: string, value: Value): void => {
      flow = answerQuestion(flow, fact, value, answer.ask);
    },
    skip: (fact: string): void => {
      flow = skipQuestion(flow, fact);
    },
    revisit: (fact: string): void => {
      flow = goTo(flow, fact);
      isAnswerOpen = false;
    },
    back: (): void => {
      flow = goBack(flow);
    },
    forget: (): void => {
      flow = startFlow(asking);
      isAnswerOpen = false;
    },
    /** A text of the pack or one of our words. The build has checked that none is missing. */
    text: (key: string): string => data.texts[key] ?? key,
  };
};

/** The longer texts: fetched once, when the first is wanted; a failure is shown, and tried again at the next wish. */
const makeLonger = (load: () => Promise<Texts>) => {
  let texts = $state.raw<Texts | null>(null);
  let hasFailed = $state.raw(false);
  return {
    get texts() {
      return texts;
    },
    get hasFailed() {
      return hasFailed;
    },
    want: async (): Promise<void> => {
      if (texts !== null) return;
      try {
        texts = await load();
        hasFailed = false;
      } catch {
        hasFailed = true;
      }
    },
  };
};
