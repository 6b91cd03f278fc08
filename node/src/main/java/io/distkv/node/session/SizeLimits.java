package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/**
 * How large a request may be here: at most what {@link Limits} allows anywhere. Checked when a
 * request comes and never when a log is replayed, so that they may change between two starts.
 *
 * @param keyBytes of one key
 * @param valueBytes of any other word
 * @param batchOperations commands of a transaction, or keys of one command
 * @param batchBytes of the words of a transaction, or of one command
 */
public record SizeLimits(int keyBytes, int valueBytes, int batchOperations, long batchBytes) {
  /** All that there may be. */
  public static final SizeLimits WIDEST =
      new SizeLimits(
          Limits.MAX_KEY_BYTES,
          Limits.MAX_VALUE_BYTES,
          Limits.MAX_BATCH_OPERATIONS,
          Limits.MAX_BATCH_BYTES);

  /**
   * @throws IllegalArgumentException if one is beyond {@link Limits}, or below 1
   */
  public SizeLimits {
    require("keyBytes", keyBytes, Limits.MAX_KEY_BYTES);
    require("valueBytes", valueBytes, Limits.MAX_VALUE_BYTES);
    require("batchOperations", batchOperations, Limits.MAX_BATCH_OPERATIONS);
    require("batchBytes", batchBytes, Limits.MAX_BATCH_BYTES);
  }

  private static void require(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " must be 1 to " + most + ", not " + value);
    }
  }

  /** What a transaction, or a command, is told that is too large. */
  Reply.Failure batchTooLarge() {
    return tooLarge(
        "a batch has at most " + batchOperations + " operations and " + batchBytes + " bytes");
  }

  /** Why a command is too large; null if it is not. */
  Reply.@Nullable Failure refusal(Prepared.Ready command, long sizeBytes) {
    if (sizeBytes > batchBytes) {
      return batchTooLarge();
    }
    // The table has checked against the widest limits already.
    return equals(WIDEST) ? null : refusalOfWords(command);
  }

  private Reply.@Nullable Failure refusalOfWords(Prepared.Ready command) {
    int keys = command.keyCount();
    if (keys > batchOperations) {
      return tooLarge(
          "a command has at most " + batchOperations + " keys here, this one has " + keys);
    }
    byte[][] words = command.arguments().words();
    for (int i = 1; i < words.length; i++) {
      boolean key = command.spec().keys().contains(i, words.length);
      int most = key ? keyBytes : valueBytes;
      if (words[i].length > most) {
        return tooLarge(
            (key ? "a key" : "a value")
                + " has at most "
                + most
                + " bytes here, this one has "
                + words[i].length);
      }
    }
    return null;
  }

  private static Reply.Failure tooLarge(String text) {
    return Errors.of(ErrorCode.TOO_LARGE, text);
  }
}
