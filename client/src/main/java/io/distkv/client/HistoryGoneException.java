package io.distkv.client;

import org.jspecify.annotations.Nullable;

/**
 * What was asked for is older than what the keyspace still keeps: a read as of a version, or a
 * watch that begins or would go on behind one. Nothing can be read from there any more.
 *
 * <p>Who watches begins anew: a watch from now on, then a scan of the keys, whose values are at
 * least as new as where the watch began; of what the watch tells again, {@link Change#version} says
 * that it is known. Who wants to be away for longer without that gives the keyspace more {@code
 * history} ({@link Keyspaces#alter}). A keyspace that is emptied ends its watches with this, too.
 */
public final class HistoryGoneException extends DistKvException {
  private static final long serialVersionUID = 1L;

  private static final String ADVICE =
      " (no longer kept: scan the keys anew and watch from now on; more history keeps more)";

  HistoryGoneException(String text, @Nullable Throwable cause) {
    super(ErrorCode.HISTORY_GONE, text + ADVICE, cause);
  }
}
