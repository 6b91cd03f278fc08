package io.distkv.node.command;

import static io.distkv.node.command.Flag.ADMIN;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/** CLIENT LIST and CLIENT KILL: choosing among all connections. */
final class ClientSelection {
  private static final List<String> TYPES =
      List.of("normal", "master", "slave", "replica", "pubsub");
  private static final Reply.Failure BAD_ID = Errors.invalid("client-id should be greater than 0");

  private ClientSelection() {}

  /** One line as CLIENT LIST shows it, without its end. */
  static String describe(ClientInfo client) {
    return "id="
        + client.id()
        + " addr="
        + client.address()
        + " laddr="
        + client.localAddress()
        + " fd=-1 name="
        + client.name()
        + " age="
        + client.ageSeconds()
        + " idle="
        + client.idleSeconds()
        + " flags="
        + flags(client)
        + " db="
        + client.keyspace()
        + " sub=0 psub=0 ssub=0 multi="
        + client.queuedCommands()
        + " watch="
        + client.watchedKeys()
        + " qbuf="
        + client.inputBytes()
        + " qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem="
        + client.outputBytes()
        + " tot-mem="
        + (client.inputBytes() + client.outputBytes())
        + " events=r cmd="
        + client.lastCommand()
        + " user="
        + client.user()
        + " redir=-1 resp="
        + client.protocol()
        + " lib-name="
        + client.libraryName()
        + " lib-ver="
        + client.libraryVersion();
  }

  private static String flags(ClientInfo client) {
    String flags =
        (client.queuedCommands() >= 0 ? "x" : "")
            + (client.noEvict() ? "e" : "")
            + (client.noTouch() ? "T" : "");
    return flags.isEmpty() ? "N" : flags;
  }

  static CommandSpec list() {
    return ClientCommands.command("list", -2)
        .flags(ADMIN)
        .tips("nondeterministic_output")
        .docs(
            "2.4.0",
            "O(N) where N is the number of client connections",
            "Get the list of client connections")
        .syntax(
            "[TYPE normal_master_replica_pubsub=(NORMAL|MASTER|REPLICA|PUBSUB)]"
                + " [ID id=(client-id...)]")
        .control(args -> {
          Predicate<ClientInfo> which = parseList(args);
          return (session, node, done) ->
              node.clients(clients -> {
                StringBuilder lines = new StringBuilder();
                clients.stream()
                    .filter(which)
                    .forEach(client -> lines.append(describe(client)).append('\n'));
                done.accept(new Reply.Verbatim("txt", lines.toString()));
              });
        });
  }

  private static Predicate<ClientInfo> parseList(Arguments args) {
    if (args.size() == 2) {
      return client -> true;
    }
    if (args.size() == 4 && args.is(2, "TYPE")) {
      return ofType(args, 3);
    }
    if (args.size() > 3 && args.is(2, "ID")) {
      List<Long> ids = new ArrayList<>();
      for (int i = 3; i < args.size(); i++) {
        ids.add(args.integer(i, Errors.invalid("Invalid client ID")));
      }
      return client -> ids.contains(client.id());
    }
    throw new CommandException(Errors.SYNTAX);
  }

  /** Every connection that there can be is a normal one. */
  private static Predicate<ClientInfo> ofType(Arguments args, int index) {
    String type = Bytes.cText(args.bytes(index), Integer.MAX_VALUE);
    String lower = type.toLowerCase(Locale.ROOT);
    if (!TYPES.contains(lower)) {
      throw CommandException.invalid("Unknown client type '" + type + "'");
    }
    return client -> lower.equals("normal");
  }

  static CommandSpec kill() {
    return ClientCommands.command("kill", -3)
        .flags(ADMIN)
        .docs(
            "2.4.0",
            "O(N) where N is the number of client connections",
            "Kill the connection of a client")
        .syntax(
            "filter=(ip:port:string|new-format=([ID client-id]"
                + " [TYPE normal_master_slave_pubsub=(NORMAL|MASTER|SLAVE|REPLICA|PUBSUB)]"
                + " [USER username] [ADDR ip:port:string] [LADDR ip:port:string]"
                + " [SKIPME yes/no])...)")
        .control(args -> args.size() == 3 ? killAddress(args.text(2)) : killMatching(args));
  }

  private static Prepared.Controlling killAddress(String address) {
    Predicate<ClientInfo> which = client -> client.address().equals(address);
    return (session, node, done) ->
        kill(
            session,
            node,
            which,
            count -> done.accept(count == 0 ? Errors.invalid("No such client") : Reply.OK));
  }

  private static Prepared.Controlling killMatching(Arguments args) {
    List<Predicate<ClientInfo>> filters = new ArrayList<>();
    List<String> users = new ArrayList<>();
    boolean skipMe = true;
    for (int i = 2; i < args.size(); i += 2) {
      if (i + 1 == args.size()) {
        throw new CommandException(Errors.SYNTAX);
      }
      String word = args.text(i + 1);
      if (args.is(i, "ID")) {
        long id = args.integer(i + 1, BAD_ID);
        if (id < 1) {
          throw new CommandException(BAD_ID);
        }
        filters.add(client -> client.id() == id);
      } else if (args.is(i, "TYPE")) {
        filters.add(ofType(args, i + 1));
      } else if (args.is(i, "ADDR")) {
        filters.add(client -> client.address().equals(word));
      } else if (args.is(i, "LADDR")) {
        filters.add(client -> client.localAddress().equals(word));
      } else if (args.is(i, "USER")) {
        users.add(word);
      } else if (args.is(i, "SKIPME") && (args.is(i + 1, "YES") || args.is(i + 1, "NO"))) {
        skipMe = args.is(i + 1, "YES");
      } else {
        throw new CommandException(Errors.SYNTAX);
      }
    }
    users.forEach(user -> filters.add(client -> client.user().equals(user)));
    boolean skipsMe = skipMe;
    Predicate<ClientInfo> all = filters.stream().reduce(client -> true, Predicate::and);
    return (session, node, done) ->
        kill(
            session,
            node,
            client -> all.test(client) && !(skipsMe && client.id() == session.id()),
            count -> done.accept(Reply.of(count)));
  }

  /** Closes what matches; the caller's own connection only once it has its reply. */
  private static void kill(
      SessionState session, NodeControl node, Predicate<ClientInfo> which, IntConsumer done) {
    boolean me = which.test(session.info());
    if (me) {
      session.closeAfterReply();
    }
    node.kill(
        client -> client.id() != session.id() && which.test(client),
        count -> done.accept(me ? count + 1 : count));
  }
}
