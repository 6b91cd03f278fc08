package io.distkv.kvctl.wire;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One connection to a node, in the wanted keyspace. Requests and replies are exact bytes.
 *
 * <p>Beneath is Jedis's {@code Connection}, which prints and parses RESP; its richer interfaces
 * would decide about charsets, pools and retries, all of which are decided here. One thread may
 * send while another reads; neither side may be used by two threads at once.
 *
 * <p>A reply is a {@code byte[]}, a {@code Long}, a {@code List} of replies, a {@link ServerError},
 * or null for no value.
 */
public final class Wire implements Pipeline.Conversation, AutoCloseable {
  private final Target target;
  private final Raw raw;

  private Wire(Target target, Raw raw) {
    this.target = target;
    this.raw = raw;
  }

  /** Connects and enters the keyspace. */
  public static Wire open(Target target) throws ConnectionException {
    Raw raw = new Raw(target);
    Wire wire = new Wire(target, raw);
    try {
      raw.connect();
      if (target.needsSelect()) {
        wire.select();
      }
    } catch (JedisConnectionException e) {
      wire.close();
      throw wire.unreachable(e);
    } catch (ConnectionException | Failure e) {
      wire.close();
      throw e;
    }
    return wire;
  }

  private void select() throws ConnectionException {
    send(Verb.SELECT, target.keyspace().getBytes(StandardCharsets.UTF_8));
    if (exchange() instanceof ServerError error) {
      if (error.isPassing()) {
        throw new ConnectionException(target.address() + " is not ready: " + error.text(), null);
      }
      throw new Failure(
          ExitCode.SERVER,
          "no keyspace '%s' at %s (%s); `kvctl status` lists those it has"
              .formatted(target.keyspace(), target.address(), error.text()));
    }
  }

  public Target target() {
    return target;
  }

  /** Queues a request; it leaves with {@link #flush}, or earlier as the buffer fills. */
  @Override
  public void send(Verb verb, byte[]... arguments) throws ConnectionException {
    CommandArguments request = new CommandArguments(verb);
    for (byte[] argument : arguments) {
      request.add(argument);
    }
    try {
      raw.sendCommand(request);
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
  }

  /** Sends what is queued. */
  @Override
  public void flush() throws ConnectionException {
    try {
      raw.flush();
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
  }

  /** Waits for the next reply, in the order of the requests. */
  @Override
  public @Nullable Object read() throws ConnectionException {
    try {
      return raw.getUnflushedObject();
    } catch (JedisDataException e) {
      return new ServerError(String.valueOf(e.getMessage()));
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
  }

  private @Nullable Object exchange() throws ConnectionException {
    flush();
    return read();
  }

  /**
   * One request and its reply; an error reply or a lost connection ends the command.
   *
   * @param what what the request is for, such as {@code get 'a'}: the message's beginning
   */
  public @Nullable Object call(String what, Verb verb, byte[]... arguments) {
    Object reply = tryCall(verb, arguments);
    if (reply instanceof ServerError error) {
      throw error.failure(what);
    }
    return reply;
  }

  /** One request whose reply is a number; anything else ends the command. */
  public long number(String what, Verb verb, byte[]... arguments) {
    if (call(what, verb, arguments) instanceof Long number) {
      return number;
    }
    throw new Failure(ExitCode.SERVER, what + ": the node's reply is no number");
  }

  /** One request and its reply, which may be a {@link ServerError}. */
  public @Nullable Object tryCall(Verb verb, byte[]... arguments) {
    try {
      send(verb, arguments);
      return exchange();
    } catch (ConnectionException e) {
      throw asFailure(e);
    }
  }

  /** A lost or refused connection as the end of a command. */
  public static Failure asFailure(ConnectionException e) {
    if (Thread.interrupted()) {
      return Failure.interrupted(e);
    }
    return new Failure(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), e);
  }

  private ConnectionException unreachable(JedisConnectionException e) {
    Throwable cause = root(e);
    Address address = target.address();
    String reason =
        switch (cause) {
          case UnknownHostException _ -> "no host has the name '" + address.host() + "'";
          case SocketTimeoutException _ -> "no answer within " + seconds();
          case ConnectException _ ->
              "nothing listens there; `./distkv start` starts a node, --address HOST:PORT names"
                  + " another";
          default -> String.valueOf(cause.getMessage());
        };
    return new ConnectionException("cannot connect to " + address + ": " + reason, e);
  }

  private ConnectionException lost(JedisConnectionException e) {
    Throwable cause = root(e);
    if (cause instanceof SocketTimeoutException) {
      return new ConnectionException(
          "no reply from %s within %s (the request may still take effect); --timeout waits longer"
              .formatted(target.address(), seconds()),
          e);
    }
    String reason = String.valueOf(cause.getMessage());
    return new ConnectionException(
        "lost the connection to %s: %s"
            .formatted(
                target.address(),
                reason.startsWith("Unexpected end of stream") ? "the node closed it" : reason),
        e);
  }

  private String seconds() {
    return target.timeout().toMillis() / 1000.0 + " s";
  }

  private static Throwable root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Closes the connection at once; queued requests are dropped. Safe to call twice. */
  @Override
  public void close() {
    raw.abandon();
  }

  /** Jedis's connection, with the half of it made visible that lets two threads share it. */
  private static final class Raw extends Connection {
    private final Socket socket;

    Raw(Target target) {
      this(target, new Socket());
    }

    private Raw(Target target, Socket socket) {
      super(() -> dial(target, socket));
      this.socket = socket;
    }

    private static Socket dial(Target target, Socket socket) {
      Address address = target.address();
      int millis = Math.toIntExact(target.timeout().toMillis());
      try {
        InetSocketAddress remote = new InetSocketAddress(address.host(), address.port());
        if (remote.isUnresolved()) {
          throw new UnknownHostException(address.host());
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(millis);
        socket.connect(remote, millis);
        return socket;
      } catch (IOException e) {
        throw new JedisConnectionException("cannot connect", e);
      }
    }

    @Override
    protected void flush() {
      super.flush();
    }

    /** Closes the socket without the farewell flush of {@code disconnect}, which could block. */
    void abandon() {
      try {
        socket.close();
      } catch (IOException e) {
        // The socket is of no use to anyone, whatever became of its last packets.
        setBroken();
      }
    }
  }
}
