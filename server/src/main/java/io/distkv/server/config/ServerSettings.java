package io.distkv.server.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Every setting of a node, but for those of its keyspaces. */
public final class ServerSettings {
  private static final Duration DAY = Duration.ofDays(1);
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long TIB = 1024 * GIB;
  private static final ValueType<String> ADDRESS =
      ValueType.text(
          "IP address",
          "an IP address of this machine",
          Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*"));

  public static final Setting<String> DATA =
      Setting.of(
              "data",
              ValueType.text("path", "the path of a folder", Pattern.compile(".+")),
              "./distkv-data",
              "The folder that holds everything the node stores. Made if it is missing; used by one"
                  + " node at a time. The flag `--data` sets it, too.")
          .asRedis("dir");

  public static final Setting<Boolean> INSECURE =
      Setting.of(
          "insecure",
          ValueType.flag(),
          "false",
          "Lets the node listen on addresses other than loopback although it has no passwords and"
              + " no encryption: whoever reaches it can read, change and delete everything.");

  public static final Setting<String> RESP_BIND =
      Setting.of(
              "resp.bind", ADDRESS, "127.0.0.1", "The address on which Redis clients are served.")
          .asRedis("bind");

  public static final Setting<Integer> RESP_PORT =
      Setting.of(
              "resp.port",
              ValueType.count(0, 65_535),
              "6379",
              "The port for Redis clients; 0 takes any free one, which the ready line names. The"
                  + " flag `--resp-port` sets it, too.")
          .asRedis("port");

  public static final Setting<Integer> RESP_BACKLOG =
      Setting.of(
              "resp.backlog",
              ValueType.count(1, 65_535),
              "511",
              "How many connections may wait in the operating system to be accepted.")
          .asRedis("tcp-backlog");

  public static final Setting<Integer> MAX_CLIENTS =
      Setting.of(
              "clients.max",
              ValueType.count(1, 1_000_000),
              "16000",
              "How many Redis clients may be connected; one more is told so and closed.")
          .changeableAtRunTime()
          .asRedis("maxclients");

  public static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
              "clients.idleTimeout",
              ValueType.duration(Duration.ZERO, DAY.multipliedBy(365)),
              "0",
              "A client that sends nothing for so long is closed; 0 never closes one.")
          .changeableAtRunTime()
          .asRedis(
              "timeout", value -> String.valueOf(value.toSeconds()), text -> withUnit(text, "s"));

  public static final Setting<Long> OUTPUT_LIMIT =
      Setting.of(
              "clients.outputLimit",
              ValueType.bytes(MIB, 64 * GIB),
              "256MiB",
              "A client that leaves more than this of its replies unread is closed, and the log"
                  + " says so. Long before, at 1MiB, the node stops reading its requests.")
          .changeableAtRunTime();

  public static final Setting<Integer> DATABASES =
      Setting.of(
              "databases",
              ValueType.count(1, 1000),
              "16",
              "How many numbered keyspaces there are without being listed: number 0 is named"
                  + " default, number N is named dbN. A listed keyspace of the same name or number"
                  + " takes the place of its default.")
          .asRedis("databases");

  public static final Setting<Integer> LANES =
      Setting.of(
          "lanes",
          ValueType.count(0, 256),
          "0",
          "Threads that serve clients and hold the partitions, each with a journal of its own; 0"
              + " takes one for each processor. May be changed between two starts.");

  public static final Setting<MemorySize> BLOCK_CACHE =
      Setting.of(
          "memory.blockCache",
          ValueType.memory(MIB),
          "35%",
          "Memory for blocks of tables that were read from disk.");

  public static final Setting<MemorySize> MEMTABLES =
      Setting.of(
          "memory.memtables",
          ValueType.memory(MIB),
          "20%",
          "Memory for recent writes of all partitions together; where it runs short, the oldest"
              + " go to disk first.");

  public static final Setting<Long> JOURNAL_SEGMENT =
      Setting.of(
          "journal.segment",
          ValueType.bytes(MIB, GIB),
          "64MiB",
          "Size of one file of a journal. Its space is taken in advance and used again.");

  public static final Setting<Long> JOURNAL_BUDGET =
      Setting.of(
          "journal.budget",
          ValueType.bytes(4 * MIB, TIB),
          "1GiB",
          "How large the journal of a lane may become before the partitions that hold its oldest"
              + " records are flushed. Bounds the time that a restart takes.");

  public static final Setting<Integer> COMPACTION_WORKERS =
      Setting.of(
          "compaction.workers",
          ValueType.count(0, 64),
          "0",
          "Threads that flush and compact; 0 takes half the processors, at least one.");

  public static final Setting<Long> IO_RATE =
      Setting.of(
          "compaction.ioRate",
          ValueType.bytes(0, TIB),
          "0",
          "Most bytes a second that flushes and compactions write; 0 sets no bound.");

  public static final Setting<Long> DISK_RESERVE =
      Setting.of(
          "disk.reserve",
          ValueType.bytes(0, TIB),
          "256MiB",
          "Where less than this is free on the disk, writes are refused with a clear error, while"
              + " reads, deletes and compaction go on.");

  public static final Setting<String> HTTP_BIND =
      Setting.of(
          "http.bind", ADDRESS, "127.0.0.1", "The address on which metrics and health are served.");

  public static final Setting<Integer> HTTP_PORT =
      Setting.of(
          "http.port",
          ValueType.count(0, 65_535),
          "8379",
          "The port for `/metrics`, `/healthz` and `/readyz`; 0 takes any free one, which the ready"
              + " line names. The flag `--http-port` sets it, too.");

  public static final Setting<LogFormat> LOG_FORMAT =
      Setting.of(
          "log.format",
          ValueType.choice(LogFormat.class),
          "text",
          "How log lines are written to standard error: for people, or one JSON object a line.");

  public static final Setting<LogLevel> LOG_LEVEL =
      Setting.of(
              "log.level",
              ValueType.choice(LogLevel.class),
              "info",
              "The least important log lines that are written.")
          .changeableAtRunTime();

  public static final Setting<Duration> SLOW_OPERATION =
      Setting.of(
              "slowOperation",
              ValueType.duration(Duration.ZERO, DAY),
              "100ms",
              "An operation that takes longer, from its arrival to its reply, becomes a JFR event"
                  + " and is counted; 0 turns this off.")
          .changeableAtRunTime()
          .asRedis(
              "slowlog-log-slower-than",
              value -> String.valueOf(value.toNanos() / 1000),
              text -> withUnit(text, "us"));

  public static final Setting<Duration> STOP_TIMEOUT =
      Setting.of(
          "stopTimeout",
          ValueType.duration(Duration.ofMillis(100), DAY),
          "10s",
          "How long a stop waits for requests that are under way before it closes their"
              + " connections.");

  public static final SettingTable TABLE =
      new SettingTable(
          List.of(
              DATA,
              INSECURE,
              RESP_BIND,
              RESP_PORT,
              RESP_BACKLOG,
              HTTP_BIND,
              HTTP_PORT,
              MAX_CLIENTS,
              IDLE_TIMEOUT,
              OUTPUT_LIMIT,
              LANES,
              DATABASES,
              MEMTABLES,
              BLOCK_CACHE,
              JOURNAL_SEGMENT,
              JOURNAL_BUDGET,
              COMPACTION_WORKERS,
              IO_RATE,
              DISK_RESERVE,
              LOG_FORMAT,
              LOG_LEVEL,
              SLOW_OPERATION,
              STOP_TIMEOUT));

  private ServerSettings() {}

  private static String withUnit(String number, String unit) {
    return number.matches("\\d+") ? number + unit : number;
  }
}
