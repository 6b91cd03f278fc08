package io.distkv.bench.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One way to ask for an operation. */
interface Contender extends AutoCloseable {

  /**
   * Begins one.
   *
   * @param done told of its end, on any thread: null, or what went wrong
   */
  void begin(Consumer<@Nullable Throwable> done);

  @Override
  void close();
}
