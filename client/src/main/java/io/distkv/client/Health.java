package io.distkv.client;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a client's connections are, at some moment.
 *
 * @param connections one for each address, in the order in which they were given
 */
public record Health(List<Endpoint> connections) {

  /** Keeps a copy of the list. */
  public Health {
    connections = List.copyOf(connections);
  }

  /**
   * Whether operations can be expected to get through.
   *
   * @return whether a connection is up
   */
  public boolean isUp() {
    return connections.stream().anyMatch(each -> each.state() == State.UP);
  }

  /** How a connection is. */
  public enum State {
    /** It is being made. */
    CONNECTING,
    /** It can be used. */
    UP,
    /** It could not be made, or broke; it is tried again by and by. */
    DOWN,
    /** The client was closed. */
    CLOSED
  }

  /**
   * The connection to one address.
   *
   * @param address as host:port
   * @param state how it is
   * @param problem why it is down, if that is known
   */
  public record Endpoint(String address, State state, Optional<String> problem) {

    /** Nothing may be null. */
    public Endpoint {
      Objects.requireNonNull(address, "address");
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(problem, "problem");
    }
  }
}
