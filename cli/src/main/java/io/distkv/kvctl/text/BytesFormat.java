package io.distkv.kvctl.text;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.util.Base64;
import java.util.HexFormat;

/** The ways in which a user may write exact bytes on the command line. */
public enum BytesFormat {
  /** The argument's own bytes. */
  text {
    @Override
    byte[] read(String carried) {
      return Bytes.uncarry(carried);
    }
  },
  /** Text with {@code \n \t \r \\} and {@code \xNN}, as {@code kvctl scan} prints keys. */
  escaped {
    @Override
    byte[] read(String carried) {
      return Bytes.unescape(carried);
    }
  },
  /** Pairs of hexadecimal digits. */
  hex {
    @Override
    byte[] read(String carried) {
      return HexFormat.of().parseHex(carried);
    }
  },
  /** Base64 of RFC 4648, with or without padding. */
  base64 {
    @Override
    byte[] read(String carried) {
      return Base64.getDecoder().decode(carried);
    }
  };

  abstract byte[] read(String carried);

  /**
   * The bytes that an argument means.
   *
   * @param what what the argument is, for the message of a failure
   */
  public byte[] parse(String what, String carried) {
    try {
      return read(carried);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          ExitCode.USAGE,
          "%s '%s' is not %s: %s"
              .formatted(what, Bytes.escape(Bytes.uncarry(carried)), this, e.getMessage()),
          e);
    }
  }
}
