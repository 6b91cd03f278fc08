package io.distkv.simulation.cluster.timeline;

import java.util.List;

/** Says in a sentence what each thing on the page means. */
final class Legend {
  /** How a thing looks, by its style, and what it means. */
  private record Key(String style, String meaning) {}

  private static final List<Key> KEYS =
      List.of(
          new Key("up", "The node is up: its process runs."),
          new Key("down", "The node is down: its power was cut, or its process was killed."),
          new Key("paused", "The process stands still: it does nothing and answers nobody."),
          new Key(
              "cut",
              "Messages to this node or from it get lost: a thick line for half of its ways or more, a"
                  + " thin one for fewer."),
          new Key(
              "leads g0",
              "The node leads a group. The data is cut into partitions, each kept by a group of"
                  + " nodes; one of them leads it and takes all writes. Each group has a colour and"
                  + " a height of its own."),
          new Key("fault", "A fault, by its number: the table below says what went wrong."),
          new Key(
              "calm",
              "Nothing goes wrong any more, and the cluster must serve every client again."),
          new Key("ok", "A client's operation that was done."),
          new Key("refused", "An operation that was refused: it certainly was not done."),
          new Key(
              "unknown",
              "An operation without an answer in time: it was done or not, and nobody knows."),
          new Key("waiting", "An operation that was still under way at the end."),
          new Key("violation", "Something that must always hold did not: the run ends here."));

  private Legend() {}

  static void write(Markup markup) {
    markup.open("ul", "class", "keys");
    for (Key key : KEYS) {
      markup.open("li");
      markup.open(
          "svg", "xmlns", "http://www.w3.org/2000/svg", "class", "key", "viewBox", "0 0 34 14");
      if (key.style().equals("fault") || key.style().equals("violation")) {
        markup.open("g", "class", key.style());
        markup.empty("line", "x1", 17, "x2", 17, "y1", 0, "y2", 14).close();
      } else {
        markup.empty("rect", "class", key.style(), "x", 1, "y", 2, "width", 32, "height", 10);
      }
      markup.close();
      markup.text(" " + key.meaning()).close();
    }
    markup.close();
  }
}
