package io.distkv.kvctl.wire;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All keys of a keyspace that match a glob, batch by batch, with the guarantees of SCAN: a key that
 * is there all along comes at least once; one that comes or goes meanwhile may or may not.
 */
public final class KeyScan {
  private static final byte[] COUNT = ascii("COUNT");
  private static final byte[] MATCH = ascii("MATCH");

  private final Wire wire;
  private final byte @Nullable [] glob;
  private final byte[] batch;
  private byte[] cursor = ascii("0");
  private boolean finished;

  /**
   * A scan from the beginning.
   *
   * @param glob which keys, or null for all
   * @param batch how many keys the node looks at for one reply
   */
  public KeyScan(Wire wire, byte @Nullable [] glob, int batch) {
    this.wire = wire;
    this.glob = glob;
    this.batch = ascii(Integer.toString(batch));
  }

  /** The glob that matches exactly the keys that begin with the prefix. */
  public static byte[] globOfPrefix(byte[] prefix) {
    ByteArrayOutputStream glob = new ByteArrayOutputStream(prefix.length + 1);
    for (byte b : prefix) {
      if (b == '*' || b == '?' || b == '[' || b == ']' || b == '\\' || b == '^') {
        glob.write('\\');
      }
      glob.write(b);
    }
    glob.write('*');
    return glob.toByteArray();
  }

  /** The next keys, possibly none; null when the scan is over. */
  public @Nullable List<byte[]> next() {
    if (finished) {
      return null;
    }
    Object reply =
        glob == null
            ? wire.call("scan", Verb.SCAN, cursor, COUNT, batch)
            : wire.call("scan", Verb.SCAN, cursor, MATCH, glob, COUNT, batch);
    if (!(reply instanceof List<?> parts)
        || parts.size() != 2
        || !(parts.get(0) instanceof byte[] following)
        || !(parts.get(1) instanceof List<?> found)) {
      throw new Failure(ExitCode.SERVER, "scan: the node's reply is no cursor with keys");
    }
    cursor = following;
    finished = following.length == 1 && following[0] == '0';
    List<byte[]> keys = new ArrayList<>(found.size());
    for (Object key : found) {
      keys.add((byte[]) key);
    }
    return keys;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
