package io.distkv.server.http.exchange;

/**
 * What body the requests of a route have.
 *
 * @param mostBytes how large it may be, as it comes and when it is decompressed
 */
public record BodyRule(Form form, int mostBytes) {
  /** The request has no body. */
  public static final BodyRule NONE = new BodyRule(Form.NONE, 0);

  /** A JSON text takes several times its own size while it is read. */
  private static final int JSON_WEIGHT = 4;

  /** What a body is. */
  public enum Form {
    NONE,
    /** Any bytes of any media type, or none. */
    BYTES,
    /** A JSON text, and it must say so: no web page can make a browser send one unasked. */
    JSON
  }

  public static BodyRule bytes(int mostBytes) {
    return new BodyRule(Form.BYTES, mostBytes);
  }

  public static BodyRule json(int mostBytes) {
    return new BodyRule(Form.JSON, mostBytes);
  }

  /** What a body of so many bytes takes of the memory for bodies. */
  long memoryBytes(long bodyBytes) {
    return form == Form.JSON ? bodyBytes * JSON_WEIGHT : bodyBytes;
  }
}
