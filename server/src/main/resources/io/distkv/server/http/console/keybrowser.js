// The keys of a keyspace, now or as of a moment; one of them is looked at and changed beside them.

import { Component, createRef, h } from "./lib/preact.mjs";
import { getJson, keyspacePath, queryText } from "./api.js";
import { fromBase64, parsePrintable, printable, toBase64Url } from "./bytes.js";
import { Editor } from "./editor.js";
import { moment, versionMillis } from "./format.js";
import { listen } from "./shortcuts.js";

const PAGE = 100;
const TYPING_MILLIS = 200;
const MOMENTS = [
  ["", "now"],
  ["-10s", "10 seconds ago"],
  ["-1m", "a minute ago"],
  ["-10m", "ten minutes ago"],
  ["-1h", "an hour ago"],
  ["at", "at a time …"],
];

export class KeyBrowser extends Component {
  constructor(props) {
    super(props);
    this.search = createRef();
    this.list = createRef();
    this.state = { keyspaces: [], prefix: "", ago: "", at: "", keys: [], next: null, problem: null, making: false };
  }

  async componentDidMount() {
    this.forget = listen({
      "/": () => this.search.current?.focus(),
      n: () => this.setState({ making: true }),
    });
    try {
      const { keyspaces } = await getJson(keyspacePath());
      this.setState({ keyspaces: keyspaces.map((each) => each.name) });
      this.load();
    } catch (problem) {
      this.setState({ problem });
    }
  }

  componentWillUnmount() {
    this.forget();
    clearTimeout(this.typing);
    this.asking?.abort();
  }

  componentDidUpdate() {
    if (this.listed !== undefined && this.listed !== this.keyspace) {
      this.setState({ prefix: "" });
      this.load();
    }
  }

  get keyspace() {
    return this.props.keyspace ?? this.state.keyspaces[0] ?? "default";
  }

  /** What to say as asOf; nothing for now. */
  get asOf() {
    const { ago, at } = this.state;
    if (ago !== "at") {
      return ago;
    }
    return at === "" || Number.isNaN(Date.parse(at)) ? "" : new Date(at).toISOString();
  }

  /** Lists from the beginning, or goes on behind what is shown. */
  async load(token) {
    this.asking?.abort();
    this.asking = new AbortController();
    const prefixText = this.listed === undefined || this.listed === this.keyspace ? this.state.prefix : "";
    this.listed = this.keyspace;
    const { signal } = this.asking;
    const query = new URLSearchParams({ encoding: "base64url", keysOnly: "true", limit: PAGE });
    const prefix = toBase64Url(parsePrintable(prefixText));
    if (prefix !== "") {
      query.set("prefix", prefix);
    }
    if (this.asOf !== "") {
      query.set("asOf", this.asOf);
    }
    if (token) {
      query.set("pageToken", token);
    }
    try {
      const page = await getJson(`${keyspacePath(this.keyspace)}/keys?${queryText(query)}`, { signal });
      const keys = page.entries.map((each) => {
        const bytes = fromBase64(each.keyBase64);
        return { id: toBase64Url(bytes), text: printable(bytes), version: each.version };
      });
      this.setState((now) => ({
        keys: token ? [...now.keys, ...keys] : keys,
        next: page.nextPageToken ?? null,
        problem: null,
      }));
    } catch (problem) {
      if (problem.name !== "AbortError") {
        this.setState({ problem, keys: [], next: null });
      }
    }
  }

  change(state) {
    this.setState(state, () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.load(), TYPING_MILLIS);
    });
  }

  open(id) {
    this.setState({ making: false });
    location.hash = `#/keys/${encodeURIComponent(this.keyspace)}/${id}`;
  }

  /** Arrows go through the list, as in any list. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const links = [...this.list.current.querySelectorAll("a, button")];
      links[links.indexOf(document.activeElement) + step]?.focus();
    }
  }

  render({ selected }, { making }) {
    return h(
      "div",
      { class: "page" },
      h("h1", { class: "unseen" }, "Keys"),
      this.filters(),
      h(
        "div",
        { class: "browser" },
        this.keyList(selected),
        making || selected
          ? h(Editor, {
              // Another key is another editor.
              key: making ? "new" : `${this.keyspace}/${selected}/${this.asOf}`,
              keyspace: this.keyspace,
              id: making ? null : selected,
              asOf: making ? "" : this.asOf,
              changed: () => this.load(),
              made: (id) => this.open(id),
              close: () => this.setState({ making: false }),
            })
          : h(
              "section",
              { class: "card empty-card" },
              h("p", { class: "empty" }, "Choose a key to see its value, what it was before, and to change it."),
            ),
      ),
    );
  }

  filters() {
    const { keyspaces, prefix, ago, at } = this.state;
    return h(
      "form",
      { class: "filters", role: "search", onSubmit: (event) => event.preventDefault() },
      h(
        "label",
        null,
        "Keyspace",
        h(
          "select",
          {
            value: this.keyspace,
            onChange: (event) => {
              location.hash = `#/keys/${encodeURIComponent(event.target.value)}`;
            },
          },
          keyspaces.map((name) => h("option", { key: name, value: name }, name)),
        ),
      ),
      h(
        "label",
        { class: "grow" },
        "Keys that begin with",
        h("input", {
          ref: this.search,
          type: "search",
          class: "mono",
          value: prefix,
          placeholder: "any; \\xHH for a byte",
          autocomplete: "off",
          spellcheck: false,
          onInput: (event) => this.change({ prefix: event.target.value }),
        }),
      ),
      h(
        "label",
        null,
        "As of",
        h(
          "select",
          { value: ago, onChange: (event) => this.change({ ago: event.target.value }) },
          MOMENTS.map(([value, name]) => h("option", { key: value, value }, name)),
        ),
      ),
      ago === "at" &&
        h(
          "label",
          null,
          "Time",
          h("input", {
            type: "datetime-local",
            step: 1,
            value: at,
            onInput: (event) => this.change({ at: event.target.value }),
          }),
        ),
      h("button", { type: "button", class: "primary", onClick: () => this.setState({ making: true }) }, "New key"),
    );
  }

  keyList(selected) {
    const { keys, next, problem } = this.state;
    return h(
      "section",
      { class: "card key-list", "aria-label": "List of keys" },
      problem
        ? h("p", { class: "note bad", role: "alert" }, problem.message)
        : keys.length === 0 && h("p", { class: "empty" }, "No such keys."),
      h(
        "ul",
        { ref: this.list, onKeyDown: (event) => this.move(event) },
        keys.map((each) =>
          h(
            "li",
            { key: each.id },
            h(
              "a",
              {
                href: `#/keys/${encodeURIComponent(this.keyspace)}/${each.id}`,
                "aria-current": each.id === selected ? "true" : undefined,
                title: `${each.text}\nwritten ${moment(versionMillis(each.version))}`,
                onClick: () => this.setState({ making: false }),
              },
              h("span", { class: "mono clip" }, each.text),
            ),
          ),
        ),
        next && h("li", { key: "next" }, h("button", { type: "button", onClick: () => this.load(next) }, "More")),
      ),
      h(
        "p",
        { class: "meaning" },
        this.asOf === ""
          ? `${keys.length}${next ? "+" : ""} keys, in the order of their bytes.`
          : "As it was then: to be looked at, not to be changed.",
      ),
    );
  }
}
