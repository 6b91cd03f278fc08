package io.distkv.server.slowlog;

import io.distkv.base.Clock;
import io.distkv.node.command.SlowLog;
import io.distkv.node.session.Passage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations that took long: the last of them are remembered for SLOWLOG, and each has a line
 * in the log.
 *
 * <p>They come from lanes, which must not wait for a log that is slow itself; so they pass through
 * a queue to a thread of this class. When very many are slow at once, which is when they are least
 * worth reading one by one, those that find the queue full are counted alone, and the next line
 * says how many they were.
 *
 * <p>Any thread.
 */
public final class SlowOperations implements SlowLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlowOperations.class);
  private static final int MOST_QUEUED = 128;

  /** So long after each line the next one waits. */
  private static final long PAUSE_MILLIS = 50;

  private final Clock clock;
  private final BlockingQueue<SlowOperation> queue = new ArrayBlockingQueue<>(MOST_QUEUED);
  private final AtomicLong unlogged = new AtomicLong();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Thread writer;
  private int mostEntries;
  private long nextId;

  private SlowOperations(Clock clock) {
    this.clock = clock;
    writer = Thread.ofPlatform().daemon().name("slow-log").unstarted(this::write);
  }

  /** Begins to take them. */
  public static SlowOperations start(Clock clock) {
    SlowOperations log = new SlowOperations(clock);
    log.writer.start();
    return log;
  }

  /** How many are remembered at most; the oldest beyond that are forgotten. */
  public void keep(int most) {
    synchronized (entries) {
      mostEntries = most;
      forgetOldest();
    }
  }

  /** An operation that took long is over. Does not wait. */
  public void add(Passage passage) {
    // Seen first, since where the queue is full a lane has no time to make words that nobody reads.
    if (queue.remainingCapacity() == 0 || !queue.offer(SlowOperation.of(passage))) {
      unlogged.incrementAndGet();
    }
  }

  private void write() {
    try {
      while (true) {
        SlowOperation operation = queue.take();
        remember(operation);
        LOG.warn(operation.line(unlogged.getAndSet(0)));
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  private void remember(SlowOperation operation) {
    long agoMillis = (clock.monotonicNanos() - operation.endNanos()) / 1_000_000;
    synchronized (entries) {
      entries.addFirst(operation.entry(nextId++, clock.wallMillis() - agoMillis));
      forgetOldest();
    }
  }

  private void forgetOldest() {
    while (entries.size() > mostEntries) {
      entries.removeLast();
    }
  }

  @Override
  public List<Entry> newest(int most) {
    List<Entry> newest = new ArrayList<>();
    synchronized (entries) {
      Iterator<Entry> all = entries.iterator();
      while (all.hasNext() && newest.size() < most) {
        newest.add(all.next());
      }
    }
    return newest;
  }

  @Override
  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  @Override
  public void clear() {
    synchronized (entries) {
      entries.clear();
    }
  }

  /** Takes no more, and logs none of those that wait. */
  @Override
  public void close() {
    writer.interrupt();
  }
}
