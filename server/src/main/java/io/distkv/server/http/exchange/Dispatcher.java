package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.connection.ClientConnection;
import io.distkv.server.trace.RequestTrace;
import io.distkv.server.trace.Tracing;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request from its head to its answer: finds its route, lets it in, reads its body, has
 * it handled, and sends what comes of it. Whatever goes wrong becomes a problem here.
 *
 * <p>A connection on which something of a request was left unread is closed: what follows there is
 * no request.
 */
public final class Dispatcher implements Filter {
  private static final Header NO_SNIFFING =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");

  /** Larger bodies of answers go in pieces. */
  private static final int PIECE_BYTES = 64 * 1024;

  /** What is still read of a request that was refused, so that its client sees why. */
  public static final int MOST_DRAINED_BYTES = 4 * 1024 * 1024;

  private final Routes routes;
  private final Gate gate;
  private final BodyMemory memory;
  private final Bodies bodies;
  private final Cors cors;
  private final RouteMetrics metrics;
  private final Tracing tracing;
  private final Consumer<Throwable> defects;

  /**
   * @param mostPayloadBytes of one chunk of a body, which is in memory before anybody sees it
   * @param memoryTimeoutNanos how long a request waits for memory
   * @param tracing follows requests for data
   * @param defects told of what nobody expected
   */
  public Dispatcher(
      Routes routes,
      Gate gate,
      BodyMemory memory,
      int mostPayloadBytes,
      long memoryTimeoutNanos,
      Cors cors,
      RouteMetrics metrics,
      Tracing tracing,
      Consumer<Throwable> defects) {
    this.routes = routes;
    this.gate = gate;
    this.memory = memory;
    bodies = new Bodies(memory, mostPayloadBytes, memoryTimeoutNanos);
    this.cors = cors;
    this.metrics = metrics;
    this.tracing = tracing;
    this.defects = defects;
  }

  /** What is known of a request while it is served. */
  private static final class Course {
    @Nullable Route route;
    boolean inside;
    @Nullable RequestTrace trace;

    /** The request has its answer; those that nobody asked data of are not told of. */
    void ended(int status) {
      if (trace != null && route != null && route.kind() == Route.Kind.DATA) {
        trace.end(route.method() + " " + route.template(), String.valueOf(status), status >= 500);
      }
    }
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long begin = System.nanoTime();
    ClientConnection connection = ClientConnection.current();
    connection.headRead();
    Exchange exchange = new Exchange(request, connection);
    Course course = new Course();
    course.trace = tracing.begin("http", name -> firstHeader(request, name));
    if (course.trace != null) {
      exchange.traced(course.trace);
    }
    try {
      Answer answer = answer(exchange, course);
      cors.describe(exchange, answer);
      send(exchange, answer, response);
      metrics.count(course.route, answer.status().code(), System.nanoTime() - begin);
      course.ended(answer.status().code());
    } catch (ServerConnectionException e) {
      throw new CloseConnectionException("the client is gone", e);
    } finally {
      exchange.end(memory);
      if (course.inside) {
        gate.leave();
      }
      connection.answered();
    }
    if (!exchange.isRead()) {
      drain(exchange);
      throw new CloseConnectionException("something of the request was not read");
    }
    if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the client wants no more");
    }
  }

  private static @Nullable String firstHeader(RoutingRequest request, String name) {
    return request.headers().first(HeaderNames.create(name)).orElse(null);
  }

  private Answer answer(Exchange exchange, Course course) {
    try {
      return handle(exchange, course);
    } catch (ProblemException e) {
      return e.problem().answer();
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      defects.accept(e);
      return Problem.defect().answer();
    }
  }

  private Answer handle(Exchange exchange, Course course) {
    Routes.Template template = routes.find(exchange.parsePath());
    if (template == null) {
      throw ProblemException.of(
          Status.NOT_FOUND_404, ErrorCode.INVALID_ARGUMENT, "there is no such path here");
    }
    exchange.matched(template);
    cors.check(exchange);
    if (exchange.method().equals("OPTIONS")) {
      return cors.options(exchange, template);
    }
    Route route = template.byMethod().get(exchange.method());
    if (route == null) {
      throw ProblemException.of(
          Status.METHOD_NOT_ALLOWED_405,
          ErrorCode.INVALID_ARGUMENT,
          "this path takes " + template.allowed(),
          HeaderValues.create(HeaderNames.ALLOW, template.allowed()));
    }
    course.route = route;
    if (route.kind() == Route.Kind.DATA) {
      gate.enter();
      course.inside = true;
    }
    bodies.read(exchange, route.body());
    return route.handler().handle(exchange);
  }

  private void send(Exchange exchange, Answer answer, RoutingResponse response) {
    byte[] array = answer.array();
    int offset = answer.offset();
    int length = answer.length();
    response.status(answer.status());
    for (Header header : answer.headers()) {
      response.headers().add(header);
    }
    response.header(NO_SNIFFING);
    if (!exchange.isRead()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (answer.mayBeCompressed() && length >= Gzip.LEAST_BYTES) {
      response.headers().add(HeaderValues.create(HeaderNames.VARY, "Accept-Encoding"));
      if (Gzip.isAccepted(exchange.headers(HeaderNames.ACCEPT_ENCODING))) {
        array = Gzip.compress(array, offset, length);
        offset = 0;
        length = array.length;
        response.header(HeaderValues.create(HeaderNames.CONTENT_ENCODING, "gzip"));
      }
    }
    exchange.connection().due(length);
    if (exchange.isHead()) {
      if (length > 0) {
        response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length));
      }
      response.send();
    } else if (length == 0) {
      response.send();
    } else if (length <= PIECE_BYTES) {
      response.send(array, offset, length);
    } else {
      sendInPieces(response, array, offset, length);
    }
    exchange.connection().done();
  }

  /** Without another copy of the whole. */
  private static void sendInPieces(RoutingResponse response, byte[] array, int offset, int length) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length));
    try (OutputStream out = response.outputStream()) {
      for (int at = 0; at < length; at += PIECE_BYTES) {
        out.write(array, offset + at, Math.min(PIECE_BYTES, length - at));
      }
    } catch (IOException e) {
      throw new ServerConnectionException("the client takes no more", e);
    }
    response.commit();
  }

  /**
   * Reads on for a while: were the connection closed while its client still sends, the system would
   * throw away what it was told. Not of bodies in chunks, each of which would be in memory.
   */
  private static void drain(Exchange exchange) {
    long announced = exchange.request().headers().contentLength().orElse(-1);
    boolean notSent =
        exchange.request().headers().containsToken(HeaderValues.EXPECT_100)
            && !exchange.request().continueSent();
    if (announced < 0 || notSent) {
      return;
    }
    exchange.connection().due(0);
    try (InputStream in = exchange.request().content().inputStream()) {
      long left = Math.min(announced, MOST_DRAINED_BYTES);
      byte[] part = new byte[8 * 1024];
      while (left > 0) {
        int count = in.read(part);
        if (count < 0) {
          break;
        }
        left -= count;
      }
    } catch (IOException | RuntimeException e) {
      // It was a favour.
    } finally {
      exchange.connection().done();
    }
  }
}
