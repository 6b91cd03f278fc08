package io.distkv.server.http.exchange;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
public final class Answer {
  private static final byte[] NOTHING = {};

  private final Status status;
  private final List<Header> headers = new ArrayList<>(6);
  private byte[] array = NOTHING;
  private int offset;
  private int length;
  private boolean mayBeCompressed;
  private @Nullable EventSource events;

  private Answer(Status status) {
    this.status = status;
  }

  /** An answer without a body. */
  public static Answer of(Status status) {
    return new Answer(status);
  }

  /** An answer that is a JSON text. */
  public static Answer json(JsonText text) {
    return json(Status.OK_200, text);
  }

  /** The same, with another status. */
  public static Answer json(Status status, JsonText text) {
    return of(status).body("application/json", text.bytes());
  }

  public Answer header(HeaderName name, String value) {
    return header(HeaderValues.create(name, value));
  }

  public Answer header(Header header) {
    headers.add(header);
    return this;
  }

  /** Text or JSON, which may go compressed. */
  public Answer body(String mediaType, byte[] bytes) {
    mayBeCompressed = true;
    return body(HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType), bytes, 0, bytes.length);
  }

  /** Bytes that nobody changes, which go as they are. */
  public Answer body(Header mediaType, byte[] bytes, int from, int count) {
    header(mediaType);
    array = bytes;
    offset = from;
    length = count;
    return this;
  }

  /** An answer that goes on: events, as they come, until there are no more or the client goes. */
  public static Answer events(EventSource events) {
    Answer answer =
        of(Status.OK_200)
            .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
            .header(HeaderNames.CACHE_CONTROL, "no-store");
    answer.events = events;
    return answer;
  }

  @Nullable EventSource events() {
    return events;
  }

  Status status() {
    return status;
  }

  List<Header> headers() {
    return headers;
  }

  byte[] array() {
    return array;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  boolean mayBeCompressed() {
    return mayBeCompressed;
  }
}
