package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Draws a timeline: time from left to right, a lane for each node and for each client, faults and
 * the end across all of them.
 */
final class Chart {
  /** So many colours are there for groups; those with the same remainder share one. */
  static final int COLOURS = 8;

  private static final int LEFT = 90;
  private static final int WIDTH = 1200;
  private static final int TOP = 58;
  private static final int STATE_HEIGHT = 12;
  private static final int LEADER_HEIGHT = 5;
  private static final int CLIENT_HEIGHT = 14;
  private static final int GAP = 8;

  private final Timeline timeline;
  private final List<Span> spans;
  private final SortedSet<Long> nodes = new TreeSet<>();
  private final SortedSet<Long> groups = new TreeSet<>();
  private final SortedSet<Integer> clients = new TreeSet<>();
  private final long endNanos;
  private final Markup markup;

  Chart(Timeline timeline, Markup markup) {
    this.timeline = timeline;
    this.markup = markup;
    spans = Span.of(timeline);
    endNanos = Math.max(1, timeline.endNanos());
    for (Span span : spans) {
      nodes.add(span.node());
      if (span.state() == Span.State.LEADS) {
        groups.add(span.group());
      }
    }
    timeline.operations().forEach(asked -> clients.add(asked.client()));
  }

  private int nodeHeight() {
    return STATE_HEIGHT + LEADER_HEIGHT * groups.size() + GAP;
  }

  private int nodeTop(long node) {
    return TOP + nodes.headSet(node).size() * nodeHeight();
  }

  private int clientTop(int client) {
    return TOP + nodes.size() * nodeHeight() + clients.headSet(client).size() * CLIENT_HEIGHT;
  }

  private int bottom() {
    return TOP + nodes.size() * nodeHeight() + clients.size() * CLIENT_HEIGHT;
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private double x(long nanos) {
    return LEFT + (double) (WIDTH - LEFT) * nanos / endNanos;
  }

  void draw() {
    int height = bottom() + 24;
    markup.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + (WIDTH + 10) + " " + height,
        "role",
        "img");
    markup.element("title", "what happened on each node and to each client, over virtual time");
    drawCalm();
    drawTime();
    drawFaults();
    nodes.forEach(this::drawNode);
    spans.forEach(this::drawSpan);
    clients.forEach(this::drawClient);
    Bar.of(timeline, endNanos / (WIDTH - LEFT), endNanos).forEach(this::drawBar);
    drawViolation();
    markup.close();
  }

  private void drawTime() {
    long step = VirtualTime.MILLI;
    for (int i = 0; endNanos / step > 15; i++) {
      step *= i % 3 == 1 ? 5 : 2; // 1, 2, 10, 20, 100: close enough to 1, 2, 5
    }
    for (long nanos = 0; nanos <= endNanos; nanos += step) {
      String x = figure(x(nanos));
      markup.empty("line", "class", "grid", "x1", x, "x2", x, "y1", TOP - 6, "y2", bottom());
      String label =
          String.format(Locale.ROOT, step < VirtualTime.SECOND ? "%.3f s" : "%.0f s", nanos / 1e9);
      markup.element("text", label, "x", x, "y", bottom() + 14, "class", "tick");
    }
  }

  private void drawCalm() {
    for (Moment moment : timeline.moments()) {
      if (moment instanceof Moment.Calm) {
        rectangle("calm", moment.nanos(), endNanos, TOP - 6, bottom() - TOP + 6, moment.words());
      }
    }
  }

  private void drawNode(long node) {
    int y = nodeTop(node);
    label("node " + node, y + STATE_HEIGHT - 2);
    rectangle("down", 0, endNanos, y, STATE_HEIGHT, "node " + node + " is down");
  }

  private void drawClient(int client) {
    label("client " + client, clientTop(client) + CLIENT_HEIGHT - 4);
  }

  private void label(String text, int y) {
    markup.element("text", text, "x", LEFT - 8, "y", y, "class", "label");
  }

  private void drawSpan(Span span) {
    int y = nodeTop(span.node());
    switch (span.state()) {
      case UP -> rectangle("up", span, y, STATE_HEIGHT);
      case PAUSED -> rectangle("paused", span, y, STATE_HEIGHT);
      case CUT -> rectangle("cut", span, y - 4, 3);
      case PARTLY_CUT -> rectangle("cut", span, y - 3, 1);
      case LEADS ->
          rectangle(
              "leads g" + span.group() % COLOURS,
              span,
              y + STATE_HEIGHT + groups.headSet(span.group()).size() * LEADER_HEIGHT,
              LEADER_HEIGHT - 1);
    }
  }

  private void rectangle(String style, Span span, int y, int height) {
    rectangle(style, span.fromNanos(), span.toNanos(), y, height, span.title());
  }

  private void drawBar(Bar bar) {
    rectangle(
        bar.result().name().toLowerCase(Locale.ROOT),
        bar.fromNanos(),
        bar.toNanos(),
        clientTop(bar.client()),
        CLIENT_HEIGHT - 3,
        bar.title());
  }

  private void rectangle(String style, long from, long to, int y, int height, String title) {
    double width = Math.max(1, x(to) - x(from));
    markup.open(
        "rect",
        "class",
        style,
        "x",
        figure(x(from)),
        "y",
        y,
        "width",
        figure(width),
        "height",
        height);
    markup.element("title", title).close();
  }

  private void drawFaults() {
    int row = 0;
    for (Moment moment : timeline.moments()) {
      if (moment instanceof Moment.Struck struck) {
        across("fault", struck, Integer.toString(struck.number()), 12 + 12 * (row % 3));
        row++;
      }
    }
  }

  private void drawViolation() {
    for (Moment moment : timeline.moments()) {
      if (moment instanceof Moment.Broken) {
        across("violation", moment, "violation", 48);
      }
    }
  }

  private void across(String style, Moment moment, String label, int labelY) {
    String x = figure(x(moment.nanos()));
    markup.open("g", "class", style);
    markup.element("title", VirtualTime.stamp(moment.nanos()) + " s: " + moment.words());
    markup.empty("line", "x1", x, "x2", x, "y1", labelY + 2, "y2", bottom());
    markup.element("text", label, "x", x, "y", labelY);
    markup.close();
  }
}
