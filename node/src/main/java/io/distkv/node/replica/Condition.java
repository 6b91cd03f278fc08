package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import org.jspecify.annotations.Nullable;

/**
 * What must still hold for a transaction to take effect: the key has this version, or is not there.
 * Judged by what a reader would see, expiry included, so that the outcome is the same on every
 * replay, whatever compaction has dropped.
 *
 * <p>A key that was absent, came, and went again cannot be told that way from one that stayed away.
 * So before a transaction is logged, its lane also looks for any trace of a write after {@code
 * asOf}; that look need not be repeatable, because it decides whether there is an entry at all.
 *
 * @param version of the value, or {@link Version#NONE} if there is none
 * @param asOf the replica's version when it was looked at; not logged
 */
@SuppressWarnings("ArrayRecordComponent")
public record Condition(byte[] key, long version, long asOf) {

  /** Whether it holds in a view. */
  public boolean holds(View view) {
    return versionOf(view.get(key)) == version;
  }

  /** The version that a condition on a key with this value has. */
  public static long versionOf(@Nullable Value value) {
    return value == null ? Version.NONE : value.version();
  }
}
