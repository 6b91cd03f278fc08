package io.distkv.server.http.keys;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;

/** How paths name keyspaces. */
public final class KeyspaceNames {
  private KeyspaceNames() {}

  /**
   * The keyspace that a path names, by its name alone: the numbers that SELECT takes are taken here
   * for no keyspace's, since one that is dropped and made again may get the number of another.
   */
  public static String of(Exchange exchange) {
    String name = exchange.text("keyspace");
    if (!name.isEmpty() && name.chars().allMatch(each -> each >= '0' && each <= '9')) {
      throw ProblemException.of(
          ErrorCode.NOT_FOUND,
          "there is no keyspace of this name; a path has its name, not its number");
    }
    return name;
  }
}
