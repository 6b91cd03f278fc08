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
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.PushConsumerChainImpl;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * One connection to a node, in the wanted keyspace. Requests and replies are exact bytes.
 *
 * <p>Beneath is Jedis's {@code Protocol}, which prints and parses RESP. Its {@code Connection}
 * looks for an error reply itself when a send fails, and would do so while another thread reads;
 * its richer interfaces would decide about charsets, pools and retries, all of which are decided
 * here. One thread may send while another reads; neither side may be used by two threads at once.
 *
 * <p>A reply is a {@code byte[]}, a {@code Long}, a {@code List} of replies, a {@link ServerError},
 * or null for no value.
 */
public final class Wire implements Pipeline.Conversation, AutoCloseable {
  /** A conversation in RESP2 has none; the parser wants to be told all the same. */
  private static final PushConsumerChain NO_PUSHES = PushConsumerChainImpl.of();

  private final Target target;
  private final Socket socket;
  private final RedisOutputStream out;
  private final RedisInputStream in;

  private Wire(Target target, Socket socket) throws IOException {
    this.target = target;
    this.socket = socket;
    this.out = new RedisOutputStream(socket.getOutputStream());
    this.in = new RedisInputStream(socket.getInputStream());
  }

  /** Connects and enters the keyspace. */
  public static Wire open(Target target) throws ConnectionException {
    Socket socket = new Socket();
    try {
      Wire wire = dial(target, socket);
      if (target.needsSelect()) {
        wire.select();
      }
      return wire;
    } catch (ConnectionException | Failure e) {
      close(socket);
      throw e;
    }
  }

  private static Wire dial(Target target, Socket socket) throws ConnectionException {
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
      return new Wire(target, socket);
    } catch (IOException e) {
      throw unreachable(target, e);
    }
  }

  private void select() throws ConnectionException {
    send(Verb.SELECT, target.keyspace().getBytes(StandardCharsets.UTF_8));
    flush();
    if (read() instanceof ServerError error) {
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
      Protocol.sendCommand(out, request);
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
  }

  /** Sends what is queued. */
  @Override
  public void flush() throws ConnectionException {
    try {
      out.flush();
    } catch (IOException | JedisConnectionException e) {
      throw lost(e);
    }
  }

  /** Waits for the next reply, in the order of the requests. */
  @Override
  public @Nullable Object read() throws ConnectionException {
    try {
      return Protocol.read(in, NO_PUSHES);
    } catch (JedisDataException e) {
      return new ServerError(String.valueOf(e.getMessage()));
    } catch (JedisConnectionException e) {
      throw lost(e);
    }
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
      try {
        send(verb, arguments);
        flush();
      } catch (ConnectionException e) {
        return refusal(e);
      }
      return read();
    } catch (ConnectionException e) {
      throw asFailure(e);
    }
  }

  /**
   * Why the node closed the connection while it was sent a request: what it will not take, such as
   * too large a value, it refuses before all of it is there.
   */
  private ServerError refusal(ConnectionException failed) throws ConnectionException {
    try {
      if (read() instanceof ServerError error) {
        return error;
      }
    } catch (ConnectionException e) {
      failed.addSuppressed(e);
    }
    throw failed;
  }

  /** A lost or refused connection as the end of a command. */
  public static Failure asFailure(ConnectionException e) {
    if (Thread.interrupted()) {
      return Failure.interrupted(e);
    }
    return new Failure(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), e);
  }

  private static ConnectionException unreachable(Target target, IOException e) {
    Address address = target.address();
    String reason =
        switch (e) {
          case UnknownHostException _ -> "no host has the name '" + address.host() + "'";
          case SocketTimeoutException _ -> "no answer within " + seconds(target);
          case ConnectException _ ->
              "nothing listens there; `./distkv start` starts a node, --address HOST:PORT names"
                  + " another";
          default -> String.valueOf(e.getMessage());
        };
    return new ConnectionException("cannot connect to " + address + ": " + reason, e);
  }

  private ConnectionException lost(Exception e) {
    Throwable cause = root(e);
    if (cause instanceof SocketTimeoutException) {
      return new ConnectionException(
          "no reply from %s within %s (the request may still take effect); --timeout waits longer"
              .formatted(target.address(), seconds(target)),
          e);
    }
    String reason = String.valueOf(cause.getMessage());
    if (reason.startsWith("Unknown reply")) {
      return new ConnectionException(
          "what listens at %s does not speak RESP; ./distkv start prints the right address as resp="
              .formatted(target.address()),
          e);
    }
    return new ConnectionException(
        "lost the connection to %s: %s"
            .formatted(
                target.address(),
                reason.startsWith("Unexpected end of stream") ? "the node closed it" : reason),
        e);
  }

  private static String seconds(Target target) {
    return target.timeout().toMillis() / 1000.0 + " s";
  }

  private static Throwable root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * Closes the connection at once; queued requests are dropped, since a farewell flush could block.
   * Safe to call twice.
   */
  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The socket is of no use to anyone, whatever became of its last packets.
    }
  }
}
