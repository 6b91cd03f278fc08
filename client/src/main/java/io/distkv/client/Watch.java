package io.distkv.client;

import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The changes of some keys as they come: each once, in the order of versions and, within one, of
 * keys, over all partitions; and marks of progress between them. It has begun when it is there:
 * what is written from then on is told.
 *
 * <p>When a connection breaks, a node restarts, or it says that the watch is too slow for it, the
 * watch goes on behind the last change that was given, by itself, without a gap or a repetition,
 * for as long as {@link WatchOptions#patience} lasts. If the keyspace's history does not reach back
 * to there any more, it ends with {@link HistoryGoneException}, which says what to do.
 *
 * <p>Little is kept here: while the reader takes nothing, the node is asked for nothing, and looks
 * up later what was not taken. So a slow reader needs history as far as it is behind.
 *
 * <p>Used by one thread at a time, but for {@link #close} and {@link #throughVersion}, which any
 * may call. To be closed, unless it has thrown {@link DistKvException}.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class Watch<K, V> implements Iterator<WatchEvent<K, V>>, AutoCloseable {
  private final ResumingStream<WatchRequest, WatchResponse> stream;
  private final WatchPosition position;
  private final Messages<K, V> meaning;
  private Iterator<io.distkv.api.v1.Change> changes = Collections.emptyIterator();
  private long through;
  private boolean markDue;
  private @Nullable WatchEvent<K, V> next;
  private volatile long throughVersion;

  private Watch(
      ResumingStream<WatchRequest, WatchResponse> stream,
      WatchPosition position,
      Messages<K, V> meaning) {
    this.stream = stream;
    this.position = position;
    this.meaning = meaning;
  }

  /** Waits until it has begun. */
  static <K, V> Watch<K, V> begin(
      ResumingStream<WatchRequest, WatchResponse> stream,
      WatchPosition position,
      Messages<K, V> meaning,
      long afterVersion) {
    Watch<K, V> watch = new Watch<>(stream, position, meaning);
    WatchResponse first = stream.next();
    if (first != null) {
      watch.take(first);
      watch.throughVersion =
          first.getChangesCount() == 0
              ? first.getThroughVersion()
              : Math.max(afterVersion, first.getChanges(0).getVersion() - 1);
    }
    return watch;
  }

  private void take(WatchResponse message) {
    changes = message.getChangesList().iterator();
    through = message.getThroughVersion();
    markDue = true;
  }

  /**
   * Whether there is another event; waits until that is known.
   *
   * @return false if the watch was closed; else true
   * @throws HistoryGoneException if it cannot go on without a gap
   * @throws DistKvException if it has ended for another reason, or no node has served it for as
   *     long as its patience lasts
   */
  @Override
  public boolean hasNext() {
    while (next == null) {
      if (changes.hasNext()) {
        io.distkv.api.v1.Change change = changes.next();
        if (position.give(change)) {
          next = meaning.change(change);
        }
      } else if (markDue) {
        markDue = false;
        next = new Progress<>(through);
      } else {
        WatchResponse message = stream.next();
        if (message == null) {
          return false;
        }
        take(message);
      }
    }
    return true;
  }

  /**
   * The next event; waits until it is there.
   *
   * @return a change, or how far everything has been told
   * @throws NoSuchElementException if the watch was closed
   * @throws HistoryGoneException if it cannot go on without a gap
   * @throws DistKvException if it has ended for another reason
   */
  @Override
  public WatchEvent<K, V> next() {
    WatchEvent<K, V> event = hasNext() ? next : null;
    if (event == null) {
      throw new NoSuchElementException("the watch was closed");
    }
    next = null;
    if (event instanceof Progress<K, V>(long version)) {
      throughVersion = version;
    }
    return event;
  }

  /**
   * Everything up to this version has been given, or came before the watch began: another watch
   * behind it tells all that this one has not, and perhaps the last few changes again.
   *
   * @return that of the last mark of progress, or of the beginning; without a sign
   */
  public long throughVersion() {
    return throughVersion;
  }

  /**
   * The changes alone, as a stream without end, whose closing closes the watch.
   *
   * @return a sequential, ordered stream
   */
  public Stream<Change<K, V>> changes() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .<Change<K, V>>mapMulti((event, changed) -> {
          if (event instanceof Change<K, V> change) {
            changed.accept(change);
          }
        })
        .onClose(this::close);
  }

  /** Ends the watch, also while another thread waits for its next event. */
  @Override
  public void close() {
    stream.close();
  }
}
