package io.distkv.server.resp;

import io.distkv.base.Limits;

/**
 * How large a request may be on the wire. They lie above the limits of the data itself, so that a
 * value that is somewhat too large is refused by its command, and the connection lives on.
 *
 * @param arguments most arguments of one request, the command's name included
 * @param bulkBytes most bytes of one argument
 * @param requestBytes most bytes of a whole request, with {@value
 *     RequestParser#ARGUMENT_OVERHEAD_BYTES} for each argument on top: what a client can make the
 *     node hold before its request is complete
 * @param lineBytes most bytes of an inline command
 */
record RequestLimits(int arguments, int bulkBytes, long requestBytes, int lineBytes) {

  private static final int MARGIN_BYTES = 1024 * 1024;

  static final RequestLimits DEFAULT =
      new RequestLimits(
          1024 * 1024,
          Limits.MAX_VALUE_BYTES + MARGIN_BYTES,
          (long) Limits.MAX_BATCH_BYTES + Limits.MAX_VALUE_BYTES + MARGIN_BYTES,
          64 * 1024);
}
