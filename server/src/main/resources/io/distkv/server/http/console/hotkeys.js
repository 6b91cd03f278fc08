// The keys that are asked for most of late, each with its part of all.

import { h } from "./lib/preact.mjs";
import { fromBase64, ofText, printable, toBase64Url } from "./bytes.js";
import { percent } from "./format.js";

/** Fewer samples than this say nothing. */
const LEAST_SAMPLES = 3;
const MOST_KEYS = 8;

function bytesOf(key) {
  return key.keyBase64 === undefined ? ofText(key.key) : fromBase64(key.keyBase64);
}

export function HotKeys({ hotKeys }) {
  const samples = hotKeys?.samples ?? 0;
  const keys = (hotKeys?.keys ?? []).filter((key) => key.samples >= LEAST_SAMPLES);
  return h(
    "section",
    { class: "card", "aria-label": "Hottest keys" },
    h("header", { class: "card-head" }, h("h2", null, "Hottest keys")),
    keys.length === 0
      ? h("p", { class: "empty" }, samples === 0 ? "Nothing was asked for of late." : "No key stands out.")
      : h(
          "table",
          { class: "bars" },
          h(
            "thead",
            { class: "unseen" },
            h("tr", null, h("th", null, "Key"), h("th", null, "Keyspace"), h("th", null, "Share")),
          ),
          h(
            "tbody",
            null,
            keys.slice(0, MOST_KEYS).map((key) => h(Row, { key: key.keyspace + key.key + key.keyBase64, hot: key, samples, most: keys[0].samples })),
          ),
        ),
    h(
      "p",
      { class: "meaning" },
      "The part of the last half minute's reads and writes that asked for a key, from a sample of one in 64; at least. Bars compare them with the first.",
    ),
  );
}

function Row({ hot, samples, most }) {
  const bytes = bytesOf(hot);
  const share = hot.samples / samples;
  return h(
    "tr",
    null,
    h(
      "td",
      { class: "bar-cell" },
      h("progress", { class: "bar", max: most, value: hot.samples, "aria-hidden": true }),
      h(
        "a",
        { href: `#/keys/${encodeURIComponent(hot.keyspace)}/${toBase64Url(bytes)}`, class: "mono clip" },
        printable(bytes),
      ),
    ),
    h("td", { class: "faint" }, hot.keyspace),
    h("td", { class: "number" }, percent(share)),
  );
}
