package io.distkv.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.CommandTable;
import io.distkv.storage.tree.TreeListener.CompactionEvent;
import io.distkv.storage.tree.TreeListener.FlushEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's flight recorder gets to see. */
class FlightRecordsTest {
  @TempDir private Path folder;

  private List<RecordedEvent> recorded(Runnable work) throws Exception {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      List.of("Flush", "Compaction", "SlowOperation")
          .forEach(name -> recording.enable("io.distkv." + name));
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.distkv."))
        .toList();
  }

  @Test
  void flushesAndCompactionsAreRecorded() throws Exception {
    UpkeepMetrics metrics = new UpkeepMetrics();
    List<RecordedEvent> events =
        recorded(() -> {
          metrics.flushed(new FlushEvent("replicas/0-0-1", 7, 1000, 500, 2_000_000));
          metrics.compacted(
              new CompactionEvent("replicas/0-0-1", "level", 0, 1, 4, 2000, 1, 900, false, 30));
        });
    assertThat(events).hasSize(2);
    RecordedEvent flush = events.getFirst();
    assertThat(flush.getEventType().getName()).isEqualTo("io.distkv.Flush");
    assertThat(flush.getString("tree")).isEqualTo("replicas/0-0-1");
    assertThat(flush.getLong("entries")).isEqualTo(7);
    assertThat(flush.getDuration("taken").toMillis()).isEqualTo(2);
    RecordedEvent compaction = events.getLast();
    assertThat(compaction.getString("reason")).isEqualTo("level");
    assertThat(compaction.getInt("inputTables")).isEqualTo(4);
    assertThat(compaction.getLong("outputBytes")).isEqualTo(900);
    assertThat(compaction.getBoolean("moved")).isFalse();
  }

  @Test
  void slowOperationsAreRecordedAndOthersAreNot() throws Exception {
    CommandMetrics metrics = new CommandMetrics(2, _ -> {});
    metrics.setSlowNanos(1_000_000);
    byte[] name = "get".getBytes(StandardCharsets.US_ASCII);
    CommandSpec get = Objects.requireNonNull(CommandTable.standard().find(name));
    List<RecordedEvent> events =
        recorded(() -> {
          metrics.observer(1).completed(get, 999_999, false);
          metrics.observer(1).completed(get, 5_000_000, true);
        });
    assertThat(events).hasSize(1);
    RecordedEvent slow = events.getFirst();
    assertThat(slow.getString("command")).isEqualTo("get");
    assertThat(slow.getInt("lane")).isEqualTo(1);
    assertThat(slow.getDuration("taken").toMillis()).isEqualTo(5);
    assertThat(slow.getBoolean("failed")).isTrue();
    assertThat(get.name()).isEqualTo("get");
  }

  @Test
  void zeroRecordsNoOperationAsSlow() throws Exception {
    CommandMetrics metrics = new CommandMetrics(1, _ -> {});
    metrics.setSlowNanos(0);
    byte[] name = "get".getBytes(StandardCharsets.US_ASCII);
    CommandSpec get = Objects.requireNonNull(CommandTable.standard().find(name));
    assertThat(recorded(() -> metrics.observer(0).completed(get, Long.MAX_VALUE / 2, false)))
        .isEmpty();
  }
}
