/** The worker: it does what it is asked and answers, as the app's does. */

import { carryOut } from "./browser-side.ts";
import type { BrowserTask } from "./browser-tasks.ts";

addEventListener("message", ({ data }: MessageEvent<BrowserTask>) => {
  void carryOut(data).then((answer) => self.postMessage(answer));
});
