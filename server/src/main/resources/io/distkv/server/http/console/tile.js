// One figure: its name, its value, and one line that says what it means.

import { h } from "./lib/preact.mjs";

export function Tile({ name, value, meaning, tone }) {
  return h(
    "div",
    { class: `tile ${tone ?? ""}`, role: "group", "aria-label": name },
    h("div", { class: "tile-name" }, name),
    h("div", { class: "tile-value" }, value),
    h("p", { class: "meaning" }, meaning),
  );
}
