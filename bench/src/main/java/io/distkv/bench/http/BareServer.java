package io.distkv.bench.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import java.net.InetAddress;

/** Answers every GET of one path with the same bytes: what the HTTP server costs by itself. */
final class BareServer {
  private BareServer() {}

  /** Takes the path and the number of bytes; says where it listens. */
  public static void main(String... args) {
    byte[] value = new byte[Integer.parseInt(args[1])];
    WebServer server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .routing(routing ->
                routing.get(
                    args[0],
                    (_, response) ->
                        response
                            .header(
                                HeaderValues.create(
                                    HeaderNames.CONTENT_TYPE, "application/octet-stream"))
                            .send(value)))
            .build()
            .start();
    System.out.println("ready http=127.0.0.1:" + server.port());
  }
}
