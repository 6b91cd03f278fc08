// What the keyboard does.

import { h } from "./lib/preact.mjs";
import { Dialog } from "./dialog.js";
import { SHORTCUTS } from "./shortcuts.js";

export function Help({ close }) {
  return h(
    Dialog,
    { title: "Keyboard", close },
    h(
      "table",
      { class: "plain" },
      h(
        "tbody",
        null,
        SHORTCUTS.map(([key, what]) =>
          h("tr", { key }, h("th", { scope: "row" }, h("kbd", null, key)), h("td", null, what)),
        ),
      ),
    ),
  );
}
