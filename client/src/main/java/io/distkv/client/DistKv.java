package io.distkv.client;

import io.distkv.api.v1.NodeInformationRequest;
import io.distkv.api.v1.NodeInformationResponse;
import io.distkv.api.v1.NodesGrpc;
import io.distkv.client.codec.Codec;
import io.distkv.client.codec.Codecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client of DistKV: connections to some nodes, and what bounds and watches over them. One is
 * enough for a program, and for all its threads.
 *
 * <pre>{@code
 * try (DistKv client = DistKv.connect("127.0.0.1:7379")) {
 *   Keyspace<String, String> greetings = client.keyspace("default");
 *   greetings.put("en", "hello");
 * }
 * }</pre>
 */
public final class DistKv implements AutoCloseable {
  private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Engine engine;

  DistKv(ClientOptions options) {
    engine = new Engine(options, Timer.start());
    engine.connections().open();
  }

  /**
   * A client with all options as they are by default. Does not wait for a connection: the first
   * operation does, and tells if there is none.
   *
   * @param addresses of nodes, as host:port; port 7379 if it is left out
   * @return the client, which is to be closed
   * @throws IllegalArgumentException if there is no address, or one that is none
   */
  public static DistKv connect(String... addresses) {
    return builder().addresses(addresses).connect();
  }

  /**
   * A client with options.
   *
   * @return what takes them
   */
  public static DistKvBuilder builder() {
    return new DistKvBuilder();
  }

  /**
   * A keyspace whose keys and values are text, in UTF-8.
   *
   * @param name of the keyspace; whether it exists is found out by the first operation
   * @return a handle
   */
  public Keyspace<String, String> keyspace(String name) {
    return keyspace(name, Codecs.utf8(), Codecs.utf8());
  }

  /**
   * A keyspace whose keys and values are of classes that the client has codecs for: String (UTF-8),
   * byte[] (as they are), Long (in decimal), and those of {@link DistKvBuilder#codec}.
   *
   * @param name of the keyspace; whether it exists is found out by the first operation
   * @param keys class of the keys
   * @param values class of the values
   * @param <K> type of keys
   * @param <V> type of values
   * @return a handle
   * @throws IllegalArgumentException if there is no codec for one of the classes
   */
  public <K, V> Keyspace<K, V> keyspace(String name, Class<K> keys, Class<V> values) {
    return keyspace(name, codec(keys), codec(values));
  }

  /**
   * A keyspace whose keys and values are read and written by codecs.
   *
   * @param name of the keyspace; whether it exists is found out by the first operation
   * @param keys codec of the keys
   * @param values codec of the values
   * @param <K> type of keys
   * @param <V> type of values
   * @return a handle
   */
  public <K, V> Keyspace<K, V> keyspace(String name, Codec<K> keys, Codec<V> values) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a keyspace has a name");
    }
    return new Keyspace<>(
        new KeyspaceCalls<>(
            engine, new Messages<>(name, keys, values), engine.options().deadline().toNanos()));
  }

  /**
   * Which keyspaces there are: to create, change, drop, list and describe them.
   *
   * @return a handle
   */
  public Keyspaces keyspaces() {
    return new Keyspaces(new KeyspacesCalls(engine, engine.options().deadline().toNanos()));
  }

  @SuppressWarnings("unchecked")
  private <T> Codec<T> codec(Class<T> type) {
    Map<Class<?>, Codec<?>> codecs = engine.options().codecs();
    Codec<?> codec = codecs.get(type);
    if (codec == null) {
      throw new IllegalArgumentException(
          "there is no codec for " + type.getName() + "; DistKvBuilder.codec takes one");
    }
    // The builder has put it there for just this class.
    return (Codec<T>) codec;
  }

  /**
   * How one of the nodes is doing: the one that is asked, of those that are up.
   *
   * @param sections names of those that are wanted, such as server or memory, or all; none for
   *     those that a node tells unasked
   * @return what it tells
   * @throws DistKvException if it does not come
   */
  public NodeInformation information(String... sections) {
    NodeInformationRequest request =
        NodeInformationRequest.newBuilder().addAllSections(List.of(sections)).build();
    UnaryCall<NodeInformationRequest, NodeInformationResponse> call =
        new UnaryCall<>(
            "information",
            "",
            RetryTable.Kind.READ,
            request.getSerializedSize(),
            NodesGrpc.getNodeInformationMethod(),
            request);
    long timeoutNanos = engine.options().deadline().toNanos();
    return new Pending<>(Execution.start(engine, call, timeoutNanos), NodeInformation::of).await();
  }

  /**
   * How the connections are.
   *
   * @return as of now
   */
  public Health health() {
    return engine.connections().health();
  }

  /**
   * Takes no new operations, waits up to ten seconds for those under way, and breaks off the rest:
   * their callers are told. Closing twice does nothing more.
   */
  @Override
  public void close() {
    engine.close(CLOSE_WAIT_NANOS);
  }

  /**
   * Closes the client as {@link #close()} does, with another patience for what is under way.
   *
   * @param patience how long it waits at most; nothing breaks everything off at once
   */
  public void close(Duration patience) {
    engine.close(patience.toNanos());
  }
}
