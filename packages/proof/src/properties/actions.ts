/** *Actions* of section 13: those that must exist, and when they are listed. */

import { always } from "../circuit/circuit.ts";
import { actionsOfDomain } from "../spec/vocabulary.ts";
import { type Property, claim, isListed, isOpen } from "./property.ts";

export const actions: Property = {
  id: "actions",
  title:
    "Every action section 13 names exists; removal, evidence and addresses are listed only while their gate is open; accompaniment whenever a report is open or wanted.",
  claims: (world) => {
    const { any, pack, isExact } = world;
    const { view: c } = any;
    const about = (id: string) => ({ part: "action", id }) as const;
    const missing = actionsOfDomain
      .filter((id) => !pack.actions.some((action) => action.id === id))
      .map((id) => claim(world, `the action ${id} is missing`, always, about(id)));
    const behind = (
      [
        ["request-removal", "content-removal"],
        ["preserve-evidence", "evidence-by-survivor"],
        ["note-addresses", "evidence-by-survivor"],
      ] as const
    ).map(([id, gate]) =>
      claim(
        world,
        `${id} is listed although ${gate} is closed`,
        c.and(isListed(any, id), c.not(isOpen(any, gate))),
        about(id),
      ),
    );
    const law = c.or(isOpen(any, "law-report"), c.is("wants-law-report", "yes"));
    const accompany = isListed(any, "accompany-to-law-enforcement");
    const noEvidence = c.and(
      ...[isOpen(any, "evidence-by-survivor"), c.not(isListed(any, "preserve-evidence"))],
      c.not(isListed(any, "note-addresses")),
    );
    return [
      ...missing,
      ...behind,
      claim(
        world,
        "nobody accompanies although a report is open or wanted",
        c.and(law, c.not(accompany)),
        about("accompany-to-law-enforcement"),
      ),
      claim(
        world,
        "evidence may be kept and neither preserve-evidence nor note-addresses says how",
        noEvidence,
        about("note-addresses"),
      ),
      ...(isExact
        ? [
            claim(
              world,
              "accompaniment is offered although no report is open or wanted",
              c.and(accompany, c.not(law)),
              about("accompany-to-law-enforcement"),
            ),
          ]
        : []),
    ];
  },
};
