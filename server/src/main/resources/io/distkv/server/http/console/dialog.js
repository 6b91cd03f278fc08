// A dialog over the page. The browser keeps the focus in it, and gives it back when it is closed.

import { Component, createRef, h } from "./lib/preact.mjs";

export class Dialog extends Component {
  constructor(props) {
    super(props);
    this.element = createRef();
  }

  componentDidMount() {
    this.element.current.showModal();
  }

  render({ title, close, children }) {
    return h(
      "dialog",
      {
        ref: this.element,
        "aria-labelledby": "dialog-title",
        // Escape, too.
        onClose: close,
        onClick: (event) => event.target === this.element.current && close(),
      },
      h(
        "div",
        { class: "dialog-body" },
        h(
          "header",
          { class: "dialog-head" },
          h("h2", { id: "dialog-title" }, title),
          h("button", { type: "button", class: "quiet", "aria-label": "Close", onClick: close }, "✕"),
        ),
        children,
      ),
    );
  }
}
