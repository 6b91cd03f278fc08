// What a key was before, as far as the node still knows it; any of it can be brought back into the editor.

import { Component, h } from "./lib/preact.mjs";
import { getJson, keyspacePath } from "./api.js";
import { asText, fromBase64, printable, toBase64 } from "./bytes.js";
import { pastOf } from "./events.js";
import { bytes, moment, span, versionMillis } from "./format.js";

const PREVIEW_BYTES = 160;

export class History extends Component {
  constructor(props) {
    super(props);
    this.state = { past: null, historyMillis: 0, problem: null };
    this.asking = new AbortController();
  }

  async componentDidMount() {
    const { keyspace, id, version } = this.props;
    try {
      const { settings } = await getJson(keyspacePath(keyspace));
      const historyMillis = Number(settings.historyMillis);
      const past = await pastOf(keyspace, id, version, historyMillis, this.asking.signal);
      this.setState({ past, historyMillis });
    } catch (problem) {
      if (problem.name !== "AbortError") {
        this.setState({ problem });
      }
    }
  }

  componentWillUnmount() {
    this.asking.abort();
  }

  render(_, { past, historyMillis, problem }) {
    return h(
      "section",
      { class: "history", "aria-label": "History" },
      h("h3", null, "History"),
      problem && h("p", { class: "note bad", role: "alert" }, problem.message),
      !problem && past === null && h("p", { class: "empty" }, "Looking back …"),
      past && past.changes.length === 0 && h("p", { class: "empty" }, "Nothing that the node still knows of."),
      past &&
        past.changes.length > 0 &&
        h("ol", null, [...past.changes].reverse().map((change) => h(Change, { key: change.version, change, ...this.props }))),
      h("p", { class: "meaning" }, meaning(past, historyMillis)),
    );
  }
}

function meaning(past, historyMillis) {
  const kept =
    historyMillis === 0
      ? "The keyspace keeps no history, so what is flushed into tables is forgotten."
      : `The keyspace keeps what was written in the last ${span(historyMillis / 1_000)}.`;
  return past === null || past.sinceMillis === null ? kept : `${kept} Looked back to ${moment(past.sinceMillis).slice(0, 19)}.`;
}

function Change({ change, version, bringBack }) {
  const value = change.removed ? null : fromBase64(change.valueBase64);
  const isNow = change.version === version;
  const text = value === null ? null : asText(value);
  return h(
    "li",
    { class: isNow ? "now" : "" },
    h("time", { title: change.version }, moment(versionMillis(change.version))),
    value === null
      ? h("span", { class: "removed" }, "deleted")
      : h("span", { class: "mono clip", title: bytes(value.length) }, printable(value.subarray(0, PREVIEW_BYTES)) || "(empty)"),
    isNow
      ? h("span", { class: "tag" }, "now")
      : value !== null &&
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              "aria-label": `Bring back what was written ${moment(versionMillis(change.version))}`,
              onClick: () => bringBack(text ?? toBase64(value), text === null ? "base64" : "text"),
            },
            "Bring back",
          ),
  );
}
