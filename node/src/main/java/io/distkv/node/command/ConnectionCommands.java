package io.distkv.node.command;

import static io.distkv.node.command.Flag.ALLOW_BUSY;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.NOSCRIPT;
import static io.distkv.node.command.Flag.NO_AUTH;
import static io.distkv.node.command.Flag.STALE;

import io.distkv.base.ErrorCode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The conversation itself: PING, HELLO, AUTH, SELECT and their like. */
final class ConnectionCommands {
  private static final int MOST_NAME_BYTES = 1024;
  private static final String DEFAULT_USER = "default";
  private static final Reply.Failure WRONG_PASSWORD =
      Errors.special(
          ErrorCode.UNAUTHENTICATED,
          "WRONGPASS invalid username-password pair or user is disabled.");
  private static final Reply.Failure NO_PASSWORD_SET =
      Errors.invalid(
          "AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");
  private static final Reply.Failure HELLO_NEEDS_AUTH =
      Errors.of(
          ErrorCode.UNAUTHENTICATED,
          "HELLO must be called with the client already authenticated, otherwise the HELLO <proto>"
              + " AUTH <user> <pass> option can be used to authenticate the client and select the"
              + " RESP protocol version at the same time");

  private ConnectionCommands() {}

  static List<CommandSpec> specs() {
    return List.of(ping(), echo(), quit(), reset(), select(), auth(), hello());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.CONNECTION, name, arity)
        .categories(Category.CONNECTION)
        .flags(FAST);
  }

  private static SpecBuilder handshake(String name, int arity) {
    return command(name, arity).flags(NOSCRIPT, LOADING, STALE, NO_AUTH, ALLOW_BUSY);
  }

  private static CommandSpec ping() {
    return command("ping", -1)
        .tips("request_policy:all_shards", "response_policy:all_succeeded")
        .docs("1.0.0", "O(1)", "Ping the server")
        .syntax("[message]")
        .converse(args -> {
          if (args.size() > 2) {
            throw CommandException.invalid("wrong number of arguments for 'ping' command");
          }
          Reply reply = args.size() == 1 ? new Reply.Simple("PONG") : Reply.bulk(args.bytes(1));
          return session -> reply;
        });
  }

  private static CommandSpec echo() {
    return command("echo", 2)
        .flags(LOADING, STALE)
        .docs("1.0.0", "O(1)", "Echo the given string")
        .syntax("message")
        .converse(args -> session -> Reply.bulk(args.bytes(1)));
  }

  private static CommandSpec quit() {
    return handshake("quit", -1)
        .docs("1.0.0", "O(1)", "Close the connection")
        .converse(args ->
            session -> {
              session.closeAfterReply();
              return Reply.OK;
            });
  }

  private static CommandSpec reset() {
    return handshake("reset", 1)
        .docs("6.2.0", "O(1)", "Reset the connection")
        .converse(args ->
            session -> {
              session.reset();
              return new Reply.Simple("RESET");
            });
  }

  private static CommandSpec select() {
    return command("select", 2)
        .flags(LOADING, STALE)
        .docs("1.0.0", "O(1)", "Change the selected keyspace for the current connection")
        .syntax("index-or-name")
        .converse(args -> {
          byte[] word = args.bytes(1);
          boolean number = Numbers.isInteger(word, 0, word.length);
          if (number) {
            args.integer(1, Integer.MIN_VALUE, Integer.MAX_VALUE);
          }
          return session -> select(session, args.text(1), number);
        });
  }

  private static Reply select(SessionState session, String numberOrName, boolean number) {
    if (session.select(numberOrName)) {
      return Reply.OK;
    }
    return Errors.of(
        ErrorCode.NOT_FOUND,
        number
            ? "DB index is out of range"
            : "there is no keyspace with the name '" + numberOrName + "'");
  }

  private static CommandSpec auth() {
    return handshake("auth", -2)
        .docs(
            "1.0.0",
            "O(N) where N is the number of passwords defined for the user",
            "Authenticate to the server")
        .syntax("[username] password")
        .control(args -> {
          if (args.size() > 3) {
            throw new CommandException(Errors.SYNTAX);
          }
          boolean named = args.size() == 3;
          String user = named ? args.text(1) : DEFAULT_USER;
          byte[] password = args.bytes(args.size() - 1);
          return (session, node, done) -> {
            if (!named && !session.passwordRequired()) {
              throw new CommandException(NO_PASSWORD_SET);
            }
            session.authenticate(
                user, password, right -> done.accept(right ? Reply.OK : WRONG_PASSWORD));
          };
        });
  }

  /**
   * Ends the command if a text cannot be the name of a client, or something else that the node
   * keeps for as long as the connection lasts and shows in a line of CLIENT LIST.
   *
   * @param what it is, at the beginning of an error
   */
  static void checkName(String what, byte[] name) {
    if (name.length > MOST_NAME_BYTES) {
      throw CommandException.invalid(
          what + " cannot have more than " + MOST_NAME_BYTES + " bytes.");
    }
    for (byte b : name) {
      if (b < '!' || b > '~') {
        throw CommandException.invalid(
            what + " cannot contain spaces, newlines or special characters.");
      }
    }
  }

  /** Ends the command if a text cannot be the name of a client. */
  static void checkClientName(byte[] name) {
    checkName("Client names", name);
  }

  private static CommandSpec hello() {
    return handshake("hello", -1)
        .docs("6.0.0", "O(1)", "Handshake with Redis")
        .syntax(
            "arguments=[protover [AUTH username_password=(username password)] [SETNAME clientname]]")
        .control(args -> {
          Hello hello = Hello.parse(args);
          return (session, node, done) -> hello.run(session, done);
        });
  }

  /**
   * The options of HELLO.
   *
   * @param protocol 2 or 3, or 0 to leave it
   * @param userIndex of the word that names the user; 0 if there is no AUTH
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Hello(Arguments args, int protocol, int userIndex, byte @Nullable [] clientName) {

    static Hello parse(Arguments args) {
      int protocol = args.size() > 1 ? protocol(args) : 0;
      int userIndex = 0;
      byte[] clientName = null;
      for (int i = 2; i < args.size(); i++) {
        int more = args.size() - 1 - i;
        if (args.is(i, "AUTH") && more >= 2) {
          userIndex = i + 1;
          i += 2;
        } else if (args.is(i, "SETNAME") && more >= 1) {
          i++;
          clientName = args.bytes(i);
          checkClientName(clientName);
        } else {
          throw CommandException.invalid(
              "Syntax error in HELLO option '"
                  + Bytes.cText(args.bytes(i), Integer.MAX_VALUE)
                  + "'");
        }
      }
      return new Hello(args, protocol, userIndex, clientName);
    }

    private static int protocol(Arguments args) {
      long version =
          args.integer(1, Errors.invalid("Protocol version is not an integer or out of range"));
      if (version < 2 || version > 3) {
        throw new CommandException(
            Errors.special(ErrorCode.INVALID_ARGUMENT, "NOPROTO unsupported protocol version"));
      }
      return (int) version;
    }

    void run(SessionState session, Consumer<Reply> done) {
      if (userIndex == 0) {
        done.accept(finish(session));
        return;
      }
      session.authenticate(
          args.text(userIndex),
          args.bytes(userIndex + 1),
          right -> done.accept(right ? finish(session) : WRONG_PASSWORD));
    }

    private Reply finish(SessionState session) {
      if (!session.authenticated()) {
        return HELLO_NEEDS_AUTH;
      }
      if (clientName != null) {
        session.setName(Bytes.text(clientName));
      }
      if (protocol != 0) {
        session.setProtocol(protocol);
      }
      return new Reply.Pairs(
          List.of(
              Reply.bulk("server"),
              Reply.bulk("redis"),
              Reply.bulk("version"),
              Reply.bulk(CommandTable.REDIS_VERSION),
              Reply.bulk("proto"),
              Reply.of(session.protocol()),
              Reply.bulk("id"),
              Reply.of(session.id()),
              Reply.bulk("mode"),
              Reply.bulk("standalone"),
              Reply.bulk("role"),
              Reply.bulk("master"),
              Reply.bulk("modules"),
              Reply.EMPTY_ARRAY));
    }
  }
}
