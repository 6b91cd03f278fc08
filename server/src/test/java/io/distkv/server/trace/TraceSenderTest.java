package io.distkv.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of traces on their way to a collector that is quick, slow, broken or gone. */
class TraceSenderTest {
  private final Collector collector = new Collector();
  private final TraceSender sender = TraceSender.start(collector);

  /** Keeps each message, and answers when it is told to. */
  private static final class Collector implements SpanExporter {
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    volatile boolean throwing;
    volatile boolean isClosed;

    record Message(List<SpanData> spans, CompletableResultCode answer) {}

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      if (throwing) {
        throwing = false;
        throw new IllegalStateException("broken");
      }
      Message message = new Message(List.copyOf(spans), new CompletableResultCode());
      messages.add(message);
      return message.answer();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      isClosed = true;
      return CompletableResultCode.ofSuccess();
    }

    Message next() throws InterruptedException {
      Message message = messages.poll(20, TimeUnit.SECONDS);
      assertThat(message).as("no message came").isNotNull();
      return message;
    }
  }

  @AfterEach
  void close() {
    sender.close();
  }

  private static FinishedTrace trace(String name) {
    return new FinishedTrace(
        "resp", name, "ok", false, SpanContext.getInvalid(), 0, 1, 2, List.of());
  }

  private Map<String, Double> counts() {
    List<MetricSnapshot> collected = new ArrayList<>();
    sender.collect(collected::add);
    Map<String, Double> counts = new HashMap<>();
    ((CounterSnapshot) collected.getFirst())
        .getDataPoints()
        .forEach(point -> counts.put(point.getLabels().get("result"), point.getValue()));
    return counts;
  }

  private void awaitCounts(double sent, double failed, double dropped) {
    await()
        .untilAsserted(() ->
            assertThat(counts())
                .isEqualTo(Map.of("sent", sent, "failed", failed, "dropped", dropped)));
  }

  private static List<String> names(Collector.Message message) {
    return message.spans().stream().map(SpanData::getName).toList();
  }

  @Test
  void tracesAreSentTogetherOneMessageAtATime() throws InterruptedException {
    sender.accept(trace("a"));
    sender.accept(trace("b"));
    Collector.Message first = collector.next();
    List<String> sent = new ArrayList<>(names(first));
    sender.accept(trace("c"));
    assertThat(collector.messages.poll(1, TimeUnit.SECONDS)).isNull();
    first.answer().succeed();
    while (sent.size() < 3) {
      Collector.Message next = collector.next();
      sent.addAll(names(next));
      next.answer().succeed();
    }
    assertThat(sent).containsExactly("a", "b", "c");
    awaitCounts(3, 0, 0);
  }

  @Test
  void whatACollectorDoesNotTakeIsCountedAndTheNextIsSent() throws InterruptedException {
    sender.accept(trace("a"));
    collector.next().answer().fail();
    awaitCounts(0, 1, 0);
    collector.throwing = true;
    sender.accept(trace("b"));
    awaitCounts(0, 2, 0);
    sender.accept(trace("c"));
    collector.next().answer().succeed();
    awaitCounts(1, 2, 0);
  }

  @Test
  void whatFindsNoRoomIsDroppedAndCounted() throws InterruptedException {
    sender.accept(trace("first"));
    Collector.Message first = collector.next();
    for (int i = 0; i < TraceSender.MOST_QUEUED_TRACES + 7; i++) {
      sender.accept(trace("further"));
    }
    assertThat(counts()).containsEntry("dropped", 7.0);
    first.answer().succeed();
    collector.next().answer().succeed();
    awaitCounts(1.0 + TraceSender.MOST_QUEUED_TRACES, 0, 7);
  }

  @Test
  void whatIsLeftIsSentAtTheEnd() throws InterruptedException {
    sender.accept(trace("last"));
    Thread closing = Thread.ofVirtual().start(sender::close);
    Collector.Message last = collector.next();
    assertThat(names(last)).containsExactly("last");
    last.answer().succeed();
    closing.join();
    awaitCounts(1, 0, 0);
    assertThat(collector.isClosed).isTrue();
  }

  @Test
  void aCollectorThatDoesNotAnswerDoesNotHoldUpTheEnd() throws InterruptedException {
    sender.accept(trace("unanswered"));
    collector.next();
    sender.close();
    awaitCounts(0, 1, 0);
    assertThat(collector.isClosed).isTrue();
  }
}
