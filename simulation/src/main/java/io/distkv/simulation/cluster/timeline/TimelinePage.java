package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.List;
import java.util.Locale;

/**
 * A timeline as one page that needs nothing else: HTML that is well-formed XML, too, for somebody
 * who does not know the project.
 */
public final class TimelinePage {
  private final String title;
  private final String command;
  private final String traceHash;
  private final List<String> options;
  private final Timeline timeline;

  /**
   * @param command that runs it again
   * @param options of the run, in words
   */
  public TimelinePage(
      String title, String command, String traceHash, List<String> options, Timeline timeline) {
    this.title = title;
    this.command = command;
    this.traceHash = traceHash;
    this.options = List.copyOf(options);
    this.timeline = timeline;
  }

  /** The whole page. */
  public String text() {
    Markup markup = new Markup();
    markup.raw("<!DOCTYPE html>\n");
    markup.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    markup.open("head").empty("meta", "charset", "utf-8");
    markup.empty("meta", "name", "viewport", "content", "width=device-width");
    markup.element("title", title).element("style", "\n" + PageStyle.CSS).close();
    markup.open("body");
    writeHead(markup);
    new Chart(timeline, markup).draw();
    markup.element("h2", "What is what");
    Legend.write(markup);
    markup.element("h2", "The run");
    markup.open("ul");
    options.forEach(words -> markup.element("li", words));
    markup.close();
    markup.element("h2", "What happened");
    writeTable(markup);
    markup.close().close();
    return markup.toString();
  }

  private void writeHead(Markup markup) {
    markup.element("h1", title);
    markup.element(
        "p",
        "A cluster of a key-value store ran in a simulator, in virtual time, while things were made"
            + " to go wrong. Time goes from left to right; every node and every client of the store"
            + " has a line. Point at anything to read about it.");
    List<Moment> broken =
        timeline.moments().stream().filter(Moment.Broken.class::isInstance).toList();
    if (broken.isEmpty()) {
      markup.element("p", "Everything that must hold held.", "class", "verdict");
    }
    broken.forEach(moment -> markup.element("p", moment.words(), "class", "verdict broken"));
    markup.element("p", Summary.of(timeline));
    markup.open("p").text("Run it again: ").element("code", command);
    markup.text("The trace hash, the same every time: ").element("code", traceHash).close();
  }

  private void writeTable(Markup markup) {
    markup.open("table");
    markup.open("tr").element("th", "seconds").element("th", "what happened").close();
    for (Row row : Row.of(timeline)) {
      markup.open("tr", "class", row.subject().name().toLowerCase(Locale.ROOT));
      markup.element("td", VirtualTime.stamp(row.nanos()), "class", "time");
      markup.element("td", row.words()).close();
    }
    markup.close();
  }
}
