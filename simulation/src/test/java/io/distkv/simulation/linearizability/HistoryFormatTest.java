package io.distkv.simulation.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distkv.simulation.linearizability.RandomClients.Habits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFormatTest {
  /** As docs/simulation.md shows it. */
  private static final String EXAMPLE =
      """
      {"process":0,"type":"invoke","f":"write","key":"k","value":"3","time":123}
      {"process":1,"type":"invoke","f":"read","key":"k","value":null,"time":130}
      {"process":0,"type":"ok","f":"write","key":"k","value":"3","time":140}
      {"process":1,"type":"ok","f":"read","key":"k","value":"3","time":145}
      {"process":0,"type":"invoke","f":"add","key":"k","value":2,"time":150}
      {"process":0,"type":"ok","f":"add","key":"k","value":5,"time":160}
      {"process":1,"type":"invoke","f":"cas","key":"k","value":["5",null],"time":170}
      {"process":1,"type":"ok","f":"cas","key":"k","value":true,"time":180}
      {"process":0,"type":"invoke","f":"delete","key":"k","value":null,"time":190}
      {"process":0,"type":"fail","f":"delete","key":"k","value":null,"time":200}
      {"process":1,"type":"invoke","f":"cas","key":"k","value":[null,"6"],"time":210}
      {"process":1,"type":"info","f":"cas","key":"k","value":[null,"6"],"time":220}
      """;

  @Test
  void aHistoryIsWrittenByteForByteLikeThis() throws Exception {
    History history = new History();
    history.invoke(0, "k", Timeline.write("3"), 123);
    history.invoke(1, "k", Timeline.READ, 130);
    history.ok(0, new Answer.Done(), 140);
    history.ok(1, Timeline.saw("3"), 145);
    history.invoke(0, "k", Timeline.add(2), 150);
    history.ok(0, Timeline.sum(5), 160);
    history.invoke(1, "k", Timeline.cas("5", null), 170);
    history.ok(1, Timeline.swapped(true), 180);
    history.invoke(0, "k", Timeline.DELETE, 190);
    history.fail(0, 200);
    history.invoke(1, "k", Timeline.cas(null, "6"), 210);
    history.info(1, 220);
    assertThat(written(history)).isEqualTo(EXAMPLE);
    assertThat(read(EXAMPLE).events()).isEqualTo(history.events());
  }

  @Test
  void theExampleIsTheOneInTheDocumentation() throws IOException {
    assertThat(Files.readString(Path.of("../docs/simulation.md"))).contains(EXAMPLE.indent(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a\"b\\c/d",
        "\0\b\t\n\u000b\f\r\u001f\u007f",
        "\u0080\u00e9\u2028\u2029\ufeff\uffff",
        "\ud83d\ude00",
        "\ud83d",
        "\ude00\ud83d",
      })
  void everyStringComesBackAsItWas(String string) throws Exception {
    History history = new History();
    history.invoke(0, string, Timeline.write(string), 0);
    history.ok(0, new Answer.Done(), Long.MAX_VALUE);
    history.invoke(0, string, Timeline.cas(string, string), Long.MAX_VALUE);
    history.info(0, Long.MAX_VALUE);
    assertThat(written(history)).matches("[ -\\x7f\\n]*");
    assertThat(read(written(history)).events()).isEqualTo(history.events());
  }

  @Test
  void everyNumberComesBackAsItWas() throws Exception {
    History history = new History();
    for (long number : new long[] {Long.MIN_VALUE, -1, 0, (1L << 53) + 1, Long.MAX_VALUE}) {
      history.invoke(Integer.MAX_VALUE, "k", Timeline.add(number), 0);
      history.ok(Integer.MAX_VALUE, Timeline.sum(number), 0);
    }
    assertThat(read(written(history)).events()).isEqualTo(history.events());
  }

  @Test
  void whateverClientsDoComesBackAsItWas() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      Habits habits = new Habits(100, 5, 20, 20, 20, 10, 10, 10, 3);
      History history = new RandomClients(seed, habits).run();
      History back = read(written(history));
      assertThat(back.events()).as("seed %d", seed).isEqualTo(history.events());
      assertThat(Linearizability.check(back, 100_000))
          .as("seed %d", seed)
          .isEqualTo(Linearizability.check(history, 100_000));
    }
  }

  @Test
  void spacesAndTheOrderOfMembersDoNotMatter() throws Exception {
    String line =
        " {\"time\": 1, \"value\": null,\t\"key\":\"k\", \"f\":\"read\", \"type\":\"invoke\","
            + " \"process\":0 } \r";
    assertThat(read(line).events())
        .containsExactly(new Event(0, Event.Type.INVOKE, "k", Timeline.READ, null, 1));
    assertThat(read("").events()).isEmpty();
  }

  // Each is the second line of a file; the first begins a read of "k" by process 0 at time 100.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                            | it is no JSON object",
        "[]                            | it is no JSON object",
        "{\"process\":0                | it is not JSON: ",
        "{'process':0}                 | it is not JSON: ",
        "{\"process\":0} {}            | there is something behind the object",
        "{\"process\":0}               | \"type\" is missing",
        "{\"proces\":0}                | unknown member \"proces\"",
        "{\"process\":0,\"process\":0} | \"process\" is there twice",
        "{\"process\":{}}              | \"process\" is {, which no member is",
        "{\"time\":1.0}                | \"time\" is 1.0, which no member is",
        "{\"value\":[[]]}              | \"value\" has a list in a list",
        "{\"time\":9223372036854775808}| it is not JSON: ",
        "1  ok   read   k null  101    | process 1 has nothing under way to end",
        "-1 invoke read k null  101    | \"process\" is from 0 to 2147483647",
        "2147483648 ok read k null 101 | \"process\" is from 0 to 2147483647",
        "`\"0\" ok read k null 101`    | \"process\" must be a whole number",
        "0 ok    read   k null  99     | time goes back from 100 to 99",
        "0 ok    read   k null  null   | \"time\" must be a whole number",
        "0 done  read   k null  101    | \"type\" is invoke, ok, fail or info, not done",
        "0 ok    write  k null  101    | process 0 has under way a read of \"k\"",
        "0 ok    read   j null  101    | process 0 has under way a read of \"k\"",
        "0 ok    read   k 1     101    | \"value\" must be a string or null",
        "0 info  read   k \"1\" 101    | \"value\" must be null here",
        "0 fail  write  k \"1\" 101    | process 0 has under way a read of \"k\"",
        "0 invoke read  k null  101    | process 0 has an operation under way",
        "1 invoke reed  k null  101    | \"f\" is read, write, delete, add or cas, not reed",
        "1 invoke read  k \"1\" 101    | \"value\" must be null here",
        "1 invoke write k null  101    | \"value\" must be a string",
        "1 invoke write k 3     101    | \"value\" must be a string",
        "1 invoke add   k \"3\" 101    | \"value\" must be a whole number",
        "1 invoke cas   k \"3\" 101    | \"value\" of a cas is a list of two",
        "1 invoke cas   k [\"3\"] 101  | \"value\" of a cas is a list of two",
        "1 invoke cas   k [1,2] 101    | \"value\" must be a string or null",
      })
  void aBadLineIsNamedWithTheReason(String words, String reason) {
    String begin =
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\",\"key\":\"k\",\"value\":null,\"time\":100}\n";
    assertThatExceptionOfType(BadHistoryException.class)
        .isThrownBy(() -> read(begin + line(words) + "\n" + begin))
        .withMessageStartingWith("line 2: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "write \"3\"       | ok \"4\"       | \"value\" is another",
        "write \"3\"       | info \"4\"     | \"value\" is another",
        "delete null       | ok \"4\"       | \"value\" must be null",
        "add 3             | fail 4         | \"value\" is another",
        "add 3             | ok \"6\"       | \"value\" must be a whole number",
        "cas [\"1\",\"2\"] | ok [\"1\",\"2\"] | \"value\" of a cas that ended is true or false",
        "cas [\"1\",\"2\"] | info [\"2\",\"1\"] | \"value\" is another",
      })
  void anEndMustFitItsBeginning(String begin, String end, String reason) {
    String[] began = begin.split(" ", 2);
    String[] ended = end.split(" ", 2);
    String lines =
        line("4 invoke %s k %s 7".formatted(began[0], began[1]))
            + "\n"
            + line("4 %s %s k %s 8".formatted(ended[0], began[0], ended[1]));
    assertThatExceptionOfType(BadHistoryException.class)
        .isThrownBy(() -> read(lines))
        .withMessageStartingWith("line 2: " + reason);
  }

  @Test
  void aFileThatIsNoTextIsRefused() {
    byte[] bytes = EXAMPLE.getBytes(StandardCharsets.UTF_8);
    bytes[EXAMPLE.indexOf("\"f\"") + 1] = (byte) 0xff;
    assertThatExceptionOfType(BadHistoryException.class)
        .isThrownBy(() -> HistoryFormat.read(new ByteArrayInputStream(bytes)))
        .withMessage("line 1: it is not UTF-8");
  }

  /** Words as a line: process, type, f, key, value, time. What is JSON already stays as it is. */
  private static String line(String words) {
    String[] word = words.strip().split(" +");
    return word.length != 6
        ? words
        : "{\"process\":%s,\"type\":\"%s\",\"f\":\"%s\",\"key\":\"%s\",\"value\":%s,\"time\":%s}"
            .formatted((Object[]) word);
  }

  private static String written(History history) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistoryFormat.write(history, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static History read(String lines) throws IOException, BadHistoryException {
    return HistoryFormat.read(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }
}
