// One key: its value, and the way to change it. A write names the version that was looked at (If-Match), so what
// somebody else wrote meanwhile is never lost unseen.

import { Component, h } from "./lib/preact.mjs";
import { keyPath, send } from "./api.js";
import { asText, fromBase64, ofText, parsePrintable, printable, toBase64, toBase64Url } from "./bytes.js";
import { Dialog } from "./dialog.js";
import { bytes, moment, versionMillis } from "./format.js";
import { History } from "./history.js";

/** Larger values are shown by their size alone. */
const MOST_BYTES = 1 << 20;

export class Editor extends Component {
  constructor(props) {
    super(props);
    this.state = {
      name: "",
      ttl: "",
      draft: "",
      kind: "text",
      loaded: props.id === null ? { absent: true } : null,
      said: null,
      conflict: false,
      removing: false,
      saves: 0,
    };
  }

  componentDidMount() {
    if (this.props.id !== null) {
      this.load();
    }
  }

  get readOnly() {
    return this.props.asOf !== "";
  }

  path() {
    const { keyspace, id, asOf } = this.props;
    return keyPath(keyspace, id ?? toBase64Url(parsePrintable(this.state.name)), asOf === "" ? {} : { asOf });
  }

  /** Reads the value, and gives what is known of it; what was typed stays if that is wished. */
  async load(keepDraft = false) {
    try {
      const head = await send("HEAD", this.path());
      const size = Number(head.headers.get("Content-Length") ?? 0);
      const response = size > MOST_BYTES ? head : await send("GET", this.path());
      const value = size > MOST_BYTES ? null : new Uint8Array(await response.arrayBuffer());
      return this.show(response, value, value?.length ?? size, keepDraft);
    } catch (problem) {
      if (problem.status === 404) {
        const loaded = { absent: true };
        this.setState({ loaded, conflict: false, ...(keepDraft ? {} : { draft: "" }) });
        return loaded;
      }
      this.tell("bad", problem.message);
      return null;
    }
  }

  show(response, value, size, keepDraft) {
    const text = value === null ? null : asText(value);
    const kind = value === null ? "large" : text === null ? "base64" : "text";
    const draft = value === null ? "" : (text ?? toBase64(value));
    const loaded = {
      version: response.headers.get("ETag").replaceAll('"', ""),
      ttl: response.headers.get("DistKV-TTL"),
      size,
    };
    this.setState({ loaded, conflict: false, ...(keepDraft ? {} : { draft, kind }) });
    return loaded;
  }

  tell(tone, text) {
    this.setState({ said: { tone, text } });
  }

  value() {
    return this.state.kind === "base64" ? fromBase64(this.state.draft) : ofText(this.state.draft);
  }

  /** Writes what was typed over what was looked at. */
  async save(loaded) {
    const { ttl, name } = this.state;
    const { id, keyspace, changed, made } = this.props;
    let body;
    try {
      body = this.value();
    } catch {
      this.tell("bad", "This is no base64.");
      return;
    }
    const condition = loaded.absent ? { "If-None-Match": "*" } : { "If-Match": `"${loaded.version}"` };
    const life = ttl.trim() === "" ? { "DistKV-Keep-TTL": "true" } : { "DistKV-TTL": ttl.trim() };
    const headers = { ...condition, ...(loaded.absent && ttl.trim() === "" ? {} : life) };
    try {
      await send("PUT", keyPath(keyspace, id ?? toBase64Url(parsePrintable(name))), { headers, body });
    } catch (problem) {
      this.refused(problem);
      return;
    }
    changed();
    if (id === null) {
      made(toBase64Url(parsePrintable(name)));
      return;
    }
    this.tell("good", "Saved.");
    this.setState((now) => ({ saves: now.saves + 1, ttl: "" }));
    this.load();
  }

  submit(event) {
    event.preventDefault();
    if (!this.readOnly) {
      this.save(this.state.loaded);
    }
  }

  refused(problem) {
    if (problem.status === 412) {
      this.setState({ conflict: true, said: null });
    } else {
      this.tell("bad", problem.message);
    }
  }

  /** Takes what is there now as what was looked at; what was typed stays. */
  async overwrite() {
    const theirs = await this.load(true);
    if (theirs !== null) {
      await this.save(theirs);
    }
  }

  async remove() {
    this.setState({ removing: false });
    try {
      const headers = { "If-Match": `"${this.state.loaded.version}"` };
      await send("DELETE", this.path(), { headers });
      this.tell("good", "Deleted. Its past can be brought back as long as the keyspace keeps it.");
      this.setState((now) => ({ saves: now.saves + 1 }));
      this.props.changed();
      this.load();
    } catch (problem) {
      this.refused(problem);
    }
  }

  render({ id, keyspace, close }, { loaded, said, conflict, removing, saves }) {
    if (loaded === null) {
      return h("section", { class: "card" }, h("p", { class: said ? "note bad" : "empty" }, said?.text ?? "Reading …"));
    }
    return h(
      "section",
      { class: "card editor", "aria-label": id === null ? "New key" : "Key" },
      h(
        "form",
        {
          onSubmit: (event) => this.submit(event),
          onKeyDown: (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.currentTarget.reportValidity()) {
              this.submit(event);
            }
          },
        },
        id === null ? this.naming() : this.head(),
        conflict && this.conflict(),
        said && h("p", { class: `note ${said.tone}`, role: "status" }, said.text),
        this.field(),
        this.buttons(close),
      ),
      id !== null &&
        !this.readOnly &&
        h(History, {
          key: `${saves}-${loaded.version}`,
          keyspace,
          id,
          version: loaded.version ?? null,
          bringBack: (draft, kind) => this.setState({ draft, kind, said: { tone: "", text: "Not saved yet." } }),
        }),
      removing &&
        h(
          Dialog,
          { title: "Delete this key", close: () => this.setState({ removing: false }) },
          h("p", { class: "mono clip" }, printable(fromBase64(id))),
          h(
            "div",
            { class: "buttons" },
            h("button", { type: "button", autofocus: true, onClick: () => this.setState({ removing: false }) }, "Keep it"),
            h("button", { type: "button", class: "primary danger", onClick: () => this.remove() }, "Delete it"),
          ),
        ),
    );
  }

  naming() {
    return h(
      "label",
      null,
      "Name of the new key",
      h("input", {
        class: "mono",
        value: this.state.name,
        required: true,
        autofocus: true,
        ref: (element) => element && !this.state.name && element.focus(),
        autocomplete: "off",
        spellcheck: false,
        onInput: (event) => this.setState({ name: event.target.value }),
      }),
      h("small", null, "\\xHH is a byte, \\\\ a backslash."),
    );
  }

  head() {
    const { loaded } = this.state;
    const facts = loaded.absent
      ? [["State", "there is no such key"]]
      : [
          ["Version", h("code", null, loaded.version)],
          ["Written", moment(versionMillis(loaded.version))],
          ["Size", bytes(loaded.size)],
          ["Ends", loaded.ttl === null ? "never" : `in ${loaded.ttl}`],
        ];
    return [
      h("h2", { class: "mono key-name" }, printable(fromBase64(this.props.id))),
      h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", { key: name }, h("dt", null, name), h("dd", null, value)))),
    ];
  }

  conflict() {
    return h(
      "div",
      { class: "note warn conflict", role: "alert" },
      h("p", null, h("b", null, "Somebody else has changed this key meanwhile."), " Nothing was saved, and what you wrote is still here."),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onClick: () => this.load() }, "Show theirs"),
        h("button", { type: "button", class: "danger", onClick: () => this.overwrite() }, "Overwrite with mine"),
      ),
    );
  }

  field() {
    const { kind, draft, loaded } = this.state;
    if (kind === "large" && !loaded.absent) {
      return h("p", { class: "empty" }, `The value is too large to be changed here (${bytes(loaded.size)}).`);
    }
    return h(
      "div",
      { class: "field" },
      h(
        "div",
        { class: "field-head" },
        h("label", { for: "value" }, "Value"),
        h(
          "select",
          {
            "aria-label": "How the value is written",
            value: kind,
            disabled: this.readOnly,
            onChange: (event) => this.switchTo(event.target.value),
          },
          h("option", { value: "text" }, "text"),
          h("option", { value: "base64" }, "base64"),
        ),
      ),
      h("textarea", {
        id: "value",
        class: "mono",
        rows: 9,
        value: draft,
        readOnly: this.readOnly,
        spellcheck: false,
        onInput: (event) => this.setState({ draft: event.target.value }),
      }),
    );
  }

  switchTo(kind) {
    try {
      const value = this.value();
      const draft = kind === "base64" ? toBase64(value) : asText(value);
      if (draft === null) {
        this.tell("bad", "These bytes are no text.");
        return;
      }
      this.setState({ kind, draft, said: null });
    } catch {
      this.tell("bad", "This is no base64.");
    }
  }

  buttons(close) {
    const { loaded, ttl, kind } = this.state;
    if (this.readOnly || (kind === "large" && !loaded.absent)) {
      return h("p", { class: "meaning" }, this.readOnly ? "This is the past; it is not to be changed." : "");
    }
    return h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: "primary" }, loaded.absent ? "Create" : "Save"),
      h(
        "label",
        { class: "ttl" },
        "ends in",
        h("input", {
          value: ttl,
          placeholder: loaded.absent ? "never" : "as before",
          pattern: "\\s*[0-9]{1,15}(ms|s|m|h|d)\\s*",
          title: "A whole number and ms, s, m, h or d, such as 60s",
          size: 9,
          onInput: (event) => this.setState({ ttl: event.target.value }),
        }),
      ),
      h("span", { class: "grow" }),
      this.props.id === null
        ? h("button", { type: "button", onClick: close }, "Cancel")
        : !loaded.absent &&
            h("button", { type: "button", class: "danger", onClick: () => this.setState({ removing: true }) }, "Delete"),
    );
  }
}
