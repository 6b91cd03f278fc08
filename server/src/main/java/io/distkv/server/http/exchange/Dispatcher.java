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
import java.io.UncheckedIOException;
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
  private final Gates gates;
  private final BodyMemory memory;
  private final Bodies bodies;
  private final Hosts hosts;
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
      Gates gates,
      BodyMemory memory,
      int mostPayloadBytes,
      long memoryTimeoutNanos,
      Hosts hosts,
      Cors cors,
      RouteMetrics metrics,
      Tracing tracing,
      Consumer<Throwable> defects) {
    this.routes = routes;
    this.gates = gates;
    this.memory = memory;
    bodies = new Bodies(memory, mostPayloadBytes, memoryTimeoutNanos);
    this.hosts = hosts;
    this.cors = cors;
    this.metrics = metrics;
    this.tracing = tracing;
    this.defects = defects;
  }

  /** What is known of a request while it is served. */
  private static final class Course {
    @Nullable Route route;
    @Nullable Gate inside;
    @Nullable RequestTrace trace;
    @Nullable EventSource events;

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
      EventSource events = answer.events();
      course.events = events;
      cors.describe(exchange, answer);
      if (events == null) {
        send(exchange, answer, response);
      }
      metrics.count(course.route, answer.status().code(), System.nanoTime() - begin);
      course.ended(answer.status().code());
      if (events != null) {
        stream(exchange, answer, events, response);
      }
    } catch (ServerConnectionException e) {
      throw new CloseConnectionException("the client is gone", e);
    } finally {
      if (course.events != null) {
        course.events.close();
      }
      exchange.end(memory);
      if (course.inside != null) {
        course.inside.leave();
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
    hosts.check(exchange);
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
    Gate gate =
        switch (route.kind()) {
          case PROCESS -> null;
          case DATA -> gates.data();
          case STREAM -> gates.streams();
        };
    if (gate != null) {
      gate.enter();
      course.inside = gate;
    }
    bodies.read(exchange, route.body());
    return route.handler().handle(exchange);
  }

  /**
   * A connection that carried events carries nothing else: its client ends it, or its stream does.
   */
  private static void stream(
      Exchange exchange, Answer answer, EventSource events, RoutingResponse response) {
    ClientConnection connection = exchange.connection();
    response.status(answer.status());
    answer.headers().forEach(response.headers()::add);
    response.header(NO_SNIFFING);
    response.header(HeaderValues.CONNECTION_CLOSE);
    try (OutputStream out = response.outputStream()) {
      events.writeTo(
          new EventOutput(
              (bytes, count) -> sendNow(connection, out, bytes, count),
              System::nanoTime,
              connection.timeoutNanos()));
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client takes no more events", e);
    }
    response.commit();
    throw new CloseConnectionException("there are no more events");
  }

  private static void sendNow(
      ClientConnection connection, OutputStream out, byte[] bytes, int count) {
    connection.due(count);
    try {
      out.write(bytes, 0, count);
      out.flush();
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client takes no more events", e);
    }
    connection.done();
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
