package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.connection.ClientConnection;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;

/**
 * Tells problems that are found before there is a request to be dispatched: a line that is none, a
 * header that is none, a body that is far too large. Of the server's own text nothing is told,
 * since parts of it come from the client.
 */
public final class TransportProblems {
  /** What all headers of a request may have; the server gives up with an error of its own. */
  public static final int MOST_HEADER_BYTES = 16 * 1024;

  private static final Status HEADERS_TOO_LARGE =
      Status.create(431, "Request Header Fields Too Large");

  private TransportProblems() {}

  /** What a client is told whose request did not come in its time: head and body. */
  public static byte[] late() {
    Answer answer =
        Problem.of(
                Status.REQUEST_TIMEOUT_408,
                ErrorCode.TIMEOUT,
                "the request did not come whole in its time (http.timeout); nothing was done")
            .answer();
    String head =
        "HTTP/1.1 408 Request Timeout\r\nContent-Type: "
            + Problem.MEDIA_TYPE
            + "\r\nConnection: close\r\nContent-Length: "
            + answer.length()
            + "\r\n\r\n";
    return (head + new String(answer.array(), StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** For every kind of such problems. */
  public static DirectHandlers handlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, TransportProblems::tell);
    }
    return handlers.build();
  }

  private static TransportResponse tell(
      DirectHandler.TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // The server says only that something is wrong.
    boolean tooLarge =
        (status.code() == 400 || status.code() == 500)
            && ClientConnection.current().headBytes() - request.path().length() > MOST_HEADER_BYTES;
    Answer answer = problem(tooLarge ? HEADERS_TOO_LARGE : status).answer();
    ServerResponseHeaders all = ServerResponseHeaders.create();
    answer.headers().forEach(all::add);
    all.set(HeaderNames.CONTENT_LENGTH, String.valueOf(answer.length()));
    return TransportResponse.builder()
        .status(answer.status())
        .headers(all)
        .entity(answer.array())
        .keepAlive(false)
        .build();
  }

  private static Problem problem(Status status) {
    return switch (status.code()) {
      case 413 -> Problem.of(ErrorCode.TOO_LARGE, "the body is larger than any may be here");
      case 414 -> Problem.of(status, ErrorCode.TOO_LARGE, "the request line is too long");
      case 431 -> Problem.of(status, ErrorCode.TOO_LARGE, "the headers are too large");
      case 501 ->
          Problem.of(status, ErrorCode.INVALID_ARGUMENT, "Transfer-Encoding is chunked alone");
      case 503 -> Problem.unavailable("the node serves too many HTTP requests already");
      case 505 -> Problem.of(status, ErrorCode.INVALID_ARGUMENT, "requests are HTTP/1.1");
      // The server's own 500, too: it met a head that it could not make sense of.
      default ->
          Problem.of(
              status.code() < 500 ? status : Status.BAD_REQUEST_400,
              ErrorCode.INVALID_ARGUMENT,
              "this is no proper request of HTTP/1.1: its line, its headers, their length or the"
                  + " length of its body are wrong");
    };
  }
}
