package io.distkv.kvctl;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvBuilder;
import io.distkv.client.RetryPolicy;
import io.distkv.kvctl.wire.Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The Java clients of a command, or of all commands of a shell: one for each node and patience,
 * opened when it is first wanted.
 */
public final class Clients implements AutoCloseable {
  /** The longest that the client waits for. */
  private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);

  /** Enough for a node that is overloaded for a moment; who finds nobody there must not wait. */
  private static final int ATTEMPTS = 3;

  /** Made when a client is; held, since a logger that nobody holds forgets its level. */
  private static final class Grpc {
    static final Logger LOGGER = Logger.getLogger("io.grpc");
  }

  private record Wanted(Address address, Duration timeout) {}

  private final Map<Wanted, DistKv> open = new HashMap<>();

  DistKv of(Address address, Duration timeout) {
    return open.computeIfAbsent(
        new Wanted(address, timeout), _ -> builder(address, timeout).connect());
  }

  /** A client with the options that all of kvctl's have. */
  public static DistKvBuilder builder(Address address, Duration timeout) {
    // What a command fails with says all that a user can use; a log line of grpc's says it again.
    Grpc.LOGGER.setLevel(Level.OFF);
    return DistKv.builder()
        .addresses(address.hostAndPort())
        .deadline(timeout.compareTo(LONGEST_DEADLINE) < 0 ? timeout : LONGEST_DEADLINE)
        .retries(RetryPolicy.DEFAULT.withAttempts(ATTEMPTS));
  }

  /** What is still under way belongs to a command that was stopped. */
  @Override
  public void close() {
    open.values().forEach(client -> client.close(Duration.ZERO));
    open.clear();
  }
}
