// All keyspaces, with what they are like and hold; they are created, changed and dropped here.

import { Component, h } from "./lib/preact.mjs";
import { getJson, keyspacePath, send } from "./api.js";
import { Dialog } from "./dialog.js";
import { bytes, count, span } from "./format.js";
import { KeyspaceForm } from "./keyspaceform.js";
import { listen } from "./shortcuts.js";

const INTERVAL_MILLIS = 5_000;
const AT_A_TIME = 8;

export class Keyspaces extends Component {
  constructor(props) {
    super(props);
    this.state = { all: null, problem: null, dialog: null };
  }

  componentDidMount() {
    this.load();
    this.timer = setInterval(() => !document.hidden && this.load(), INTERVAL_MILLIS);
    this.forget = listen({ n: () => this.setState({ dialog: { kind: "create" } }) });
  }

  componentWillUnmount() {
    clearInterval(this.timer);
    this.forget();
    this.gone = true;
  }

  async load() {
    try {
      const { keyspaces } = await getJson(keyspacePath());
      const all = [];
      for (let i = 0; i < keyspaces.length; i += AT_A_TIME) {
        const some = keyspaces.slice(i, i + AT_A_TIME);
        all.push(...(await Promise.all(some.map((each) => describe(each.name)))));
      }
      this.show({ all: all.filter((each) => each !== null), problem: null });
    } catch (problem) {
      this.show({ problem });
    }
  }

  show(state) {
    if (!this.gone) {
      this.setState(state);
    }
  }

  close() {
    this.setState({ dialog: null });
    this.load();
  }

  render(_, { all, problem, dialog }) {
    return h(
      "div",
      { class: "page" },
      h(
        "header",
        { class: "page-head" },
        h("h1", null, "Keyspaces"),
        h(
          "button",
          { type: "button", class: "primary", onClick: () => this.setState({ dialog: { kind: "create" } }) },
          "New keyspace",
        ),
      ),
      problem && h("p", { class: "note bad", role: "alert" }, problem.message),
      all === null
        ? h("p", { class: "empty" }, "Asking the node …")
        : h(Table, { all, open: (kind, keyspace) => this.setState({ dialog: { kind, keyspace } }) }),
      dialog?.kind === "drop" && h(Drop, { keyspace: dialog.keyspace, close: () => this.close() }),
      (dialog?.kind === "create" || dialog?.kind === "alter") &&
        h(KeyspaceForm, { keyspace: dialog.keyspace, close: () => this.close() }),
    );
  }
}

/** Null if it was dropped meanwhile. */
async function describe(name) {
  try {
    return await getJson(keyspacePath(name));
  } catch (problem) {
    if (problem.status === 404) {
      return null;
    }
    throw problem;
  }
}

const COLUMNS = [
  ["Name", ""],
  ["Keys", "number", "About how many there are"],
  ["Size", "number", "Tables on disk and memtables"],
  ["Limit", "number", "Where writes are refused"],
  ["Partitions", "number", "Into how many parts it is split; fixed when it is created"],
  ["Durability", "", "When a write is acknowledged"],
  ["History", "", "How long old values can still be read"],
  ["Compression", "", "Of tables, by level from the youngest"],
];

function Table({ all, open }) {
  return h(
    "div",
    { class: "card table-card" },
    h(
      "table",
      { class: "rows" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          COLUMNS.map(([name, kind, title]) => h("th", { key: name, class: kind, title, scope: "col" }, name)),
          h("th", { scope: "col" }, h("span", { class: "unseen" }, "Actions")),
        ),
      ),
      h("tbody", null, all.map((each) => h(Row, { key: each.name, keyspace: each, open }))),
    ),
    h(
      "p",
      { class: "meaning" },
      "Keys and sizes are estimates of this node, from its tables and memtables; a key that was overwritten may count twice until a compaction.",
    ),
  );
}

function Row({ keyspace, open }) {
  const { settings } = keyspace;
  const limit = Number(settings.maxBytes);
  const history = Number(settings.historyMillis);
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, h("a", { href: `#/keys/${keyspace.name}` }, keyspace.name)),
    h("td", { class: "number" }, count(Number(keyspace.keys))),
    h("td", { class: "number" }, bytes(Number(keyspace.bytes))),
    h("td", { class: "number faint" }, limit === 0 ? "none" : bytes(limit)),
    h("td", { class: "number" }, keyspace.partitions),
    h(
      "td",
      null,
      settings.durability === "interval" ? `every ${settings.intervalMillis} ms` : settings.durability,
    ),
    h("td", { class: history === 0 ? "faint" : "" }, history === 0 ? "none" : span(history / 1_000)),
    h("td", null, settings.compression.join(", ")),
    h(
      "td",
      { class: "actions" },
      h(
        "button",
        { type: "button", class: "quiet", "aria-label": `Change ${keyspace.name}`, onClick: () => open("alter", keyspace) },
        "Change",
      ),
      h(
        "button",
        { type: "button", class: "quiet danger", "aria-label": `Drop ${keyspace.name}`, onClick: () => open("drop", keyspace) },
        "Drop",
      ),
    ),
  );
}

/** Asks for the name once more, as the node does. */
class Drop extends Component {
  constructor(props) {
    super(props);
    this.state = { again: "", problem: null };
  }

  async drop(event) {
    event.preventDefault();
    try {
      const query = `nameAgain=${encodeURIComponent(this.state.again)}`;
      await send("DELETE", `${keyspacePath(this.props.keyspace.name)}?${query}`);
      this.props.close();
    } catch (problem) {
      this.setState({ problem });
    }
  }

  render({ keyspace, close }, { again, problem }) {
    return h(
      Dialog,
      { title: `Drop ${keyspace.name}`, close },
      h(
        "form",
        { onSubmit: (event) => this.drop(event) },
        h(
          "p",
          null,
          "All its keys (about ",
          h("b", null, count(Number(keyspace.keys))),
          ") are deleted at once and for good.",
        ),
        h(
          "label",
          null,
          "Its name once more",
          h("input", {
            value: again,
            autofocus: true,
            autocomplete: "off",
            spellcheck: false,
            onInput: (event) => this.setState({ again: event.target.value }),
          }),
        ),
        problem && h("p", { class: "note bad", role: "alert" }, problem.message),
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", onClick: close }, "Keep it"),
          h("button", { type: "submit", class: "primary danger", disabled: again !== keyspace.name }, "Drop it"),
        ),
      ),
    );
  }
}
