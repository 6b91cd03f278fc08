// The head of the page: which node this is, how it is, where to go.

import { h } from "./lib/preact.mjs";
import { span } from "./format.js";
import { sum } from "./figures.js";

const PLACES = [
  ["overview", "Overview"],
  ["keyspaces", "Keyspaces"],
  ["keys", "Keys"],
];
const THEMES = { auto: "◐ Auto", dark: "● Dark", light: "○ Light" };

/** The address says where somebody is; so the link does not go there, but does what it says. */
function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function uptime(now) {
  const seconds = sum(now.figures, "process_uptime_seconds");
  return seconds === 0 ? null : span(seconds);
}

function State({ now, problem }) {
  const state = problem ? "unreachable" : (now?.state ?? "…");
  return h(
    "span",
    { class: `state ${state}`, role: "status", title: problem ? problem.message : "As /readyz says" },
    state,
  );
}

export function Header({ place, now, problem, theme, nextTheme, help }) {
  const since = now === null ? null : uptime(now);
  return h(
    "header",
    { class: "top" },
    h("a", { class: "skip", href: "#main", onClick: skip }, "Skip to the content"),
    h(
      "div",
      { class: "brand" },
      h("img", { src: "/console/icon.svg", alt: "", width: 26, height: 26 }),
      h("span", { class: "brand-name" }, "DistKV"),
      h(State, { now, problem }),
    ),
    h(
      "nav",
      { "aria-label": "Places" },
      PLACES.map(([id, name]) =>
        h("a", { key: id, href: `#/${id}`, "aria-current": place === id ? "page" : undefined }, name),
      ),
    ),
    h(
      "div",
      { class: "top-right" },
      now?.node &&
        h(
          "span",
          { class: "node", title: "The identity of the data folder, and how long the process runs" },
          h("code", null, now.node),
          since && h("span", null, `up ${since}`),
        ),
      h(
        "button",
        { type: "button", class: "quiet", onClick: nextTheme, "aria-label": `Theme: ${theme}` },
        THEMES[theme],
      ),
      h("button", { type: "button", class: "quiet", onClick: help, "aria-label": "Keyboard help" }, "?"),
    ),
  );
}
