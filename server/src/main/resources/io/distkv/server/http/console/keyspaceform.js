// A new keyspace, or other settings for one that there is.

import { Component, h } from "./lib/preact.mjs";
import { keyspacePath, send } from "./api.js";
import { Dialog } from "./dialog.js";

const DURABILITY = {
  commit: "commit: when it is on disk",
  interval: "interval: before it is on disk, which takes at most so long",
  none: "none: at once, and the disk follows when it may",
};
const PARTITIONS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export class KeyspaceForm extends Component {
  constructor(props) {
    super(props);
    const settings = props.keyspace?.settings;
    this.state = {
      name: "",
      partitions: "1",
      durability: settings?.durability ?? "commit",
      intervalMillis: settings?.intervalMillis ?? "1000",
      historySeconds: String(Number(settings?.historyMillis ?? 0) / 1_000),
      maxMebibytes: String(Number(settings?.maxBytes ?? 0) / 1_048_576),
      compression: settings?.compression.join(", ") ?? "lz4",
      problem: null,
    };
  }

  settings() {
    const { durability, intervalMillis, historySeconds, maxMebibytes, compression } = this.state;
    return {
      durability,
      // Of any other durability there is none.
      ...(durability === "interval" ? { intervalMillis: String(Math.round(Number(intervalMillis))) } : {}),
      historyMillis: String(Math.round(Number(historySeconds) * 1_000)),
      maxBytes: String(Math.round(Number(maxMebibytes) * 1_048_576)),
      compression: compression.split(",").map((each) => each.trim()),
    };
  }

  async save(event) {
    event.preventDefault();
    const { keyspace, close } = this.props;
    const settings = this.settings();
    try {
      if (keyspace) {
        await send("PATCH", keyspacePath(keyspace.name), { json: { settings } });
      } else {
        const { name, partitions } = this.state;
        await send("POST", keyspacePath(), { json: { name, partitions: Number(partitions), settings } });
      }
      close();
    } catch (problem) {
      this.setState({ problem });
    }
  }

  field(name, label, meaning, more = {}) {
    return h(
      "label",
      { key: name },
      label,
      h("input", {
        value: this.state[name],
        autocomplete: "off",
        spellcheck: false,
        required: true,
        onInput: (event) => this.setState({ [name]: event.target.value }),
        ...more,
      }),
      h("small", null, meaning),
    );
  }

  select(name, label, meaning, options) {
    return h(
      "label",
      { key: name },
      label,
      h(
        "select",
        { value: this.state[name], onChange: (event) => this.setState({ [name]: event.target.value }) },
        options.map(([value, text]) => h("option", { key: value, value }, text)),
      ),
      h("small", null, meaning),
    );
  }

  render({ keyspace, close }, { durability, problem }) {
    const number = { type: "number", min: 0, step: "any" };
    return h(
      Dialog,
      { title: keyspace ? `Change ${keyspace.name}` : "New keyspace", close },
      h(
        "form",
        { onSubmit: (event) => this.save(event) },
        !keyspace &&
          this.field("name", "Name", "A letter, then letters, digits, _ or -, all lower case.", {
            autofocus: true,
            pattern: "[a-z][a-z0-9_\\-]{0,62}",
            maxLength: 63,
          }),
        !keyspace &&
          this.select(
            "partitions",
            "Partitions",
            "Its parts work beside each other. They never change.",
            PARTITIONS.map((each) => [String(each), String(each)]),
          ),
        this.select("durability", "Durability", "When a write is acknowledged.", Object.entries(DURABILITY)),
        durability === "interval" &&
          this.field("intervalMillis", "Interval, ms", "How long a write waits for its sync at most.", {
            ...number,
            min: 1,
            max: 60_000,
            step: 1,
          }),
        this.field("historySeconds", "History, s", "How long old values can still be read; 0 for none.", number),
        this.field("maxMebibytes", "Limit, MiB", "What it may take on this node; 0 for no limit.", number),
        this.field("compression", "Compression", "none, lz4, snappy or zstd; a list, by level from the youngest."),
        problem && h("p", { class: "note bad", role: "alert" }, problem.message),
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", onClick: close }, "Cancel"),
          h("button", { type: "submit", class: "primary" }, keyspace ? "Change it" : "Create it"),
        ),
      ),
    );
  }
}
