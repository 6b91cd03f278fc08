// A chart of the last ten minutes: lines over time, in the colours of the theme.

import { Component, createRef, h } from "./lib/preact.mjs";
import uPlot from "./lib/uPlot.esm.js";
import { colour, onChange } from "./theme.js";

const HEIGHT = 190;
const FONT = "11.5px system-ui, sans-serif";
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const LEAST_SECONDS = 20;

export class Chart extends Component {
  constructor(props) {
    super(props);
    this.box = createRef();
    this.plot = null;
    this.newest = undefined;
    this.state = { at: null };
  }

  componentDidMount() {
    this.draw();
    this.observer = new ResizeObserver(() => {
      this.plot?.setSize({ width: this.box.current.clientWidth, height: HEIGHT });
    });
    this.observer.observe(this.box.current);
    this.forget = onChange(() => this.draw());
  }

  componentWillUnmount() {
    this.observer.disconnect();
    this.forget();
    this.plot?.destroy();
  }

  componentDidUpdate() {
    const newest = this.props.points.at(-1);
    // Not for a cursor that moved: data that is set moves it again.
    if (newest !== this.newest) {
      this.newest = newest;
      this.plot?.setData(this.data());
    }
  }

  point(at) {
    if (at !== this.state.at) {
      this.setState({ at });
    }
  }

  data() {
    const { points, lines } = this.props;
    return [points.map((each) => each.at), ...lines.map((line) => points.map(line.value))];
  }

  draw() {
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), this.data(), this.box.current);
  }

  options() {
    const { lines, format, log, steps } = this.props;
    const grid = { stroke: colour("grid"), width: 1 };
    const axis = { stroke: colour("faint"), font: FONT, grid, ticks: { show: false } };
    return {
      width: this.box.current.clientWidth,
      height: HEIGHT,
      padding: [12, 6, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 7 },
        sync: { key: "console" },
      },
      scales: {
        x: { range: (_, from, to) => [from ?? 0, Math.max(to ?? 0, (from ?? 0) + LEAST_SECONDS)] },
        y: log
          ? { distr: 3, range: (_, least, most) => logRange(least, most) }
          : { range: (_, least, most) => [0, Math.max((most ?? 0) * 1.15, this.props.least ?? 1)] },
      },
      axes: [
        { ...axis, size: 34, gap: 10, space: 90, values: (_, at) => at.map((each) => TIME.format(each * 1_000)) },
        {
          ...axis,
          size: 66,
          space: 34,
          ...(steps ? { incrs: steps } : {}),
          ...(log ? { splits: (_plot, _axis, least, most) => decades(least, most) } : {}),
          values: (_, at) => at.map((each) => (each === null ? "" : format(each))),
        },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          stroke: colour(line.colour),
          width: 2,
          fill: line.fill ? gradient(line.colour) : undefined,
          points: { show: false },
          spanGaps: false,
        })),
      ],
      hooks: { setCursor: [(plot) => this.point(plot.cursor.idx ?? null)] },
    };
  }

  /** What the lines say where somebody points at, or else now. */
  shown() {
    const { points } = this.props;
    return points[this.state.at ?? points.length - 1] ?? points.at(-1);
  }

  render({ title, meaning, lines, format }) {
    const shown = this.shown();
    const said = lines.map((line) => ({
      ...line,
      text: shown === undefined || line.value(shown) === null ? "–" : format(line.value(shown)),
    }));
    return h(
      "section",
      { class: "card", "aria-label": title },
      h(
        "header",
        { class: "card-head" },
        h("h2", null, title),
        h(
          "ul",
          { class: "legend" },
          said.map((line) =>
            h(
              "li",
              { key: line.name },
              h("span", { class: `dot ${line.colour}`, "aria-hidden": true }),
              `${line.name} `,
              h("b", null, line.text),
            ),
          ),
        ),
      ),
      h("div", {
        class: "plot",
        ref: this.box,
        role: "img",
        "aria-label": `${title}: ${said.map((line) => `${line.name} ${line.text}`).join(", ")}`,
      }),
      h("p", { class: "meaning" }, meaning),
    );
  }
}

function decades(least, most) {
  const all = [];
  for (let each = Math.round(Math.log10(least)); each <= Math.round(Math.log10(most)); each++) {
    all.push(10 ** each);
  }
  return all;
}

/** Whole decades, so that the axis stays where it is. */
function logRange(least, most) {
  if (least === null || most === null || !(least > 0)) {
    return [1e-5, 1e-2];
  }
  return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most * 1.01))];
}

function gradient(name) {
  return (plot) => {
    const fill = plot.ctx.createLinearGradient(0, plot.bbox.top, 0, plot.bbox.top + plot.bbox.height);
    fill.addColorStop(0, `${colour(name)}40`);
    fill.addColorStop(1, `${colour(name)}00`);
    return fill;
  };
}
