package io.distkv.bench.client;

import io.distkv.client.Batching;
import java.util.concurrent.ForkJoinPool;

/** What is measured; each with something to compare it with. */
enum Side {
  ECHO_GET("echo: Get, gRPC alone", true),
  NODE_GET("node: Get, gRPC alone", false),
  ECHO_PUT("echo: Put, gRPC alone", true),
  NODE_PUT("node: Put, gRPC alone", false),
  UNARY_PUT("client: put, batching off", false),
  SHARED_PUT("client: put", false),
  SHARED_PUT_POOL("client: put, completed by the common pool", false),
  SHARED_PUT_DIRECT("client: put, completed on the event loop", false),
  UNARY_GET("client: get, batching off", false),
  SHARED_GET("client: get", false);

  private final String title;
  private final boolean ofEcho;

  Side(String title, boolean ofEcho) {
    this.title = title;
    this.ofEcho = ofEcho;
  }

  String title() {
    return title;
  }

  /** Whether it is measured before the bare server, not before a node. */
  boolean isOfEcho() {
    return ofEcho;
  }

  Contender connect(String address, Work work) {
    return switch (this) {
      case ECHO_GET, NODE_GET -> new StubContender(address, work, true);
      case ECHO_PUT, NODE_PUT -> new StubContender(address, work, false);
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
