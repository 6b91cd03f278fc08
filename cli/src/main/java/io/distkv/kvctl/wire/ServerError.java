package io.distkv.kvctl.wire;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.util.Set;

/**
 * An error reply.
 *
 * @param text the whole reply, which begins with a code in capitals
 */
public record ServerError(String text) {
  private static final Set<String> PASSING =
      Set.of(
          "LOADING",
          "OVERLOADED",
          "BUSY",
          "TRYAGAIN",
          "TIMEOUT",
          "CLUSTERDOWN",
          "MASTERDOWN",
          "OOM",
          "MISCONF",
          "DISKFULL");

  private static final Set<String> HOPELESS =
      Set.of("NOAUTH", "NOPERM", "WRONGPASS", "READONLY", "CORRUPTION");

  /** The code: the first word. */
  public String code() {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  /** Whether the same request may well succeed a little later. */
  public boolean isPassing() {
    return PASSING.contains(code());
  }

  /** Whether every other request like this one would be refused just the same. */
  public boolean isHopeless() {
    return HOPELESS.contains(code());
  }

  /** This error as the end of a command that was about to do {@code what}. */
  public Failure failure(String what) {
    return new Failure(ExitCode.SERVER, what + ": the node answered: " + text);
  }
}
