package io.distkv.kvctl.wire;

import io.distkv.kvctl.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Many requests under way on one connection: one thread submits, a thread of this object's own
 * reads the replies and hands each, with its request's tag, to the receiver, in the order of
 * submission.
 *
 * <p>The window bounds what is under way, by count and by the bytes that the caller says a request
 * weighs; a submitter that finds it full waits. A request heavier than the whole window goes alone.
 *
 * <p>Invariant: {@code underWay} holds exactly the tags that were submitted and whose reply the
 * receiver has not been given, oldest first. After the connection broke they stay there, so that
 * the caller can submit them again elsewhere.
 *
 * <p>Two threads, because one that first sends all and then reads all comes to a stand when both it
 * and the node wait for the other to read.
 */
public final class Pipeline<T> implements AutoCloseable {
  /** What becomes of replies; called on the reading thread, which stops when it throws. */
  @FunctionalInterface
  public interface Receiver<T> {
    /** Takes the reply (see {@link Wire} for what it may be) to the request with the tag. */
    void accept(T tag, @Nullable Object reply);
  }

  /**
   * What may be under way at once.
   *
   * @param requests how many requests
   * @param bytes how many bytes
   * @param wakeBelow a submitter that waits is woken when fewer requests than this are under way:
   *     the whole window for promptness, half of it so that a wake-up serves many requests
   */
  public record Window(int requests, long bytes, int wakeBelow) {
    /** For bulk work, where throughput counts. */
    public static Window bulk(int requests, long bytes) {
      return new Window(requests, bytes, Math.max(1, requests / 2));
    }

    /** For measured work, where the submitter must not be late. */
    public static Window prompt(int requests) {
      return new Window(requests, Long.MAX_VALUE, requests);
    }
  }

  /** What a pipeline needs of a {@link Wire}: one thread sends and flushes while another reads. */
  interface Conversation {
    void send(Verb verb, byte[]... arguments) throws ConnectionException;

    void flush() throws ConnectionException;

    @Nullable Object read() throws ConnectionException;

    void close();
  }

  private record Waiting<T>(T tag, long bytes) {}

  private final Conversation wire;
  private final Window window;
  private final Receiver<T> receiver;
  private final Thread reader;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting<T>> underWay = new ArrayDeque<>();
  private long bytesUnderWay;
  private boolean closed;
  private @Nullable ConnectionException broken;
  private @Nullable RuntimeException refused;

  /** A pipeline on the wire, which from now on is used by nobody else. */
  public Pipeline(Wire wire, Window window, Receiver<T> receiver) {
    this((Conversation) wire, window, receiver);
  }

  Pipeline(Conversation wire, Window window, Receiver<T> receiver) {
    this.wire = wire;
    this.window = window;
    this.receiver = receiver;
    this.reader = Thread.ofVirtual().name("replies").start(this::readReplies);
  }

  /**
   * Waits for room in the window, then sends the request (it may stay in the buffer until {@link
   * #flush}, {@link #drain} or a full window).
   *
   * @throws ConnectionException when the connection broke, now or earlier
   */
  public void submit(T tag, long bytes, Verb verb, byte[]... arguments) throws ConnectionException {
    if (!reserve(tag, bytes)) {
      flush();
      awaitRoom(tag, bytes);
    }
    try {
      wire.send(verb, arguments);
    } catch (ConnectionException e) {
      throw afterReplies(e);
    }
  }

  /** Sends what is buffered. */
  public void flush() throws ConnectionException {
    try {
      wire.flush();
    } catch (ConnectionException e) {
      throw afterReplies(e);
    }
  }

  /**
   * Lets the reader take what the node said before it closed the connection: that may be why it
   * did, such as a value too large for it, and else the same request would be sent again for ever.
   */
  private ConnectionException afterReplies(ConnectionException failed) {
    lock.lock();
    try {
      while (!underWay.isEmpty() && broken == null && refused == null) {
        changed.await();
      }
      if (refused != null) {
        throw refused;
      }
      return failed;
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** Sends what is buffered and waits until every reply has been received. */
  public void drain() throws ConnectionException {
    flush();
    lock.lock();
    try {
      while (!underWay.isEmpty()) {
        check();
        changed.await();
      }
      check();
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** The tags whose replies did not come, oldest first; meaningful once {@link #close} returned. */
  public List<T> unanswered() {
    lock.lock();
    try {
      List<T> tags = new ArrayList<>(underWay.size());
      underWay.forEach(waiting -> tags.add(waiting.tag()));
      return tags;
    } finally {
      lock.unlock();
    }
  }

  private boolean reserve(T tag, long bytes) throws ConnectionException {
    lock.lock();
    try {
      check();
      if (!hasRoom(bytes)) {
        return false;
      }
      add(tag, bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(T tag, long bytes) throws ConnectionException {
    lock.lock();
    try {
      while (!hasRoom(bytes)) {
        // Before each wait: the reader may have ended since the lock was held last.
        check();
        changed.await();
      }
      check();
      add(tag, bytes);
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(long bytes) {
    return underWay.isEmpty()
        || (underWay.size() < window.requests() && bytes <= window.bytes() - bytesUnderWay);
  }

  private void add(T tag, long bytes) {
    if (underWay.isEmpty()) {
      changed.signalAll();
    }
    underWay.addLast(new Waiting<>(tag, bytes));
    bytesUnderWay += bytes;
  }

  private void check() throws ConnectionException {
    if (refused != null) {
      throw refused;
    }
    if (broken != null) {
      throw broken;
    }
  }

  private void readReplies() {
    try {
      for (T tag = awaitRequest(); tag != null; tag = awaitRequest()) {
        Object reply = wire.read();
        receiver.accept(tag, reply);
        remove();
      }
    } catch (ConnectionException e) {
      stop(e, null);
    } catch (RuntimeException e) {
      stop(null, e);
    } catch (Error e) {
      // Memory that ran out, say: a submitter would else wait for ever for a thread that is gone.
      stop(null, new IllegalStateException("the reader of replies ended: " + e, e));
    }
  }

  private @Nullable T awaitRequest() {
    lock.lock();
    try {
      while (underWay.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Waiting<T> next = closed ? null : underWay.peekFirst();
      return next == null ? null : next.tag();
    } finally {
      lock.unlock();
    }
  }

  private void remove() {
    lock.lock();
    try {
      bytesUnderWay -= underWay.removeFirst().bytes();
      if (underWay.size() < window.wakeBelow()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void stop(@Nullable ConnectionException lost, @Nullable RuntimeException refusal) {
    lock.lock();
    try {
      broken = lost;
      refused = refusal;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the connection and waits until no reply will be handed over any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wire.close();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        // The reader ends by itself now that its socket is closed.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
