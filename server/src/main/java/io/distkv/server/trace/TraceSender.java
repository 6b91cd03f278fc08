package io.distkv.server.trace;

import static io.distkv.server.metrics.Snapshots.count;

import io.distkv.server.metrics.MetricSource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes traces to a collector, on a thread of its own.
 *
 * <p>They come from lanes, which must not wait, and have better things to do than to make spans: a
 * lane leaves what it knows in a queue. Every half a second what has come is made spans of and
 * sent, in one message unless there is very much: a message costs more than the few spans of a
 * moment that it might carry. What finds the queue full is dropped, and counted.
 *
 * <p>Any thread.
 */
final class TraceSender implements MetricSource, Consumer<FinishedTrace>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TraceSender.class);
  static final int MOST_QUEUED_TRACES = 4_096;
  private static final int ENOUGH_SPANS_OF_A_MESSAGE = 8_192;
  private static final long PAUSE_MILLIS = 500;
  private static final long SEND_SECONDS = 10;
  private static final long CLOSE_SECONDS = 2;

  private final SpanExporter exporter;
  private final BlockingQueue<FinishedTrace> queue = new ArrayBlockingQueue<>(MOST_QUEUED_TRACES);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread sender;

  // Spans.
  private final LongAdder dropped = new LongAdder();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private TraceSender(SpanExporter exporter) {
    this.exporter = exporter;
    sender = Thread.ofPlatform().daemon().name("traces").unstarted(this::send);
  }

  /** Begins to take them. */
  static TraceSender start(SpanExporter exporter) {
    TraceSender sender = new TraceSender(exporter);
    sender.sender.start();
    return sender;
  }

  @Override
  public void accept(FinishedTrace trace) {
    if (!queue.offer(trace)) {
      dropped.add(trace.spanCount());
    }
  }

  private void send() {
    try {
      boolean last;
      do {
        last = closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        sendQueued();
      } while (!last);
    } catch (InterruptedException e) {
      // It was closed a while ago, and the collector still does not answer.
    }
  }

  private void sendQueued() throws InterruptedException {
    List<SpanData> spans = new ArrayList<>();
    for (@Nullable FinishedTrace trace = queue.poll(); trace != null; trace = queue.poll()) {
      spans.addAll(Spans.of(trace));
      if (spans.size() >= ENOUGH_SPANS_OF_A_MESSAGE) {
        send(spans);
        spans = new ArrayList<>();
      }
    }
    if (!spans.isEmpty()) {
      send(spans);
    }
  }

  private void send(List<SpanData> spans) throws InterruptedException {
    boolean taken = false;
    try {
      taken = exporter.export(spans).join(SEND_SECONDS, TimeUnit.SECONDS).isSuccess();
    } catch (RuntimeException e) {
      LOG.warn("cannot send traces", e);
    }
    (taken ? sent : failed).addAndGet(spans.size());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    into.accept(
        CounterSnapshot.builder()
            .name("distkv_trace_spans")
            .help(
                "Spans that the collector of traces has taken (sent) or not (failed), and those"
                    + " that were not sent because too many came (dropped)")
            .dataPoint(count(sent.get(), "result", "sent"))
            .dataPoint(count(failed.get(), "result", "failed"))
            .dataPoint(count(dropped.sum(), "result", "dropped"))
            .build());
  }

  /** Sends what is left, for a moment; takes no more. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!sender.join(Duration.ofSeconds(CLOSE_SECONDS))) {
        sender.interrupt();
      }
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    exporter.close();
  }
}
