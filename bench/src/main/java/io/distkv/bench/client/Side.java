package io.distkv.bench.client;

import io.distkv.client.Batching;
import java.util.concurrent.ForkJoinPool;

/** What is measured; each with something to compare it with. */
enum Side {
  POOL_ECHO_GET("echo in threads of a pool: Get, gRPC alone", Before.POOLED_ECHO),
  ECHO_GET("echo: Get, gRPC alone", Before.ECHO),
  NODE_GET("node: Get, gRPC alone", Before.NODE),
  OTHER_GET("other node: Get, gRPC alone", Before.OTHER_NODE),
  POOL_ECHO_PUT("echo in threads of a pool: Put, gRPC alone", Before.POOLED_ECHO),
  ECHO_PUT("echo: Put, gRPC alone", Before.ECHO),
  NODE_PUT("node: Put, gRPC alone", Before.NODE),
  OTHER_PUT("other node: Put, gRPC alone", Before.OTHER_NODE),
  UNARY_PUT("client: put, batching off", Before.NODE),
  SHARED_PUT("client: put", Before.NODE),
  SHARED_PUT_POOL("client: put, completed by the common pool", Before.NODE),
  SHARED_PUT_DIRECT("client: put, completed on the event loop", Before.NODE),
  UNARY_GET("client: get, batching off", Before.NODE),
  SHARED_GET("client: get", Before.NODE);

  /** The server that answers: one of two nodes, or one of the two of {@link EchoServer}. */
  enum Before {
    ECHO,
    POOLED_ECHO,
    NODE,
    OTHER_NODE
  }

  private final String title;
  private final Before before;

  Side(String title, Before before) {
    this.title = title;
    this.before = before;
  }

  String title() {
    return title;
  }

  Before before() {
    return before;
  }

  Contender connect(String address, Work work) {
    return switch (this) {
      case POOL_ECHO_GET, ECHO_GET, NODE_GET, OTHER_GET -> new StubContender(address, work, true);
      case POOL_ECHO_PUT, ECHO_PUT, NODE_PUT, OTHER_PUT -> new StubContender(address, work, false);
      case UNARY_PUT -> ClientContender.puts(address, work, Batching.OFF, null);
      case SHARED_PUT -> ClientContender.puts(address, work, Batching.DEFAULT, null);
      case SHARED_PUT_POOL ->
          ClientContender.puts(address, work, Batching.DEFAULT, ForkJoinPool.commonPool());
      case SHARED_PUT_DIRECT ->
          ClientContender.puts(address, work, Batching.DEFAULT, Runnable::run);
      case UNARY_GET -> ClientContender.gets(address, work, Batching.OFF);
      case SHARED_GET -> ClientContender.gets(address, work, Batching.DEFAULT);
    };
  }
}
