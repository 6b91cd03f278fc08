// Asks the node for its figures every two seconds, and makes rates and percentiles of them.

import { getJson } from "./api.js";

const INTERVAL_MILLIS = 2_000;
const MOST_POINTS = 300;

/** The sum of a figure over all its points; 0 where there is none. */
export function sum(figures, name, matches = () => true) {
  return (figures[name] ?? []).filter(matches).reduce((all, each) => all + each.value, 0);
}

/** The classes of a histogram over all its points. */
function classes(figures, name, matches = () => true) {
  const all = [];
  for (const point of (figures[name] ?? []).filter(matches)) {
    point.classes.forEach((each, i) => {
      all[i] = { to: each.to, count: (all[i]?.count ?? 0) + each.count };
    });
  }
  return all;
}

/** The duration within which a share of all were; null if there were none. */
export function percentile(all, share) {
  const total = all.reduce((before, each) => before + each.count, 0);
  if (total === 0) {
    return null;
  }
  let left = share * total;
  let from = 0;
  for (const each of all) {
    if (left <= each.count && each.count > 0) {
      return each.to === undefined ? from : from + (each.to - from) * (left / each.count);
    }
    left -= each.count;
    from = each.to ?? from;
  }
  return from;
}

function between(before, after) {
  return after.map((each, i) => ({
    to: each.to,
    count: Math.max(0, each.count - (before[i]?.count ?? 0)),
  }));
}

function total(all) {
  return all.reduce((before, each) => before + each.count, 0);
}

/** Requests that other clients make: what this console asks for is left out. */
function isForeign(point) {
  return point.route !== "/v1/figures" && point.route !== "/" && !point.route.startsWith("/console");
}

/** What happened between two answers, in a second of it. */
export function rates(before, after, seconds) {
  const a = before.figures;
  const b = after.figures;
  const rate = (name, matches) => Math.max(0, sum(b, name, matches) - sum(a, name, matches)) / seconds;
  const commands = between(classes(a, "distkv_command_seconds"), classes(b, "distkv_command_seconds"));
  const http = between(
    classes(a, "distkv_http_request_seconds", isForeign),
    classes(b, "distkv_http_request_seconds", isForeign),
  );
  const hits = rate("distkv_block_cache_hits_total");
  const misses = rate("distkv_block_cache_misses_total");
  return {
    commands: total(commands) / seconds,
    http: total(http) / seconds,
    errors: rate("distkv_command_errors_total"),
    p50: percentile(commands, 0.5),
    p99: percentile(commands, 0.99),
    p999: percentile(commands, 0.999),
    hits,
    misses,
    hitShare: hits + misses === 0 ? null : hits / (hits + misses),
    flushed: rate("distkv_flush_bytes_total"),
    compacted: rate("distkv_compaction_written_bytes_total"),
  };
}

/** Asks again and again, and tells a listener after each answer. */
export class Figures {
  constructor(listener) {
    this.listener = listener;
    this.points = [];
    this.now = null;
    this.problem = null;
    this.previous = null;
    this.timer = null;
    this.stopped = false;
  }

  start() {
    this.ask();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async ask() {
    // Nobody looks: nothing is asked, and the gap shows in the charts.
    if (!document.hidden) {
      try {
        this.take(await getJson("/v1/figures"));
        this.problem = null;
      } catch (e) {
        this.problem = e;
      }
      if (!this.stopped) {
        this.listener();
      }
    }
    if (!this.stopped) {
      this.timer = setTimeout(() => this.ask(), INTERVAL_MILLIS);
    }
  }

  take(answer) {
    const millis = performance.now();
    if (this.previous !== null) {
      const seconds = (millis - this.previous.millis) / 1_000;
      this.points.push({ at: Date.now() / 1_000, ...rates(this.previous.answer, answer, seconds) });
      if (this.points.length > MOST_POINTS) {
        this.points.shift();
      }
    }
    this.previous = { millis, answer };
    this.now = answer;
  }

  /** What happened of late; null while only one answer came. */
  get last() {
    return this.points.at(-1) ?? null;
  }
}
