package io.distkv.bench.client;

import io.distkv.client.AsyncKeyspace;
import io.distkv.client.Batching;
import io.distkv.client.DistKv;
import io.distkv.client.DistKvBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Java client, by its async face. */
final class ClientContender implements Contender {
  private final DistKv client;
  private final AsyncKeyspace<byte[], byte[]> keyspace;
  private final Function<AsyncKeyspace<byte[], byte[]>, CompletableFuture<?>> operation;

  private ClientContender(
      DistKv client, Function<AsyncKeyspace<byte[], byte[]>, CompletableFuture<?>> operation) {
    this.client = client;
    this.keyspace = client.keyspace("default", byte[].class, byte[].class).async();
    this.operation = operation;
  }

  /**
   * @param executor that completes futures; null for the client's own
   */
  static ClientContender puts(
      String address, Work work, Batching batching, @Nullable Executor executor) {
    DistKvBuilder builder = DistKv.builder().addresses(address).batching(batching);
    if (executor != null) {
      builder.executor(executor);
    }
    return new ClientContender(
        builder.connect(), keyspace -> keyspace.put(work.randomKey(), work.value()));
  }

  static ClientContender gets(String address, Work work, Batching batching) {
    DistKvBuilder builder = DistKv.builder().addresses(address).batching(batching);
    return new ClientContender(builder.connect(), keyspace -> keyspace.get(work.randomKey()));
  }

  @Override
  public void begin(Consumer<@Nullable Throwable> done) {
    var _ = operation.apply(keyspace).whenComplete((_, thrown) -> done.accept(thrown));
  }

  @Override
  public void close() {
    client.close();
  }
}
