package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A text of commands to a group of servers, each followed by everything it causes. Nothing happens
 * that no command says: no write completes, no message arrives, no time passes.
 *
 * <p>A line that begins with a blank is trace; one that begins with {@code #} is a comment; any
 * other is a command. Times are in milliseconds, and one clock is everybody's, but a server sees it
 * only when something reaches it.
 *
 * <ul>
 *   <li>{@code options quiet 50 message 300 window 600 catchup 0}, before there is a group;
 *   <li>{@code group 3}, or by member: {@code group 1 2:5 3:learner}, instead of any before; {@code
 *       join 4}: a server that begins with the same membership;
 *   <li>{@code disk 2 term 7 vote 3 log 1 1 4}: what it has on its disk, with which it starts again
 *   <li>{@code crash 1}, {@code restart 1}, {@code wake 1};
 *   <li>{@code pass 200}, {@code tick 1}, {@code tick 1 by 200}; {@code campaign 1}: as much time
 *       passes as it waits for a leader, and it alone notices;
 *   <li>{@code live 100}: time passes, everybody notices, and everything goes on;
 *   <li>{@code deliver}, {@code drop} or {@code repeat} (deliver, and keep), then {@code all},
 *       {@code first}, {@code last}, or what is wanted of {@code AppendRequest from 1 to 2}; what
 *       these commands send themselves is left for the next. {@code cut 3}, {@code heal}: what
 *       reaches or leaves the server meanwhile is lost;
 *   <li>{@code persist 1} (the oldest write), {@code persist 1 all}, {@code persist all};
 *   <li>{@code propose 1 text}, {@code read 1 7}, {@code transfer 1 to 3}, {@code change 1 to 1 2
 *       4:learner};
 *   <li>{@code applied 1 5}; {@code open 1 for 3}, {@code cannot open 1 for 3}, {@code piece 1 for
 *       3 of 10}, {@code last piece 1 for 3 of 10}, {@code written 3}, {@code installed 3};
 *   <li>{@code stabilize}: everything that was begun goes on until nothing is left;
 *   <li>{@code quietly}, then any command: only how the servers stand afterwards is told.
 * </ul>
 */
final class Conversation {
  private static final long MILLI = TestGroup.MILLI;
  private static final int MOST_STEPS = 10_000;

  private final SortedMap<Long, ConversationServer> servers = new TreeMap<>();
  private final SortedSet<Long> touched = new TreeSet<>();
  private final List<String> text = new ArrayList<>();
  private final ConversationMail mail = new ConversationMail();
  private RaftOptions options = TestGroup.OPTIONS;
  private @Nullable Membership first;
  private boolean quiet;
  private long now = 1_000_000_000L;

  private Conversation() {}

  /**
   * Runs a conversation.
   *
   * @return the same text with the trace that there was this time
   * @throws IllegalArgumentException naming the line that is no command, or that cannot be done
   */
  static List<String> run(List<String> lines) {
    Conversation conversation = new Conversation();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(" ")) {
        continue;
      }
      conversation.text.add(line);
      if (!line.isBlank() && !line.startsWith("#")) {
        try {
          conversation.command(new Words(line));
        } catch (RuntimeException e) {
          throw new IllegalArgumentException("line " + (i + 1) + ", " + line + ": " + e, e);
        }
      }
    }
    return conversation.text;
  }

  private void command(Words words) {
    quiet = words.takeIf("quietly");
    int before = text.size();
    String command = words.take();
    if (!setUp(command, words) && !passTime(command, words) && !ask(command, words)) {
      work(command, words);
    }
    words.end();
    quiet = false;
    for (long id : touched) {
      server(id).sayState(now);
    }
    touched.clear();
    if (text.size() == before) {
      say("nothing");
    }
  }

  private void say(String line) {
    if (!quiet) {
      text.add("  " + line);
    }
  }

  private ConversationServer server(long id) {
    ConversationServer server = servers.get(id);
    if (server == null) {
      throw new IllegalArgumentException("no server " + id);
    }
    return server;
  }

  /** The server that the next word names, which something reaches. */
  private ConversationServer touch(Words words) {
    return touch(words.takeNumber());
  }

  private ConversationServer touch(long id) {
    touched.add(id);
    return server(id);
  }

  // The group.

  private boolean setUp(String command, Words words) {
    switch (command) {
      case "options" -> readOptions(words);
      case "group" -> begin(words.rest());
      case "join" -> add(words.takeNumber());
      case "disk" -> restore(touch(words), words);
      case "crash" -> {
        ConversationServer server = server(words.takeNumber());
        server.crash();
        say(server.id() + " is down");
      }
      case "restart" -> touch(words).start(now);
      case "cut" -> mail.cut(words.takeNumber());
      case "heal" -> mail.heal();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readOptions(Words words) {
    while (!words.isEmpty()) {
      String name = words.take();
      long value = words.takeNumber();
      options =
          new RaftOptions(
              options.electionTimeoutNanos(),
              options.heartbeatNanos(),
              options.driftPerMille(),
              name.equals("message") ? value : options.messageBytes(),
              name.equals("window") ? value : options.windowBytes(),
              options.uncommittedBytes(),
              name.equals("catchup") ? value : options.catchUpBytes(),
              name.equals("quiet") ? value * MILLI : options.quietNanos());
      if (!List.of("message", "window", "catchup", "quiet").contains(name)) {
        throw new IllegalArgumentException("no option " + name);
      }
    }
  }

  private void begin(List<String> members) {
    Membership membership =
        members.size() == 1
            ? Solo.voters(Integer.parseInt(members.getFirst()))
            : Shorthand.membership(members);
    first = membership;
    servers.clear();
    mail.clear();
    membership.members().forEach(member -> add(member.id()));
  }

  private void add(long id) {
    Membership membership = first;
    if (membership == null) {
      throw new IllegalArgumentException("there is no group");
    }
    ConversationServer server =
        new ConversationServer(id, options, membership, this::say, mail::add);
    servers.put(id, server);
    touch(id).start(now);
  }

  private void restore(ConversationServer server, Words words) {
    words.expect("term");
    long term = words.takeNumber();
    long vote = words.takeIf("vote") ? words.takeNumber() : 0;
    words.expect("log");
    server.crash();
    server.restore(new HardState(term, vote), words.rest().stream().map(Long::valueOf).toList());
    server.start(now);
  }

  // Time.

  private boolean passTime(String command, Words words) {
    switch (command) {
      case "pass" -> now += words.takeNumber() * MILLI;
      case "tick" -> {
        ConversationServer server = touch(words);
        now += words.takeIf("by") ? words.takeNumber() * MILLI : 0;
        tick(server);
      }
      case "campaign" -> {
        ConversationServer server = touch(words);
        long wait = Math.max(0, server.raft().nextTickNanos() - now);
        say("after " + wait / MILLI + " ms");
        now += wait;
        tick(server);
      }
      case "live" -> live(words.takeNumber());
      case "wake" -> {
        ConversationServer server = touch(words);
        server.raft().wake(now);
        server.turn();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void live(long millis) {
    for (long i = 0; i < millis; i++) {
      now += MILLI;
      for (ConversationServer server : servers.values()) {
        if (server.isUp()) {
          touched.add(server.id());
          tick(server);
        }
      }
      stabilize();
    }
  }

  private void tick(ConversationServer server) {
    server.raft().tick(now);
    server.turn();
  }

  // Wishes.

  private boolean ask(String command, Words words) {
    if (!List.of("propose", "read", "transfer", "change").contains(command)) {
      return false;
    }
    ConversationServer server = touch(words);
    Raft raft = server.raft();
    Refusal refusal = null;
    switch (command) {
      case "propose" -> {
        byte[] payload = String.join(" ", words.rest()).getBytes(UTF_8);
        refusal = raft.refusal(payload.length);
        if (refusal == null) {
          raft.propose(payload, now);
        }
      }
      case "read" -> raft.read(words.takeNumber(), now);
      case "transfer" -> {
        words.expect("to");
        raft.transferTo(words.takeNumber(), now);
      }
      default -> {
        words.expect("to");
        refusal = raft.changeMembership(Shorthand.membership(words.rest()), now);
      }
    }
    if (refusal != null) {
      say(server.id() + " refuses: " + refusal);
    }
    server.turn();
    return true;
  }

  // What was begun.

  private void work(String command, Words words) {
    switch (command) {
      case "deliver", "drop", "repeat" -> carry(command, words);
      case "persist" -> persist(words);
      case "applied" -> touch(words).applied(words.takeNumber());
      case "open" -> {
        ConversationServer server = touch(words);
        words.expect("for");
        server.open(words.takeNumber());
      }
      case "cannot" -> {
        words.expect("open");
        ConversationServer server = touch(words);
        words.expect("for");
        server.cannotOpen(words.takeNumber());
      }
      case "piece" -> readPiece(words, false);
      case "last" -> {
        words.expect("piece");
        readPiece(words, true);
      }
      case "written" -> touch(words).written();
      case "installed" -> touch(words).installed();
      case "stabilize" -> stabilize();
      default -> throw new IllegalArgumentException("no such command");
    }
  }

  private void readPiece(Words words, boolean last) {
    ConversationServer server = touch(words);
    words.expect("for");
    long to = words.takeNumber();
    words.expect("of");
    server.read(to, (int) words.takeNumber(), last);
  }

  private void persist(Words words) {
    if (words.takeIf("all")) {
      for (ConversationServer server : servers.values()) {
        writeAll(server);
      }
      return;
    }
    ConversationServer server = touch(words);
    if (words.takeIf("all")) {
      writeAll(server);
    } else {
      server.writeOne(now);
    }
  }

  private void writeAll(ConversationServer server) {
    while (server.isWriting()) {
      touch(server.id()).writeOne(now);
    }
  }

  private void stabilize() {
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      ConversationServer busy = null;
      for (ConversationServer server : servers.values()) {
        busy = busy == null && server.goOn(now) ? server : busy;
      }
      if (busy != null) {
        touched.add(busy.id());
      } else if (mail.isEmpty()) {
        return;
      } else {
        deliver(mail.takeFirst());
      }
    }
    throw new IllegalArgumentException("it never ends");
  }

  // The network.

  private void carry(String command, Words words) {
    for (Message message : mail.choose(words)) {
      if (!command.equals("repeat")) {
        mail.remove(message);
      }
      if (command.equals("drop")) {
        lose(message);
      } else {
        deliver(message);
      }
    }
  }

  private void lose(Message message) {
    say("%d lost from %d %s".formatted(message.to(), message.from(), Shorthand.of(message)));
  }

  private void deliver(Message message) {
    ConversationServer to = servers.get(message.to());
    if (to == null || !to.isUp() || mail.isCut(message)) {
      lose(message);
      return;
    }
    say("%d <- %d %s".formatted(message.to(), message.from(), Shorthand.of(message)));
    touch(to.id()).raft().receive(message, now);
    to.turn();
  }
}
