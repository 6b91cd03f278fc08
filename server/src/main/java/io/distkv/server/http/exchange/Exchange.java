package io.distkv.server.http.exchange;

import io.distkv.node.session.Follower;
import io.distkv.server.http.connection.ClientConnection;
import io.distkv.server.trace.RequestTrace;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as its route's handler sees it. On the request's own thread. */
public final class Exchange {
  private static final byte[] NOTHING = {};

  private final ServerRequest request;
  private final ClientConnection connection;
  private final HttpPrologue prologue;
  private List<String> path = List.of();
  private Routes.@Nullable Template template;
  private byte[] body = NOTHING;
  private BodyMemory.@Nullable Share memory;
  private long countedAnswerBytes;
  private boolean bodyRead;
  private @Nullable RequestTrace trace;

  Exchange(ServerRequest request, ClientConnection connection) {
    this.request = request;
    this.connection = connection;
    prologue = request.prologue();
    bodyRead = !announcesBody();
  }

  private boolean announcesBody() {
    ServerRequestHeaders headers = request.headers();
    return headers.contains(HeaderNames.TRANSFER_ENCODING) || headers.contentLength().orElse(0) > 0;
  }

  /** The request is traced. */
  void traced(RequestTrace by) {
    trace = by;
  }

  /** Who follows the request; null if nobody does. */
  public @Nullable Follower follower() {
    return trace;
  }

  ServerRequest request() {
    return request;
  }

  /** The connection on which it came. */
  public ClientConnection connection() {
    return connection;
  }

  /** The method, in capitals as it came. */
  public String method() {
    return prologue.method().text();
  }

  boolean isHead() {
    return method().equals("HEAD");
  }

  /** Cuts the path into its segments. */
  List<String> parsePath() {
    if (prologue.fragment().hasValue()) {
      throw ProblemException.invalid("a request has no fragment (#)");
    }
    path = RequestPath.segments(prologue.uriPath().rawPath());
    return path;
  }

  void matched(Routes.Template by) {
    template = by;
  }

  private String raw(String variable) {
    Routes.Template matched = template;
    if (matched == null) {
      throw new IllegalStateException("no route yet");
    }
    return path.get(matched.indexOf(variable));
  }

  /** The text that a variable segment of the path stands for. */
  public String text(String variable) {
    return PercentCoding.text(raw(variable), variable);
  }

  /** The bytes that a variable segment of the path stands for. */
  public byte[] bytes(String variable, KeyEncoding encoding) {
    return encoding.decode(raw(variable), variable);
  }

  /** The query, which has no names but these. */
  public Query query(String... known) {
    return Query.parse(prologue.query().rawValue(), Arrays.asList(known));
  }

  /** The value of a header that may come once; null if it did not. */
  public @Nullable String header(HeaderName name) {
    List<String> values = headers(name);
    if (values.size() > 1) {
      throw ProblemException.invalid(name.defaultCase() + " is said more than once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** All values of a header, in their order. */
  public List<String> headers(HeaderName name) {
    ServerRequestHeaders headers = request.headers();
    return headers.contains(name) ? headers.all(name, List::of) : List.of();
  }

  /** The body, decompressed; none if the route takes none. */
  public byte[] body() {
    return body;
  }

  void body(byte[] bytes, BodyMemory.Share share) {
    body = bytes;
    memory = share;
    bodyRead = true;
  }

  /** Whether nothing of the request is left on the connection. */
  boolean isRead() {
    return bodyRead;
  }

  /** The answer is counted, to be given back when it is sent. */
  public void counted(long answerBytes) {
    countedAnswerBytes += answerBytes;
  }

  /** The body is no longer needed by this request. */
  public void forgetBody() {
    body = NOTHING;
  }

  void end(BodyMemory memories) {
    memories.removeAnswer(countedAnswerBytes);
    countedAnswerBytes = 0;
    Optional.ofNullable(memory).ifPresent(BodyMemory.Share::release);
    memory = null;
  }
}
