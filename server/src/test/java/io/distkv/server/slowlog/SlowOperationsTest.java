package io.distkv.server.slowlog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.SlowLog;
import io.distkv.node.session.Passage;
import io.distkv.node.session.Passage.Part;
import io.distkv.node.session.Passage.Stage;
import io.distkv.platform.SystemClock;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SlowOperationsTest {
  private static final Pattern MORE = Pattern.compile("; (\\d+) more were slow since the line");
  private static final CommandTable COMMANDS = CommandTable.standard();

  private final Logger logger = (Logger) LoggerFactory.getLogger(SlowOperations.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final SlowOperations log = SlowOperations.start(new SystemClock());

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    log.keep(3);
  }

  @AfterEach
  void stop() {
    log.close();
    logger.detachAppender(lines);
  }

  private static Passage passage(boolean failed, String... words) {
    return passage(
        failed, Stream.of(words).map(word -> word.getBytes(ISO_8859_1)).toArray(byte[][]::new));
  }

  private static Passage passage(boolean failed, byte[]... words) {
    Prepared prepared = COMMANDS.prepare(words);
    long now = System.nanoTime();
    return new Passage(
        (Prepared.Ready) prepared,
        40,
        null,
        new Passage.Client("127.0.0.1:9", "cart"),
        failed,
        List.of(
            new Part(Stage.JOURNAL, now - 120_000_000, now - 2_000_000),
            new Part(Stage.APPLY, now - 2_000_000, now)),
        now - 120_000_000,
        now);
  }

  private List<SlowLog.Entry> entries(int count) {
    await().until(() -> log.size() == count && lines.list.size() >= count);
    return log.newest(Integer.MAX_VALUE);
  }

  @Test
  void eachSaysWhatItWasAndWhereItsTimeWent() {
    long before = System.currentTimeMillis();
    log.add(passage(false, "SET", "basket", "very secret"));
    SlowLog.Entry entry = entries(1).getFirst();
    assertThat(entry.words()).containsExactly("set", "\"basket\"");
    assertThat(entry.micros()).isEqualTo(120_000);
    assertThat(entry.endedMillis()).isBetween(before - 1_000, System.currentTimeMillis());
    assertThat(entry.parts()).isEqualTo("journal 118.0ms, apply 2.0ms");
    assertThat(lines.list.getFirst().getFormattedMessage())
        .isEqualTo(
            "slow operation: set \"basket\" took 120.0ms = journal 118.0ms, apply 2.0ms;"
                + " 40 bytes from 127.0.0.1:9 (cart)");
  }

  @Test
  void aKeyCannotWriteLinesOfItsOwn() {
    log.add(passage(true, "MSET", "a\r\n\"\\\u00e9" + "x".repeat(200), "1", "b", "2"));
    SlowLog.Entry entry = entries(1).getFirst();
    assertThat(entry.words())
        .containsExactly(
            "mset",
            "\"a\\x0d\\x0a\\x22\\x5c\\xe9" + "x".repeat(122) + "\"... (206 bytes)",
            "(2 keys)");
    assertThat(lines.list.getFirst().getFormattedMessage())
        .contains("failed after 120.0ms")
        .doesNotContain("\n");
  }

  @Test
  void theOldestAreForgotten() {
    for (int i = 0; i < 5; i++) {
      log.add(passage(false, "GET", "k" + i));
    }
    await().until(() -> lines.list.size() == 5);
    assertThat(entries(3).stream().map(SlowLog.Entry::id)).containsExactly(4L, 3L, 2L);
    assertThat(log.newest(1)).hasSize(1);
    log.keep(1);
    assertThat(log.size()).isEqualTo(1);
    log.clear();
    assertThat(log.newest(5)).isEmpty();
  }

  @Test
  void whereVeryManyAreSlowTheRestIsCounted() {
    for (int i = 0; i < 1_000; i++) {
      log.add(passage(false, "GET", "k" + i));
    }
    // At most 128 wait, and a few have been logged by then.
    await().until(() -> unlogged() > 800);
    assertThat(unlogged()).isLessThan(1_000 - 100);
  }

  @Test
  void whatWaitsToBeLoggedHoldsNoValues() {
    CompletableFuture<Void> goesOn = new CompletableFuture<>();
    lines.addFilter(
        new Filter<>() {
          @Override
          public FilterReply decide(ILoggingEvent event) {
            goesOn.join();
            return FilterReply.NEUTRAL;
          }
        });
    log.add(passage(false, "GET", "first"));
    WeakReference<byte[]> value = addWithLargeValue();
    await()
        .until(() -> {
          System.gc();
          return value.refersTo(null);
        });
    assertThat(lines.list).isEmpty();
    goesOn.complete(null);
    assertThat(entries(2).getFirst().words()).containsExactly("set", "\"k\"");
  }

  private WeakReference<byte[]> addWithLargeValue() {
    byte[] value = new byte[1024 * 1024];
    log.add(passage(false, "SET".getBytes(ISO_8859_1), "k".getBytes(ISO_8859_1), value));
    return new WeakReference<>(value);
  }

  /** How many the lines so far say have no line. */
  private long unlogged() {
    return List.copyOf(lines.list).stream()
        .map(line -> MORE.matcher(line.getFormattedMessage()))
        .filter(Matcher::find)
        .mapToLong(more -> Long.parseLong(more.group(1)))
        .sum();
  }
}
