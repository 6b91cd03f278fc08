package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.SessionState.ReplyMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connection and server commands over a session and a node that only remember. */
class ConversationTest {
  private final Handlers handlers = new Handlers();
  private final FakeSession session = handlers.session;

  private String line(String... words) {
    return handlers.call(words).strip();
  }

  @Test
  void helloIntroducesBothSides() {
    String reply = RespText.of(handlers.run(Handlers.words("HELLO", "3", "SETNAME", "me")), 3);
    assertThat(reply.split("\r\n"))
        .containsExactly(
            "%7",
            "$6",
            "server",
            "$5",
            "redis",
            "$7",
            "version",
            "$6",
            "7.0.15",
            "$5",
            "proto",
            ":3",
            "$2",
            "id",
            ":7",
            "$4",
            "mode",
            "$10",
            "standalone",
            "$4",
            "role",
            "$6",
            "master",
            "$7",
            "modules",
            "*0");
    assertThat(session.protocol).isEqualTo(3);
    assertThat(session.name).isEqualTo("me");
  }

  @Test
  void passwordsAreAskedForOnlyIfThereAreAny() {
    assertThat(line("AUTH", "x")).startsWith("-ERR AUTH <password> called without any password");
    session.passwordRequired = true;
    session.authenticated = false;
    assertThat(line("HELLO")).startsWith("-NOAUTH HELLO must be called with");
    assertThat(line("HELLO", "3", "AUTH", "default", "wrong")).startsWith("-WRONGPASS");
    assertThat(session.protocol).isEqualTo(2);
    assertThat(line("AUTH", "wrong")).startsWith("-WRONGPASS");
    assertThat(line("AUTH", "secret")).isEqualTo("+OK");
    assertThat(line("AUTH", "default", "secret")).isEqualTo("+OK");
    assertThat(line("HELLO", "2", "AUTH", "default", "secret")).startsWith("*14");
    assertThat(session.authenticated).isTrue();
  }

  @Test
  void selectTakesNumbersAndNames() {
    assertThat(line("SELECT", "2")).isEqualTo("+OK");
    assertThat(session.keyspace).isEqualTo(2);
    assertThat(line("SELECT", "default")).isEqualTo("+OK");
    assertThat(session.keyspace).isZero();
    assertThat(line("SELECT", "9")).isEqualTo("-ERR DB index is out of range");
    assertThat(line("SELECT", "orders"))
        .isEqualTo("-ERR there is no keyspace with the name 'orders'");
  }

  @Test
  void theSessionHearsWhatTheClientWants() {
    line("QUIT");
    line("RESET");
    line("CLIENT", "NO-EVICT", "on");
    line("CLIENT", "NO-TOUCH", "OFF");
    line("UNWATCH");
    line("WATCH", "a", "b");
    assertThat(session.calls)
        .containsExactly(
            "close", "reset", "noEvict true", "noTouch false", "unwatch", "watch [a, b]");
    line("CLIENT", "REPLY", "skip");
    assertThat(session.replyMode).isEqualTo(ReplyMode.SKIP);
    line("CLIENT", "SETINFO", "lib-name", "jedis");
    line("CLIENT", "SETINFO", "LIB-VER", "5.1");
    assertThat(session.libraryName + session.libraryVersion).isEqualTo("jedis5.1");
    assertThat(line("CLIENT", "SETINFO", "lib-ver", "a b"))
        .isEqualTo("-ERR lib-ver cannot contain spaces, newlines or special characters.");
    String long1024 = "n".repeat(1024);
    assertThat(line("CLIENT", "SETNAME", long1024)).isEqualTo("+OK");
    assertThat(line("CLIENT", "SETNAME", long1024 + "n"))
        .isEqualTo("-ERR Client names cannot have more than 1024 bytes.");
    assertThat(line("HELLO", "3", "SETNAME", long1024 + "n"))
        .isEqualTo("-ERR Client names cannot have more than 1024 bytes.");
    assertThat(line("CLIENT", "SETINFO", "lib-ver", long1024 + "n"))
        .isEqualTo("-ERR lib-ver cannot have more than 1024 bytes.");
    assertThat(line("CLIENT", "SETINFO", "x", "y")).isEqualTo("-ERR Unrecognized option 'x'");
    assertThat(line("CLIENT", "ID")).isEqualTo(":7");
  }

  @Test
  void transactionsBeginOnceAndEndOnce() {
    assertThat(line("EXEC")).isEqualTo("-ERR EXEC without MULTI");
    assertThat(line("DISCARD")).isEqualTo("-ERR DISCARD without MULTI");
    assertThat(line("MULTI")).isEqualTo("+OK");
    assertThat(line("MULTI")).isEqualTo("-ERR MULTI calls can not be nested");
    assertThat(line("WATCH", "a")).isEqualTo("-ERR WATCH inside MULTI is not allowed");
    assertThat(line("EXEC")).isEqualTo("*0");
    line("MULTI");
    assertThat(line("DISCARD")).isEqualTo("+OK");
    assertThat(session.inTransaction).isFalse();
  }

  @Test
  void clientsAreListed() {
    String me =
        "id=7 addr=127.0.0.1:1007 laddr=127.0.0.1:6379 fd=-1 name=me age=10 idle=1 flags=N db=0"
            + " sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=26 qbuf-free=0 argv-mem=0 multi-mem=0"
            + " rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=26 events=r cmd=client|list user=default"
            + " redir=-1 resp=2 lib-name=jedis lib-ver=5.0\n";
    assertThat(RespValue.parse(handlers.call("CLIENT", "LIST", "ID", "7", "8"))).isEqualTo(me);
    session.name = "me";
    assertThat(RespValue.parse(handlers.call("CLIENT", "INFO"))).isEqualTo(me);
    assertThat((String) RespValue.parse(handlers.call("CLIENT", "LIST"))).hasLineCount(3);
    assertThat((String) RespValue.parse(handlers.call("CLIENT", "LIST", "TYPE", "normal")))
        .hasLineCount(3);
    assertThat(RespValue.parse(handlers.call("CLIENT", "LIST", "TYPE", "pubsub"))).isEqualTo("");
  }

  @Test
  void clientsAreKilledAndOneselfLast() {
    assertThat(line("CLIENT", "KILL", "127.0.0.1:1003")).isEqualTo("+OK");
    assertThat(line("CLIENT", "KILL", "USER", "default")).isEqualTo(":1");
    assertThat(handlers.node.clients).extracting(ClientInfo::id).containsExactly(7L);
    assertThat(session.calls).isEmpty();
    assertThat(line("CLIENT", "KILL", "ID", "7", "SKIPME", "no")).isEqualTo(":1");
    assertThat(session.calls).containsExactly("close");
    assertThat(handlers.node.clients).extracting(ClientInfo::id).containsExactly(7L);
    assertThat(line("CLIENT", "KILL", "LADDR", "x", "TYPE", "normal")).isEqualTo(":0");
    assertThat(line("CLIENT", "KILL", "9.9.9.9:1")).isEqualTo("-ERR No such client");
  }

  @Test
  void infoShowsSections() {
    String server = "# Server\r\nredis_version:7.0.15\r\n";
    String statistics = "# Commandstats\r\ncmdstat_get:calls=1\r\n";
    String keyspace = "# Keyspace\r\ndb0:keys=1\r\n";
    assertThat(RespValue.parse(handlers.call("INFO"))).isEqualTo(server + "\r\n" + keyspace);
    assertThat(RespValue.parse(handlers.call("INFO", "KEYSPACE"))).isEqualTo(keyspace);
    assertThat(RespValue.parse(handlers.call("INFO", "commandstats", "server")))
        .isEqualTo(server + "\r\n" + statistics);
    assertThat(RespValue.parse(handlers.call("INFO", "all")))
        .isEqualTo(server + "\r\n" + statistics + "\r\n" + keyspace);
    assertThat(RespText.of(handlers.run(Handlers.words("INFO", "keyspace")), 3))
        .isEqualTo("=28\r\ntxt:" + keyspace + "\r\n");
  }

  @Test
  void configIsReadAndChanged() {
    assertThat(RespValue.parse(handlers.call("CONFIG", "GET", "MAX*", "save")))
        .isEqualTo(List.of("maxmemory", "0", "maxmemory-policy", "noeviction", "save", ""));
    assertThat(line("CONFIG", "SET", "Save", "1", "maxmemory", "5")).isEqualTo("+OK");
    assertThat(handlers.node.values).containsEntry("save", "1").containsEntry("maxmemory", "5");
    assertThat(line("CONFIG", "SET", "save", "bad"))
        .isEqualTo("-ERR CONFIG SET failed (possibly related to argument 'save') - bad");
    assertThat(line("CONFIG", "RESETSTAT")).isEqualTo("+OK");
    assertThat(handlers.node.statisticsReset).isTrue();
  }

  @Test
  void theSlowLogIsShownAndForgotten() {
    assertThat((List<?>) RespValue.parse(handlers.call("SLOWLOG", "GET"))).hasSize(10);
    assertThat((List<?>) RespValue.parse(handlers.call("SLOWLOG", "GET", "-1"))).hasSize(12);
    assertThat(RespValue.parse(handlers.call("SLOWLOG", "GET", "1")))
        .isEqualTo(
            List.of(
                List.of(
                    11L,
                    1_700_000_000L,
                    120_011L,
                    List.of("set", "k11", "(1 more word)"),
                    "127.0.0.1:1003",
                    "cart",
                    "journal 119ms, apply 1ms")));
    assertThat(line("SLOWLOG", "LEN")).isEqualTo(":12");
    assertThat(line("SLOWLOG", "RESET")).isEqualTo("+OK");
    assertThat(line("SLOWLOG", "LEN")).isEqualTo(":0");
  }

  @Test
  void timeIsTheNodes() {
    assertThat(RespValue.parse(handlers.call("TIME"))).isEqualTo(List.of("1700000000", "123456"));
  }

  @Test
  void commandTellsOfAllCommands() {
    int count = handlers.table.commands().size();
    assertThat(line("COMMAND", "COUNT")).isEqualTo(":" + count);
    assertThat((List<?>) RespValue.parse(handlers.call("COMMAND"))).hasSize(count);
    assertThat((List<?>) RespValue.parse(handlers.call("COMMAND", "INFO"))).hasSize(count);
    assertThat((List<?>) RespValue.parse(handlers.call("COMMAND", "LIST"))).hasSize(count);
    assertThat((List<?>) RespValue.parse(handlers.call("COMMAND", "DOCS"))).hasSize(2 * count);
    assertThat(RespValue.parse(handlers.call("COMMAND", "LIST", "FILTERBY", "PATTERN", "GETD*")))
        .isEqualTo(List.of("getdel"));
    assertThat(
            RespValue.parse(handlers.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", "transaction")))
        .isEqualTo(List.of("discard", "exec", "multi", "unwatch", "watch"));
    assertThat(handlers.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", "admin"))
        .contains("client|kill", "config|set");
  }

  @Test
  void helpNamesEverySubcommand() {
    for (String container : List.of("client", "config", "object", "command")) {
      String help = handlers.call(container, "HELP");
      CommandSpec spec =
          handlers.table.commands().stream()
              .filter(candidate -> candidate.name().equals(container))
              .findFirst()
              .orElseThrow();
      for (CommandSpec sub : spec.subcommands()) {
        String name = Bytes.upper(sub.name().substring(container.length() + 1));
        assertThat(help).contains("+" + name);
      }
    }
  }
}
