package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import java.util.Locale;

/**
 * What went wrong, as clients are told (RFC 9457), and the one place that maps an {@link ErrorCode}
 * to a status of HTTP.
 *
 * @param status of the answer
 * @param code one of the codes that every front end uses
 * @param title the same for every problem of this kind
 * @param detail what is wrong with this request
 * @param headers that the answer has on top
 */
public record Problem(
    Status status, ErrorCode code, String title, String detail, List<Header> headers) {
  static final String MEDIA_TYPE = "application/problem+json";

  private static final Header RETRY_AFTER = HeaderValues.create(HeaderNames.RETRY_AFTER, "1");

  /** A problem whose status follows from its code. */
  public static Problem of(ErrorCode code, String detail) {
    return new Problem(
        status(code),
        code,
        title(code),
        detail,
        code == ErrorCode.OVERLOADED ? List.of(RETRY_AFTER) : List.of());
  }

  /** A problem with a status of its own, since it is one of HTTP and of no command. */
  static Problem of(Status status, ErrorCode code, String detail, Header... headers) {
    return new Problem(status, code, status.reasonPhrase(), detail, List.of(headers));
  }

  /** The node serves no data now: it starts, stops or has failed. */
  static Problem unavailable(String detail) {
    return of(Status.SERVICE_UNAVAILABLE_503, ErrorCode.OVERLOADED, detail, RETRY_AFTER);
  }

  /** What a client is told of a defect. */
  static Problem defect() {
    return of(ErrorCode.INTERNAL, "a defect of the node; its log has the details");
  }

  private static Status status(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> Status.BAD_REQUEST_400;
      case UNAUTHENTICATED -> Status.UNAUTHORIZED_401;
      case PERMISSION_DENIED, READ_ONLY -> Status.FORBIDDEN_403;
      case NOT_FOUND -> Status.NOT_FOUND_404;
      case HISTORY_GONE -> Status.GONE_410;
      case VERSION_MISMATCH -> Status.PRECONDITION_FAILED_412;
      case TOO_LARGE -> Status.REQUEST_ENTITY_TOO_LARGE_413;
      // Not 429: the node is full, whoever asks.
      case OVERLOADED, NO_QUORUM, NOT_LEADER, STALE_TOPOLOGY -> Status.SERVICE_UNAVAILABLE_503;
      case TIMEOUT -> Status.GATEWAY_TIMEOUT_504;
      case DISK_FULL -> INSUFFICIENT_STORAGE;
      case CORRUPTION, INTERNAL -> Status.INTERNAL_SERVER_ERROR_500;
    };
  }

  private static final Status INSUFFICIENT_STORAGE = Status.create(507, "Insufficient Storage");

  private static String title(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> "The request is wrong";
      case UNAUTHENTICATED -> "Nobody knows who asks";
      case PERMISSION_DENIED -> "This is not allowed";
      case READ_ONLY -> "No writes are taken";
      case NOT_FOUND -> "There is no such thing";
      case HISTORY_GONE -> "Nothing is known any more of a time so long ago";
      case VERSION_MISMATCH -> "A condition did not hold";
      case TOO_LARGE -> "Too large";
      case OVERLOADED -> "The node is overloaded";
      case NO_QUORUM -> "Too few replicas answered";
      case NOT_LEADER, STALE_TOPOLOGY -> "The cluster is changing";
      case TIMEOUT -> "The deadline passed; a write may have happened";
      case DISK_FULL -> "There is no room for more data";
      case CORRUPTION -> "Stored data is damaged";
      case INTERNAL -> "A defect of the node";
    };
  }

  /** The answer that tells it. */
  Answer answer() {
    JsonText json = new JsonText();
    json.object(() -> {
      json.field("type", "urn:distkv:problem:" + type());
      json.field("title", title);
      json.number("status", status.code());
      json.field("detail", detail);
      json.field("code", code.name());
    });
    Answer answer = Answer.of(status).body(MEDIA_TYPE, json.bytes());
    headers.forEach(answer::header);
    return answer;
  }

  /** Problems of one kind have one type: that of their code, but for those of HTTP itself. */
  private String type() {
    String name = status.equals(status(code)) ? code.name() : status.reasonPhrase();
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
  }
}
