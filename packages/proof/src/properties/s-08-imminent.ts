/** S-8 (G-MH-4): imminent suicide or self-harm. */

import { claim, isNow, type Property } from "./property.ts";

export const imminentSelfHarm: Property = {
  id: "S-8",
  title: "Imminent suicide or self-harm always yields the urgent mental-health referral, now, whatever else is true.",
  claims: (world) => {
    const { view: c } = world.any;
    const id = "urgent-mental-health-referral";
    const missing = c.and(c.is("suicide-or-self-harm", "imminent"), c.not(isNow(world.any, id)));
    return [
      claim(world, "suicide or self-harm is imminent and mental health is not called now", missing, {
        part: "action",
        id,
      }),
    ];
  },
};
