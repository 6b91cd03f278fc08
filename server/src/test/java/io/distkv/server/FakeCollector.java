package io.distkv.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;

/** Takes traces by OTLP over HTTP, as a collector does. */
final class FakeCollector implements AutoCloseable {
  private final HttpServer server;
  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

  FakeCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    boolean packed =
        Objects.equals(exchange.getRequestHeaders().getFirst("Content-Encoding"), "gzip");
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = packed ? new GZIPInputStream(raw) : raw) {
      ExportTraceServiceRequest.parseFrom(body)
          .getResourceSpansList()
          .forEach(resource ->
              resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
    }
    byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.close();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Collection<Span> spans() {
    return spans;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
