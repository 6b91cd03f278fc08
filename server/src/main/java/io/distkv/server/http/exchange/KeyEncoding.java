package io.distkv.server.http.exchange;

import java.util.Base64;

/** How the bytes of a key are written in a path or query. */
public enum KeyEncoding {
  /** Each byte as its character, or as an escape. */
  PERCENT {
    @Override
    public byte[] decode(String part, String what) {
      return PercentCoding.bytes(part, what);
    }
  },

  /** In base64, which survives whatever stands between client and node. */
  BASE64URL {
    @Override
    public byte[] decode(String part, String what) {
      return base64(PercentCoding.text(part, what), what);
    }
  };

  /** The bytes that a part of a request line stands for. */
  public abstract byte[] decode(String part, String what);

  /**
   * The bytes of a text in base64: of either alphabet, with or without padding at its end.
   *
   * @param what it is, for the error
   */
  public static byte[] base64(String text, String what) {
    try {
      return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(what + " is no base64");
    }
  }
}
