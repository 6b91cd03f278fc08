package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.ScanRequest;
import java.util.zip.CRC32C;

/**
 * Where a scan goes on: the key at which the next page begins, behind a number that tells whether
 * it belongs to the scan that brings it back. Opaque to clients.
 *
 * <p>Layout: one byte 1, the format; four bytes CRC-32C, high byte first, over keyspace, range,
 * direction and version of the scan; the key.
 */
final class ResumeToken {
  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 5;

  private ResumeToken() {}

  static ByteString of(ScanRequest scan, ByteString nextKey) {
    int sum = sum(scan);
    byte[] head = {
      FORMAT, (byte) (sum >>> 24), (byte) (sum >>> 16), (byte) (sum >>> 8), (byte) sum
    };
    return ByteString.copyFrom(head).concat(nextKey);
  }

  /**
   * The key at which the scan goes on.
   *
   * @throws BadRequestException if the token is none, or belongs to another scan
   */
  static ByteString nextKey(ScanRequest scan) {
    ByteString token = scan.getResumeToken();
    if (token.size() <= HEAD_BYTES || token.byteAt(0) != FORMAT) {
      throw new BadRequestException("resume_token is none that this node has given");
    }
    ByteString key = token.substring(HEAD_BYTES);
    if (!of(scan, key).equals(token)) {
      throw new BadRequestException(
          "resume_token is of another scan: keyspace, start, end, prefix, reverse and as_of must"
              + " be as they were");
    }
    return key;
  }

  private static int sum(ScanRequest scan) {
    CRC32C sum = new CRC32C();
    add(sum, ByteString.copyFromUtf8(Keyspaces.name(scan.getKeyspace())));
    add(sum, scan.getStart());
    add(sum, scan.getEnd());
    add(sum, scan.getPrefix());
    add(sum, ByteString.copyFromUtf8(scan.getReverse() + " " + scan.getAsOf()));
    return (int) sum.getValue();
  }

  private static void add(CRC32C sum, ByteString part) {
    sum.update(part.size());
    sum.update(part.size() >>> 8);
    sum.update(part.asReadOnlyByteBuffer());
  }
}
