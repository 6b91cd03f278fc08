package io.distkv.kvctl.store;

import io.distkv.client.DistKvException;
import io.distkv.client.ErrorCode;
import io.distkv.client.OutcomeUnknownException;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.wire.Target;
import java.util.Locale;

/** What the Java client could not do, as the end of a command. */
public final class ClientFailures {
  private ClientFailures() {}

  /**
   * The failure of a command.
   *
   * @param what what was to be done, such as {@code get 'a'}: the message's beginning
   */
  public static Failure failure(String what, Target target, DistKvException e) {
    if (Thread.interrupted() || e.code() == ErrorCode.CANCELLED) {
      return Failure.interrupted(e);
    }
    return switch (e.code()) {
      case UNAVAILABLE -> new Failure(ExitCode.UNREACHABLE, unreachable(target, e), e);
      case TIMEOUT -> timeout(what, target, e);
      case UNKNOWN, INTERNAL ->
          speaksSomethingElse(e)
              ? new Failure(ExitCode.UNREACHABLE, otherProtocol(target), e)
              : answered(what, e);
      case NOT_FOUND ->
          new Failure(
              ExitCode.SERVER,
              "no keyspace '%s' at %s (%s); `kvctl keyspace list` lists those it has"
                  .formatted(target.keyspace(), target.address(), text(e)),
              e);
      default -> answered(what, e);
    };
  }

  /** What the node, or the client before it asked the node, had to say. */
  public static Failure answered(String what, DistKvException e) {
    return new Failure(ExitCode.SERVER, what + ": " + e.getMessage(), e);
  }

  private static Failure timeout(String what, Target target, DistKvException e) {
    String text = text(e);
    if (text.startsWith("no connection")) {
      return new Failure(
          ExitCode.UNREACHABLE,
          "cannot connect to %s: no answer within %s; --timeout waits longer"
              .formatted(target.address(), seconds(target)),
          e);
    }
    if (text.startsWith("no answer")) {
      return new Failure(
          ExitCode.UNREACHABLE,
          "no reply from %s within %s%s; --timeout waits longer"
              .formatted(target.address(), seconds(target), effect(e)),
          e);
    }
    return answered(what, e);
  }

  private static String unreachable(Target target, DistKvException e) {
    String said = text(e);
    if (speaksSomethingElse(e)) {
      return otherProtocol(target);
    }
    if (said.contains("Connection refused")) {
      return "cannot connect to %s: nothing listens there; `./distkv start` starts a node, --address"
              .formatted(target.address())
          + " HOST:PORT names another";
    }
    if (said.contains("Unable to resolve host")) {
      return "cannot connect to %s: no host has the name '%s'"
          .formatted(target.address(), target.address().host());
    }
    if (said.contains("Network closed for unknown reason")) {
      return ("lost the connection to %s: it was closed without a word; if no node's gRPC is there,"
              + " ./distkv start prints the right address as grpc=%s")
          .formatted(target.address(), effect(e));
    }
    return "lost the connection to %s: %s%s"
        .formatted(target.address(), firstLine(said), effect(e));
  }

  /** What no node says: the first bytes from there are no HTTP/2. */
  private static boolean speaksSomethingElse(DistKvException e) {
    String said = text(e).toLowerCase(Locale.ROOT);
    return said.contains("http2exception")
        || said.contains("http/2")
        || said.contains("http2 exception")
        || said.contains("not settings")
        || said.contains("http status code");
  }

  private static String otherProtocol(Target target) {
    return ("what listens at %s does not speak gRPC; ./distkv start prints the right address as"
            + " grpc= (resp://%s speaks to a server of Redis's protocol)")
        .formatted(target.address(), target.address().hostAndPort());
  }

  /** Without the code that the message begins with. */
  private static String text(DistKvException e) {
    String message = String.valueOf(e.getMessage());
    int colon = message.indexOf(": ");
    return colon < 0 ? message : message.substring(colon + 2);
  }

  private static String effect(DistKvException e) {
    return e instanceof OutcomeUnknownException ? " (the write may still take effect)" : "";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }

  private static String seconds(Target target) {
    return target.timeout().toMillis() / 1000.0 + " s";
  }
}
