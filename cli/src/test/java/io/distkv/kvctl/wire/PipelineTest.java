package io.distkv.kvctl.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The two threads of a pipeline against a conversation whose every step the test decides. */
@Timeout(30)
final class PipelineTest {
  private static final Pipeline.Window ONE = Pipeline.Window.prompt(1);

  /** Notes what is sent; each reply, or the end of the connection, is there when the test says. */
  private static final class Scripted implements Pipeline.Conversation {
    private record Lost() {}

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Object> replies = new LinkedBlockingQueue<>();
    private volatile @Nullable Runnable atFlush;
    private volatile boolean failing;

    void reply(Object... more) {
      replies.addAll(List.of(more));
    }

    void lose() {
      replies.add(new Lost());
    }

    /** Does something once, while the submitter is in its next flush. */
    void atNextFlush(Runnable action) {
      atFlush = action;
    }

    void failNextSend() {
      failing = true;
    }

    @Override
    public void send(Verb verb, byte[]... arguments) throws ConnectionException {
      if (failing) {
        throw new ConnectionException("broken pipe", null);
      }
      sent.add(verb + " " + new String(arguments[0], StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      Runnable action = atFlush;
      atFlush = null;
      if (action != null) {
        action.run();
      }
    }

    @Override
    public @Nullable Object read() throws ConnectionException {
      try {
        Object reply = replies.take();
        if (reply instanceof Lost) {
          throw new ConnectionException("lost", null);
        }
        return reply;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      lose();
    }
  }

  private final Scripted wire = new Scripted();
  private final List<String> received = new CopyOnWriteArrayList<>();

  private void note(int tag, @Nullable Object reply) {
    received.add(tag + "=" + reply);
  }

  private static void submit(Pipeline<Integer> pipeline, int tag) throws ConnectionException {
    submit(pipeline, tag, 1);
  }

  private static void submit(Pipeline<Integer> pipeline, int tag, long bytes)
      throws ConnectionException {
    pipeline.submit(tag, bytes, Verb.GET, Integer.toString(tag).getBytes(StandardCharsets.UTF_8));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  /** A submitter that may have to wait; what it threw, if anything, comes from its end. */
  private static final class Submitter {
    private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    private final Thread thread;

    Submitter(Pipeline<Integer> pipeline, int tag, long bytes) {
      thread =
          new Thread(() -> {
            try {
              submit(pipeline, tag, bytes);
            } catch (ConnectionException | RuntimeException e) {
              thrown.set(e);
            }
          });
      thread.start();
    }

    @Nullable Throwable end() {
      join(thread);
      return thrown.get();
    }
  }

  @Test
  void repliesGoWithTheirTagsToTheReceiverInTheOrderOfSubmission() throws ConnectionException {
    try (Pipeline<Integer> pipeline =
        new Pipeline<>(wire, Pipeline.Window.prompt(10), this::note)) {
      for (int tag = 1; tag <= 3; tag++) {
        submit(pipeline, tag);
      }
      wire.reply("a", "b", "c");
      pipeline.drain();
      assertThat(received).containsExactly("1=a", "2=b", "3=c");
      assertThat(pipeline.unanswered()).isEmpty();
    }
    assertThat(wire.sent).containsExactly("GET 1", "GET 2", "GET 3");
  }

  /** The reader ends after the submitter found the window full, and before it begins to wait. */
  @Test
  void aRefusalBetweenAFullWindowAndTheWaitEndsTheSubmitter() throws ConnectionException {
    AtomicReference<Thread> reader = new AtomicReference<>();
    CountDownLatch refused = new CountDownLatch(1);
    Pipeline.Receiver<Integer> refusing =
        (_, _) -> {
          reader.set(Thread.currentThread());
          refused.countDown();
          throw new IllegalArgumentException("refused");
        };
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, ONE, refusing)) {
      submit(pipeline, 1);
      wire.atNextFlush(() -> {
        wire.reply("a");
        try {
          refused.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        join(reader.get());
      });
      assertThatThrownBy(() -> submit(pipeline, 2)).hasMessage("refused");
      assertThat(wire.sent).containsExactly("GET 1");
    }
  }

  @Test
  void aSubmitterThatWaitsIsEndedByARefusalAndByALostConnection() throws ConnectionException {
    for (boolean lost : new boolean[] {true, false}) {
      Scripted wire = new Scripted();
      Pipeline.Receiver<Integer> refusing =
          (_, _) -> {
            throw new IllegalArgumentException("refused");
          };
      try (Pipeline<Integer> pipeline = new Pipeline<>(wire, ONE, refusing)) {
        submit(pipeline, 1);
        Submitter second = new Submitter(pipeline, 2, 1);
        awaitWaiting(second.thread);
        if (lost) {
          wire.lose();
        } else {
          wire.reply("a");
        }
        assertThat(second.end()).hasMessage(lost ? "lost" : "refused");
      }
    }
  }

  @Test
  void theWindowBoundsTheRequestsUnderWay() throws ConnectionException {
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, Pipeline.Window.prompt(2), this::note)) {
      submit(pipeline, 1);
      submit(pipeline, 2);
      Submitter third = new Submitter(pipeline, 3, 1);
      awaitWaiting(third.thread);
      assertThat(wire.sent).hasSize(2);
      wire.reply("a");
      assertThat(third.end()).isNull();
      assertThat(wire.sent).hasSize(3);
    }
  }

  @Test
  void aBulkWindowWakesTheSubmitterOnlyWhenHalfOfItIsFree() throws ConnectionException {
    Pipeline.Window bulk = Pipeline.Window.bulk(4, 1_000);
    CountDownLatch two = new CountDownLatch(2);
    Pipeline.Receiver<Integer> counting = (_, _) -> two.countDown();
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, bulk, counting)) {
      for (int tag = 1; tag <= 4; tag++) {
        submit(pipeline, tag);
      }
      Submitter fifth = new Submitter(pipeline, 5, 1);
      awaitWaiting(fifth.thread);
      wire.reply("a", "b");
      while (pipeline.unanswered().size() > 2) {
        Thread.onSpinWait();
      }
      assertThat(two.getCount()).isZero();
      assertThat(fifth.thread.getState()).isEqualTo(Thread.State.WAITING);
      wire.reply("c");
      assertThat(fifth.end()).isNull();
    }
  }

  @Test
  void theWindowBoundsTheBytesUnderWayAndWhatIsHeavierGoesAlone() throws ConnectionException {
    try (Pipeline<Integer> pipeline =
        new Pipeline<>(wire, Pipeline.Window.bulk(100, 10), this::note)) {
      submit(pipeline, 1, 10);
      Submitter second = new Submitter(pipeline, 2, 1_000);
      awaitWaiting(second.thread);
      wire.reply("a");
      assertThat(second.end()).isNull();
      Submitter third = new Submitter(pipeline, 3, 0);
      awaitWaiting(third.thread);
      wire.reply("b");
      assertThat(third.end()).isNull();
      assertThat(received).containsExactly("1=a", "2=b");
    }
  }

  @Test
  void whatHadNoReplyWhenTheConnectionBrokeIsKeptInOrder() throws ConnectionException {
    try (Pipeline<Integer> pipeline =
        new Pipeline<>(wire, Pipeline.Window.prompt(10), this::note)) {
      for (int tag = 1; tag <= 4; tag++) {
        submit(pipeline, tag);
      }
      wire.reply("a");
      wire.lose();
      assertThatThrownBy(pipeline::drain).isInstanceOf(ConnectionException.class);
      assertThatThrownBy(() -> submit(pipeline, 5)).isInstanceOf(ConnectionException.class);
      assertThat(received).containsExactly("1=a");
      assertThat(pipeline.unanswered()).containsExactly(2, 3, 4);
    }
  }

  @Test
  void aReplyThatTheReceiverRefusedCountsAsNotReceived() throws ConnectionException {
    Pipeline.Receiver<Integer> choosy =
        (tag, _) -> {
          if (tag == 2) {
            throw new IllegalArgumentException("refused");
          }
        };
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, Pipeline.Window.prompt(10), choosy)) {
      for (int tag = 1; tag <= 3; tag++) {
        submit(pipeline, tag);
      }
      wire.reply("a", "b", "c");
      assertThatThrownBy(pipeline::drain).hasMessage("refused");
      assertThatThrownBy(pipeline::drain).hasMessage("refused");
      assertThat(pipeline.unanswered()).containsExactly(2, 3);
    }
  }

  @Test
  void whatTheNodeSaidBeforeItClosedIsReceivedBeforeASendThatFailsTells() throws Exception {
    try (Pipeline<Integer> pipeline =
        new Pipeline<>(wire, Pipeline.Window.prompt(10), this::note)) {
      submit(pipeline, 1);
      wire.failNextSend();
      Submitter second = new Submitter(pipeline, 2, 1);
      awaitWaiting(second.thread);
      wire.reply("a", "too large");
      wire.lose();
      assertThat(second.end()).hasMessage("broken pipe");
      assertThat(received).containsExactly("1=a", "2=too large");
      assertThat(pipeline.unanswered()).isEmpty();
    }
  }

  /** Memory that ran out for a reply must not leave the submitter waiting for ever. */
  @Test
  void anErrorOfTheReaderEndsTheSubmitterToo() throws ConnectionException {
    Pipeline.Receiver<Integer> breaking =
        (_, _) -> {
          throw new OutOfMemoryError("a test's");
        };
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, ONE, breaking)) {
      submit(pipeline, 1);
      wire.reply("a");
      assertThatThrownBy(pipeline::drain)
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void anInterruptEndsBothKindsOfWait() throws ConnectionException {
    try (Pipeline<Integer> pipeline = new Pipeline<>(wire, ONE, this::note)) {
      submit(pipeline, 1);
      Submitter second = new Submitter(pipeline, 2, 1);
      awaitWaiting(second.thread);
      second.thread.interrupt();
      assertThat(second.end())
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.code()).isEqualTo(ExitCode.INTERRUPTED));
      Thread.currentThread().interrupt();
      assertThatThrownBy(pipeline::drain).isInstanceOf(Failure.class).hasMessage("interrupted");
      assertThat(pipeline.unanswered()).containsExactly(1);
    }
  }

  @Test
  void closeWaitsForTheReceiver() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    Pipeline.Receiver<Integer> slow =
        (_, _) -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          order.add("received");
        };
    Pipeline<Integer> pipeline = new Pipeline<>(wire, Pipeline.Window.prompt(5), slow);
    submit(pipeline, 1);
    submit(pipeline, 2);
    wire.reply("a", "b");
    entered.await();
    Thread closing =
        new Thread(() -> {
          pipeline.close();
          order.add("closed");
        });
    closing.start();
    awaitWaiting(closing);
    leave.countDown();
    join(closing);
    assertThat(order).containsExactly("received", "closed");
    assertThat(pipeline.unanswered()).containsExactly(2);
  }
}
