// How the node is doing: figures of now, charts of the last minutes, hottest keys, largest keyspaces.

import { h } from "./lib/preact.mjs";
import { Chart } from "./chart.js";
import { sum } from "./figures.js";
import { bytes, count, duration, percent } from "./format.js";
import { HotKeys } from "./hotkeys.js";
import { Tile } from "./tile.js";

const MOST_KEYSPACES = 8;

/** An axis of bytes is marked at round numbers of kibibytes, mebibytes and so on. */
const BYTE_STEPS = [1, 1024, 1024 ** 2, 1024 ** 3].flatMap((unit) =>
  [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((each) => each * unit),
);

function perSecond(value) {
  return `${count(value)}/s`;
}

function bytesPerSecond(value) {
  return `${bytes(value)}/s`;
}

export function Overview({ figures }) {
  const { now, points, last } = figures;
  if (now === null) {
    return h("p", { class: "empty page" }, figures.problem ? figures.problem.message : "Asking the node …");
  }
  return h(
    "div",
    { class: "overview" },
    h("h1", { class: "unseen" }, "Overview"),
    h(Tiles, { now: now.figures, last }),
    h(
      "div",
      { class: "grid" },
      h(Chart, {
        title: "Throughput",
        points,
        format: perSecond,
        least: 10,
        lines: [
          { name: "commands", colour: "accent", fill: true, value: (each) => each.commands },
          { name: "HTTP requests", colour: "violet", value: (each) => each.http },
        ],
        meaning: "Commands that the lanes answered in a second, from any protocol; HTTP reads that memory answers count as requests alone.",
      }),
      h(Chart, {
        title: "Latency",
        points,
        format: duration,
        log: true,
        lines: [
          { name: "p50", colour: "accent", value: (each) => each.p50 },
          { name: "p99", colour: "amber", value: (each) => each.p99 },
          { name: "p99.9", colour: "red", value: (each) => each.p999 },
        ],
        meaning: "Half of all commands, 99 and 99.9 of 100, had their reply within this time from their arrival; below 20 µs it is a guess.",
      }),
      h(Chart, {
        title: "Block cache",
        points,
        format: perSecond,
        least: 10,
        lines: [
          { name: "found", colour: "green", fill: true, value: (each) => each.hits },
          { name: "read from disk", colour: "amber", value: (each) => each.misses },
        ],
        meaning: "Blocks of tables that reads and compactions asked for: found in memory, or not. What memtables hold asks for none.",
      }),
      h(Chart, {
        title: "Flush and compaction",
        points,
        format: bytesPerSecond,
        least: 4096,
        steps: BYTE_STEPS,
        lines: [
          { name: "flushed", colour: "blue", fill: true, value: (each) => each.flushed },
          { name: "compacted", colour: "violet", value: (each) => each.compacted },
        ],
        meaning: "Bytes of new tables: memtables written out, and tables merged. More of the latter than of the former is as it should be.",
      }),
      h(HotKeys, { hotKeys: now.hotKeys }),
      h(Sizes, { now: now.figures }),
    ),
  );
}

function Tiles({ now, last }) {
  const debt = sum(now, "distkv_compaction_debt_bytes");
  const pressure = Math.max(0, ...(now.distkv_write_pressure ?? []).map((each) => each.value));
  const heapMost = sum(now, "jvm_heap_max_bytes");
  const damaged = sum(now, "distkv_damaged_files");
  const full = sum(now, "distkv_disk_full") > 0;
  return h(
    "div",
    { class: "tiles" },
    h(Tile, {
      name: "Commands",
      value: last ? perSecond(last.commands) : "…",
      meaning: "answered in the last two seconds",
    }),
    h(Tile, {
      name: "Latency p99",
      value: last ? duration(last.p99) : "…",
      meaning: "99 of 100 commands took no longer",
    }),
    h(Tile, {
      name: "Errors",
      value: last ? perSecond(last.errors) : "…",
      tone: last && last.errors > 0 ? "warn" : "",
      meaning: "commands answered by an error",
    }),
    h(Tile, {
      name: "Clients",
      value: count(sum(now, "distkv_connections") + sum(now, "distkv_http_connections")),
      meaning: "connections of Redis and HTTP",
    }),
    h(Tile, {
      name: "Cache hits",
      value: last ? percent(last.hitShare) : "…",
      meaning: "of blocks that were asked for",
    }),
    h(Tile, {
      name: "Heap",
      value: bytes(sum(now, "jvm_heap_used_bytes")),
      meaning: `that Java uses, of ${bytes(heapMost)}`,
    }),
    h(Tile, {
      name: "Compaction debt",
      value: bytes(debt),
      tone: pressure > 0 ? "warn" : "",
      meaning: pressure > 0 ? "writers are slowed down for it" : "tables that wait to be merged",
    }),
    h(Tile, {
      name: damaged > 0 ? "Damaged files" : "Disk",
      value: damaged > 0 ? count(damaged) : bytes(sum(now, "distkv_disk_usable_bytes")),
      tone: damaged > 0 || full ? "bad" : "",
      meaning: damaged > 0 ? "see /readyz for their names" : full ? "writes are refused" : "free for data",
    }),
  );
}

function Sizes({ now }) {
  const sizes = (now.distkv_keyspace_bytes ?? [])
    .map((each) => ({ name: each.keyspace, bytes: each.value }))
    .sort((a, b) => b.bytes - a.bytes);
  const most = Math.max(1, ...sizes.map((each) => each.bytes));
  return h(
    "section",
    { class: "card", "aria-label": "Largest keyspaces" },
    h("header", { class: "card-head" }, h("h2", null, "Largest keyspaces")),
    h(
      "table",
      { class: "bars" },
      h("thead", { class: "unseen" }, h("tr", null, h("th", null, "Keyspace"), h("th", null, "Size"))),
      h(
        "tbody",
        null,
        sizes.slice(0, MOST_KEYSPACES).map((each) =>
          h(
            "tr",
            { key: each.name },
            h(
              "td",
              { class: "bar-cell" },
              h("progress", { class: "bar", max: most, value: each.bytes, "aria-hidden": true }),
              h("a", { href: `#/keys/${encodeURIComponent(each.name)}` }, each.name),
            ),
            h("td", { class: "number" }, bytes(each.bytes)),
          ),
        ),
      ),
    ),
    h("p", { class: "meaning" }, "What tables on disk and memtables take on this node, old versions included."),
  );
}
