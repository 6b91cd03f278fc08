package io.distkv.simulation.cluster.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A timeline as text and as a page. */
class TimelineTest {
  private static final long SECOND = 1_000_000_000;
  private static final String NASTY = "a <script>alert(1)</script> & \"b\" 'c' ]]> \u0000\uD800 é";

  private final Timeline timeline = new Timeline();

  private void fill() {
    timeline.add(new Moment.Started(0, 1, 1));
    timeline.add(new Moment.Started(0, 2, 1));
    timeline.asked(1, 0, 1, "GET k0", SECOND);
    timeline.ended(1, SECOND + 1_500_000, Asked.Result.REFUSED, "NOT_LEADER");
    timeline.add(new Moment.Leads(2 * SECOND, 2, 0, 7));
    timeline.add(new Moment.Struck(3 * SECOND, 1, "ISOLATE", "node 1 is cut off"));
    timeline.add(new Moment.Cut(3 * SECOND, 2, new TreeMap<>(Map.of(1L, 2, 2L, 2)), 2));
    timeline.asked(2, 1, 2, "SET k0 2000", 3 * SECOND);
    timeline.add(new Moment.Paused(4 * SECOND, 2, 9 * SECOND));
    timeline.add(new Moment.Deposed(5 * SECOND, 2, 0, 8));
    timeline.add(new Moment.Down(6 * SECOND, 2, "power cut"));
    timeline.add(new Moment.Installed(6 * SECOND, 1, 0, 55));
    timeline.add(new Moment.Members(6 * SECOND, 1, 0, "1, 2 (learner)"));
    timeline.add(new Moment.Calm(7 * SECOND));
    timeline.add(new Moment.Broken(8 * SECOND, "Everything: is wrong\nin two lines"));
  }

  private List<String> lines() {
    return TimelineText.lines(List.of("2 nodes"), timeline);
  }

  @Test
  void everythingIsToldInTheOrderOfTime() {
    fill();
    assertThat(lines())
        .containsExactly(
            "2 nodes",
            "",
            "          s",
            "   0.000000  node 1 starts",
            "   0.000000  node 2 starts",
            "   1.001500  operation 1, client 0 to node 1: GET k0: refused after 1.5 ms, NOT_LEADER",
            "   2.000000  node 2 leads group 0 in term 7",
            "   3.000000  fault 1 (ISOLATE): node 1 is cut off",
            "   3.000000  2 ways of the network are cut (by node, of 2 each: 1 2, 2 2)",
            "   4.000000  node 2 stands still until 9.000000 s",
            "   5.000000  node 2 no longer leads group 0; it is in term 8",
            "   6.000000  node 2 goes down: power cut",
            "   6.000000  node 1 has a snapshot of group 0 installed, up to entry 55",
            "   6.000000  node 1 takes the members of group 0 to be 1, 2 (learner)",
            "   7.000000  nothing goes wrong from here on: what is down comes back, all ways are"
                + " open",
            "   8.000000  operation 2, client 1 to node 2: SET k0 2000: no answer yet",
            "   8.000000  VIOLATION: Everything: is wrong",
            "             in two lines",
            "",
            "8.00 s of virtual time; 1 fault, 1 election, 1 deposed leader, 1 installed snapshot;"
                + " operations: 1 refused, 1 under way");
  }

  @Test
  void manyOperationsAreCountedBySeconds() {
    for (int number = 1; number <= 150; number++) {
      timeline.asked(number, 0, 1, "GET k0", number * SECOND / 100);
      timeline.ended(
          number,
          number * SECOND / 100 + 5,
          number % 10 == 0 ? Asked.Result.UNKNOWN : Asked.Result.OK,
          number % 10 == 0 ? "no answer" : "1");
    }
    assertThat(lines())
        .contains(
            "   1.000000  clients, second 0: 90 ok, 9 unknown (no answer 9)",
            "   1.500000  clients, second 1: 45 ok, 6 unknown (no answer 6)");
  }

  @Test
  void aNodeHasItsStatesUntilItGoesDown() {
    fill();
    assertThat(Span.of(timeline).stream().map(Span::title))
        .containsExactly(
            "node 2 is up, in life 1, from 0.000000 to 6.000000 s",
            "node 1 is up, in life 1, from 0.000000 to 8.000000 s",
            "node 2 stands still, from 4.000000 to 6.000000 s",
            "node 1 is cut off by 2 of 2 ways, from 3.000000 to 8.000000 s",
            "node 2 is cut off by 2 of 2 ways, from 3.000000 to 8.000000 s",
            "node 2 leads group 0 in term 7, from 2.000000 to 5.000000 s");
  }

  private String page() {
    return new TimelinePage("Seed 5", "run --seed 5", "0123456789abcdef", List.of(NASTY), timeline)
        .text();
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void thePageIsWellFormedAndShowsEverything() throws Exception {
    fill();
    Document document = parse(page());
    String text = document.getDocumentElement().getTextContent();
    assertThat(text)
        .contains("run --seed 5", "0123456789abcdef", "VIOLATION: Everything: is wrong")
        .contains("node 2 leads group 0 in term 7, from 2.000000 to 5.000000 s")
        .contains("fault 1 (ISOLATE): node 1 is cut off")
        .contains("operation 1, client 0 to node 1: GET k0: refused after 1.5 ms, NOT_LEADER");
    assertThat(document.getElementsByTagName("svg").getLength()).isGreaterThan(5);
    assertThat(document.getElementsByTagName("tr").getLength())
        .isEqualTo(1 + Row.of(timeline).size());
  }

  @Test
  void thePageNeedsNothingElse() throws Exception {
    fill();
    assertThat(page()).doesNotContain("src=", "href=", "url(", "@import", "<script", "<link");
  }

  @Test
  void allTextIsEscaped() throws Exception {
    timeline.add(new Moment.Started(0, 1, 1));
    timeline.add(new Moment.Struck(1, 1, NASTY, NASTY));
    timeline.asked(1, 0, 1, NASTY, 2);
    timeline.ended(1, 3, Asked.Result.OK, NASTY);
    timeline.add(new Moment.Broken(4, NASTY));
    String page = page();
    assertThat(page).doesNotContain("<script").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    Document document = parse(page);
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    NodeList cells = document.getElementsByTagName("td");
    List<String> texts =
        IntStream.range(0, cells.getLength())
            .mapToObj(i -> cells.item(i).getTextContent())
            .toList();
    assertThat(texts)
        .anyMatch(text -> text.contains("VIOLATION: a <script>alert(1)</script> & \"b\" 'c' ]]> "));
  }

  @Test
  void aRunInWhichNothingHappenedHasAPageToo() throws Exception {
    assertThat(parse(page()).getDocumentElement().getTextContent())
        .contains("Everything that must hold held.");
  }

  /** Thousands of operations become at most as many bars as can be told apart. */
  @Test
  void thePageStaysSmall() {
    for (int number = 1; number <= 50_000; number++) {
      timeline.asked(number, number % 3, 1, "GET k0", number * 1_000_000L);
      timeline.ended(number, number * 1_000_000L + 500, Asked.Result.OK, "1");
    }
    String page = page();
    assertThat(page).hasSizeLessThan(1_000_000);
    assertThat(Pattern.compile("class=\"ok\"").matcher(page).results().count())
        .isLessThan(3 * 1_200);
  }
}
