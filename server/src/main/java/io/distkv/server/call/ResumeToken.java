package io.distkv.server.call;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Where a listing goes on: the key at which the next page begins, behind a number that tells
 * whether it belongs to the listing that brings it back. Opaque to clients.
 *
 * <p>Layout: one byte 1, the format; four bytes CRC-32C, high byte first, over keyspace, range,
 * direction and version of the listing; the key.
 */
public final class ResumeToken {
  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 5;

  private ResumeToken() {}

  /**
   * What must be the same when a listing goes on.
   *
   * @param asOf the version as of which it reads, as the request says it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Listing(
      String keyspace, byte[] start, byte[] end, byte[] prefix, boolean reverse, String asOf) {}

  /** The token with which a listing goes on at a key. */
  public static byte[] of(Listing listing, byte[] nextKey) {
    int sum = sum(listing);
    byte[] token = new byte[HEAD_BYTES + nextKey.length];
    token[0] = FORMAT;
    for (int i = 1; i < HEAD_BYTES; i++) {
      token[i] = (byte) (sum >>> (8 * (HEAD_BYTES - 1 - i)));
    }
    System.arraycopy(nextKey, 0, token, HEAD_BYTES, nextKey.length);
    return token;
  }

  /**
   * The key at which a listing goes on.
   *
   * @param name of the token and of the listing's fields, for the texts of errors
   * @throws BadRequestException if the token is none, or belongs to another listing
   */
  public static byte[] nextKey(Listing listing, byte[] token, Names name) {
    if (token.length <= HEAD_BYTES || token[0] != FORMAT) {
      throw new BadRequestException(name.token + " is none that this node has given");
    }
    byte[] key = Arrays.copyOfRange(token, HEAD_BYTES, token.length);
    if (!Arrays.equals(of(listing, key), token)) {
      throw new BadRequestException(
          name.token
              + " is of another scan: keyspace, start, end, prefix, reverse and "
              + name.asOf
              + " must be as they were");
    }
    return key;
  }

  /** How a front end calls what clients bring back. */
  public enum Names {
    GRPC("resume_token", "as_of"),
    HTTP("pageToken", "asOf");

    private final String token;
    private final String asOf;

    Names(String token, String asOf) {
      this.token = token;
      this.asOf = asOf;
    }
  }

  private static int sum(Listing listing) {
    CRC32C sum = new CRC32C();
    add(sum, listing.keyspace.getBytes(StandardCharsets.UTF_8));
    add(sum, listing.start);
    add(sum, listing.end);
    add(sum, listing.prefix);
    add(sum, (listing.reverse + " " + listing.asOf).getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue();
  }

  private static void add(CRC32C sum, byte[] part) {
    sum.update(part.length);
    sum.update(part.length >>> 8);
    sum.update(part);
  }
}
