package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Clients that each count up keys of their own until their server is killed, and remember how far
 * they were acknowledged.
 */
final class KilledWriters {
  private final long[] acknowledged;

  KilledWriters(int count) {
    acknowledged = new long[count];
  }

  long acknowledged() {
    long sum = 0;
    for (long count : acknowledged) {
      sum += count;
    }
    return sum;
  }

  /** Writes from all clients, and kills the node after so many acknowledgements. */
  void writeUntilKilled(NodeProcess node, int writes) throws InterruptedException {
    AtomicLong left = new AtomicLong(writes);
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < acknowledged.length; writer++) {
      int number = writer;
      threads.add(Thread.startVirtualThread(() -> write(number, node.respPort(), left)));
    }
    while (left.get() > 0) {
      Thread.onSpinWait();
    }
    node.kill();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void write(int writer, int port, AtomicLong left) {
    try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
      while (true) {
        long next = acknowledged[writer] + 1;
        client.set(key(writer, next), value(next));
        acknowledged[writer] = next;
        left.decrementAndGet();
      }
    } catch (JedisConnectionException e) {
      // The node was killed, as it should be.
      assertThat(left.get()).as(e.toString()).isLessThanOrEqualTo(0);
    }
  }

  /** Every acknowledged write is there, and whole. */
  void check(int port) {
    try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
      for (int writer = 0; writer < acknowledged.length; writer++) {
        for (long i = 1; i <= acknowledged[writer]; i++) {
          assertThat(client.get(key(writer, i)))
              .as("writer %d, key %d", writer, i)
              .isEqualTo(value(i));
        }
      }
    }
  }

  private static String key(int writer, long number) {
    return "writer" + writer + ":" + number;
  }

  private static String value(long number) {
    return ("value" + number + ";").repeat(10);
  }
}
