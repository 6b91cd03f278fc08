package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.connection.ClientConnection;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads bodies of requests: none beyond its bound, none before there is memory for it, none for
 * longer than its time.
 *
 * <p>A body in chunks does not say how large it will be, and each chunk is in memory before it is
 * seen; so it takes the memory of the largest body that any route allows until it has come.
 */
final class Bodies {
  private final BodyMemory memory;
  private final int mostChunkBytes;
  private final long timeoutNanos;

  /**
   * @param mostChunkBytes of one chunk of a body, which is in memory before anybody sees it
   * @param timeoutNanos how long a request waits for memory
   */
  Bodies(BodyMemory memory, int mostChunkBytes, long timeoutNanos) {
    this.memory = memory;
    this.mostChunkBytes = mostChunkBytes;
    this.timeoutNanos = timeoutNanos;
  }

  /** Reads the body that the route takes, if there is one. */
  void read(Exchange exchange, BodyRule rule) {
    ServerRequestHeaders headers = exchange.request().headers();
    if (rule.form() == BodyRule.Form.JSON) {
      requireJson(headers);
    }
    if (exchange.isRead()) {
      return;
    }
    if (rule.form() == BodyRule.Form.NONE) {
      throw ProblemException.invalid("a request like this has no body");
    }
    boolean gzip = isGzip(headers);
    long announced = headers.contentLength().orElse(-1);
    if (announced > rule.mostBytes()) {
      throw tooLarge(rule);
    }
    try {
      BodyMemory.Share share = memory.take(neededBytes(rule, announced, gzip), timeoutNanos);
      boolean read = false;
      try {
        byte[] bytes = readWhole(exchange, rule, announced);
        byte[] plain = gzip ? inflate(bytes, rule) : bytes;
        share.shrink(rule.memoryBytes(plain.length));
        exchange.body(plain, share);
        read = true;
      } finally {
        if (!read) {
          share.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Problem.unavailable("the node stops"));
    } catch (IOException e) {
      throw new CloseConnectionException("the client stopped within a body", e);
    }
  }

  private long neededBytes(BodyRule rule, long announced, boolean gzip) {
    long most = announced < 0 || gzip ? rule.mostBytes() : announced;
    // What gathers a body whose size nobody knows grows by doubling.
    return rule.memoryBytes(most)
        + (announced < 0 ? mostChunkBytes + 2 * most : 0)
        + (gzip ? 2 * most : 0);
  }

  private static void requireJson(ServerRequestHeaders headers) {
    String type =
        headers.contains(HeaderNames.CONTENT_TYPE)
            ? headers.get(HeaderNames.CONTENT_TYPE).get().toLowerCase(Locale.ROOT).replace(" ", "")
            : "";
    boolean json =
        type.equals("application/json")
            || type.equals("application/json;charset=utf-8")
            || type.equals("application/json;charset=\"utf-8\"");
    if (!json) {
      throw ProblemException.of(
          Status.UNSUPPORTED_MEDIA_TYPE_415,
          ErrorCode.INVALID_ARGUMENT,
          "the body is JSON, and Content-Type must say so: application/json",
          HeaderValues.create(HeaderNames.ACCEPT, "application/json"));
    }
  }

  private static boolean isGzip(ServerRequestHeaders headers) {
    if (!headers.contains(HeaderNames.CONTENT_ENCODING)) {
      return false;
    }
    String encoding =
        String.join(",", headers.values(HeaderNames.CONTENT_ENCODING))
            .strip()
            .toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw ProblemException.of(
              Status.UNSUPPORTED_MEDIA_TYPE_415,
              ErrorCode.INVALID_ARGUMENT,
              "Content-Encoding is gzip or identity",
              HeaderValues.create(HeaderNames.ACCEPT_ENCODING, "gzip, identity"));
    };
  }

  private static byte[] readWhole(Exchange exchange, BodyRule rule, long announced)
      throws IOException {
    ClientConnection connection = exchange.connection();
    connection.dueToCome(announced < 0 ? rule.mostBytes() : announced);
    byte[] bytes = readFromConnection(exchange, rule, announced);
    if (bytes.length > rule.mostBytes()) {
      throw tooLarge(rule);
    }
    connection.come();
    return bytes;
  }

  /** Whatever the server finds wrong with what comes in is told as a problem. */
  private static byte[] readFromConnection(Exchange exchange, BodyRule rule, long announced)
      throws IOException {
    try {
      InputStream in = exchange.request().content().inputStream();
      byte[] bytes =
          announced < 0 ? readBounded(in, rule.mostBytes()) : in.readNBytes((int) announced);
      if (bytes.length < announced) {
        throw new CloseConnectionException("the client stopped within a body");
      }
      return bytes;
    } catch (CloseConnectionException e) {
      throw e;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the client stopped within a body", e);
    } catch (RequestException e) {
      throw e.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
          ? tooLarge(rule)
          : malformed();
    } catch (RuntimeException e) {
      throw malformed();
    }
  }

  private static ProblemException malformed() {
    return ProblemException.invalid("the chunks of the body are malformed");
  }

  /** All there is, or one byte more than allowed. */
  private static byte[] readBounded(InputStream in, int most) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 * 1024);
    byte[] part = new byte[8 * 1024];
    while (bytes.size() <= most) {
      int count = in.read(part, 0, (int) Math.min(part.length, most + 1L - bytes.size()));
      if (count < 0) {
        return bytes.toByteArray();
      }
      bytes.write(part, 0, count);
    }
    return bytes.toByteArray();
  }

  private static byte[] inflate(byte[] bytes, BodyRule rule) {
    byte[] plain;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), 8 * 1024)) {
      plain = readBounded(in, rule.mostBytes());
    } catch (IOException e) {
      throw ProblemException.invalid("the body is no gzip, though Content-Encoding says so");
    }
    if (plain.length > rule.mostBytes()) {
      throw tooLarge(rule);
    }
    return plain;
  }

  private static ProblemException tooLarge(BodyRule rule) {
    return ProblemException.of(
        ErrorCode.TOO_LARGE, "the body has more than " + rule.mostBytes() + " bytes");
  }
}
