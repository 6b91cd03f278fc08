package io.distkv.client;

import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The keys of a range, in order, one after the other. They are read as they are taken: little more
 * is kept here, and a node reads no further than that. If a connection breaks, the scan goes on
 * behind the last key that was given, with another one; each key comes once.
 *
 * <p>Used by one thread at a time; {@link #close} by any. To be closed, unless it is read to its
 * end or has thrown {@link DistKvException}. The client's deadline bounds the wait for the next
 * message of the node, not the whole scan.
 *
 * @param <T> what each key is given as
 */
public final class Scan<T> implements Iterator<T>, AutoCloseable {
  private final ResumingStream<ScanRequest, ScanResponse> messages;
  private final Function<io.distkv.api.v1.Entry, T> meaning;
  private List<io.distkv.api.v1.Entry> entries = List.of();
  private int next;

  Scan(
      ResumingStream<ScanRequest, ScanResponse> messages,
      Function<io.distkv.api.v1.Entry, T> meaning) {
    this.messages = messages;
    this.meaning = meaning;
  }

  /**
   * Whether there is another key; waits until that is known.
   *
   * @return false at the end of the range, or if the scan was closed
   * @throws DistKvException if the node does not answer, or with an error
   */
  @Override
  public boolean hasNext() {
    while (next == entries.size()) {
      ScanResponse message = messages.next();
      if (message == null) {
        return false;
      }
      entries = message.getEntriesList();
      next = 0;
    }
    return true;
  }

  /**
   * The next key; waits until it is there.
   *
   * @return the key, with what was asked for
   * @throws NoSuchElementException if there is none
   * @throws DistKvException if the node does not answer, or with an error
   */
  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the range is at its end");
    }
    return meaning.apply(entries.get(next++));
  }

  /**
   * The rest of the range as a stream, whose closing closes the scan.
   *
   * @return a sequential, ordered stream
   */
  public Stream<T> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  /** What the node has sent at once and was not given yet; waits for more if there is nothing. */
  List<T> page() {
    if (!hasNext()) {
      return List.of();
    }
    List<T> page = entries.subList(next, entries.size()).stream().map(meaning).toList();
    next = entries.size();
    return page;
  }

  /** Ends the scan, if it has not ended yet: the node stops reading. */
  @Override
  public void close() {
    messages.close();
  }
}
