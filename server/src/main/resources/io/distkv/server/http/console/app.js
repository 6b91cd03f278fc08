// The console: keeps where somebody is and what the node has told, and shows it.

import { Component, h, render } from "./lib/preact.mjs";
import { Figures } from "./figures.js";
import { Header } from "./header.js";
import { Help } from "./help.js";
import { KeyBrowser } from "./keybrowser.js";
import { Keyspaces } from "./keyspaces.js";
import { Overview } from "./overview.js";
import { listen } from "./shortcuts.js";
import * as theme from "./theme.js";

/** Where the address says that somebody is: a place, and what is looked at there. */
function where() {
  const [place, ...rest] = location.hash.replace(/^#\//, "").split("/");
  return ["overview", "keyspaces", "keys"].includes(place)
    ? { place, keyspace: rest[0] && decodeURIComponent(rest[0]), key: rest[1] }
    : { place: "overview" };
}

class App extends Component {
  constructor(props) {
    super(props);
    this.figures = new Figures(() => this.setState({ heard: Date.now() }));
    this.state = { where: where(), theme: theme.chosen(), help: false };
  }

  componentDidMount() {
    this.figures.start();
    window.addEventListener("hashchange", () => {
      this.setState({ where: where() });
      document.title = `DistKV · ${where().place}`;
    });
    const go = (place) => () => {
      location.hash = `#/${place}`;
    };
    // Places listen themselves to what is about what they show.
    listen({
      1: go("overview"),
      2: go("keyspaces"),
      3: go("keys"),
      t: () => this.nextTheme(),
      "?": () => this.setState({ help: true }),
    });
  }

  nextTheme() {
    theme.choose(theme.following(theme.chosen()));
    this.setState({ theme: theme.chosen() });
  }

  render() {
    const { place, keyspace, key } = this.state.where;
    const shown = {
      overview: () => h(Overview, { figures: this.figures }),
      keyspaces: () => h(Keyspaces, null),
      keys: () => h(KeyBrowser, { keyspace, selected: key }),
    }[place];
    return [
      h(Header, {
        place,
        now: this.figures.now,
        problem: this.figures.problem,
        theme: this.state.theme,
        nextTheme: () => this.nextTheme(),
        help: () => this.setState({ help: true }),
      }),
      h("main", { id: "main", tabIndex: -1 }, shown()),
      this.state.help && h(Help, { close: () => this.setState({ help: false }) }),
    ];
  }
}

theme.apply();
render(h(App), document.getElementById("app"));
