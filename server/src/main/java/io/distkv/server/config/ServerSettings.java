package io.distkv.server.config;

import io.distkv.base.Limits;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Every setting of a node, but for those of its keyspaces. */
public final class ServerSettings {
  static final long KIB = 1024;
  static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long TIB = 1024 * GIB;
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
              "resp.bind",
              ValueType.ADDRESS,
              "127.0.0.1",
              "The address on which Redis clients are served.")
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
              ValueType.duration(Duration.ZERO, ValueType.DAY.multipliedBy(365)),
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

  public static final Setting<Integer> IN_FLIGHT =
      Setting.of(
              "clients.inFlight",
              ValueType.count(1, 1_000_000),
              "1024",
              "How many requests of one client may be under way; the node reads no more of them until"
                  + " half are answered.")
          .changeableAtRunTime();

  public static final Setting<Long> IN_FLIGHT_BYTES =
      Setting.of(
              "clients.inFlightBytes",
              ValueType.bytes(64 * KIB, GIB),
              "32MiB",
              "How many bytes of requests of one client may be under way; the node reads no more of"
                  + " them until half are answered.")
          .changeableAtRunTime();

  public static final Setting<MemorySize> CLIENT_MEMORY =
      Setting.of(
              "clients.memory",
              ValueType.memory(MIB),
              "15%",
              "Memory that all Redis clients together may take: requests that have not come whole or"
                  + " are under way, commands queued in transactions, replies not yet taken. Beyond"
                  + " it, clients that hold more than 64KiB are not read from until there is room, or"
                  + " until it is their turn; what stays for longer than a second or two is given up,"
                  + " the largest first: a request or transaction is answered with OVERLOADED, and who"
                  + " leaves replies unread is closed. Beyond twice that, a read with a reply of more"
                  + " than 64KiB is answered with OVERLOADED.")
          .changeableAtRunTime()
          .asRedis("maxmemory-clients");

  public static final Setting<Long> KEY_LIMIT =
      Setting.of(
          "limits.key",
          ValueType.bytes(1, Limits.MAX_KEY_BYTES),
          String.valueOf(Limits.MAX_KEY_BYTES),
          "Bytes that a key in a request may have; a longer one is answered with TOOLARGE. Keys that"
              + " are stored already stay as they are.");

  public static final Setting<Long> VALUE_LIMIT =
      Setting.of(
          "limits.value",
          ValueType.bytes(1, Limits.MAX_VALUE_BYTES),
          "16MiB",
          "Bytes that a value in a request may have; a longer one is answered with TOOLARGE. What"
              + " APPEND, SETRANGE and SETBIT build up from smaller parts may still reach 16MiB.");

  public static final Setting<Integer> BATCH_LIMIT =
      Setting.of(
          "limits.batch",
          ValueType.count(1, Limits.MAX_BATCH_OPERATIONS),
          String.valueOf(Limits.MAX_BATCH_OPERATIONS),
          "Commands that a transaction may have, keys that one command may have, and keys that a"
              + " client may watch.");

  public static final Setting<Long> BATCH_BYTES_LIMIT =
      Setting.of(
          "limits.batchBytes",
          ValueType.bytes(KIB, Limits.MAX_BATCH_BYTES),
          "64MiB",
          "Bytes of all the words of a transaction, or of one command.");

  public static final Setting<Duration> REQUEST_TIMEOUT =
      Setting.of(
          "requestTimeout",
          ValueType.duration(Duration.ofMillis(10), Duration.ofHours(1)),
          "10s",
          "A request that has no reply after so long is answered with TIMEOUT; a write may have"
              + " happened nevertheless, or may yet.");

  public static final Setting<Duration> ADMITTED_WAIT =
      Setting.of(
          "admittedWait",
          ValueType.duration(Duration.ZERO, Duration.ofHours(1)),
          "200ms",
          "How long a write may wait, about, because others came before it. Where all wait longer,"
              + " further ones are answered with OVERLOADED, and those that were taken are answered"
              + " in time; what a connection sends before it has its replies only waits. 0 never"
              + " refuses any.");

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
          "30%",
          "Memory for blocks of tables that were read from disk.");

  public static final Setting<MemorySize> MEMTABLES =
      Setting.of(
          "memory.memtables",
          ValueType.memory(MIB),
          "20% up to 256MiB",
          "Memory for recent writes of all partitions together; where it runs short, those of the"
              + " partition with most go to disk first. More lets large data be rewritten less often;"
              + " but what no longer fits the processor's caches slows every write down, and the"
              + " garbage collector moves it.");

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

  public static final Setting<Integer> OPEN_FILES =
      Setting.of(
          "storage.openFiles",
          ValueType.count(0, 1_000_000),
          "0",
          "How many files of tables may be open at a time, over all partitions. There may be far more"
              + " tables: a file beyond the bound is closed, the one that was not read for longest"
              + " first, and opened again when it is read from disk. 0 takes a quarter of what"
              + " `ulimit -n` allows, at most 16384.");

  public static final Setting<Long> DISK_RESERVE =
      Setting.of(
          "disk.reserve",
          ValueType.bytes(0, TIB),
          "256MiB",
          "Where less than this is free on the disk, writes are refused with a clear error, while"
              + " reads, deletes and compaction go on.");

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
              ValueType.duration(Duration.ZERO, ValueType.DAY),
              "100ms",
              "An operation that takes longer, from its arrival to its reply, is logged with the"
                  + " parts of its time, shown by SLOWLOG, counted, and a JFR event; 0 turns this"
                  + " off.")
          .changeableAtRunTime()
          .asRedis(
              "slowlog-log-slower-than",
              value -> String.valueOf(value.toNanos() / 1000),
              text -> withUnit(text, "us"));

  public static final Setting<Integer> SLOW_OPERATIONS_KEPT =
      Setting.of(
              "slowOperationsKept",
              ValueType.count(0, 100_000),
              "128",
              "How many slow operations SLOWLOG remembers.")
          .changeableAtRunTime()
          .asRedis("slowlog-max-len");

  public static final Setting<String> TRACING_ENDPOINT =
      Setting.of(
          "tracing.endpoint",
          ValueType.text(
              "URL",
              "off and URLs such as http://127.0.0.1:4318",
              Pattern.compile("off|https?://[A-Za-z0-9.:\\[\\]/_-]+")),
          "off",
          "Where traces are sent, by OTLP over HTTP: the base URL of an OpenTelemetry collector, or"
              + " `off`.");

  public static final Setting<Double> TRACING_SHARE =
      Setting.of(
              "tracing.share",
              ValueType.share(),
              "1%",
              "Which share of the requests is traced whose callers do not say themselves whether"
                  + " they are, from 0% to 100%.")
          .changeableAtRunTime();

  public static final Setting<Boolean> TRACING_CALLERS =
      Setting.of(
              "tracing.followCallers",
              ValueType.flag(),
              "true",
              "Whether a request that belongs to a trace of its caller's (W3C Trace Context, over"
                  + " HTTP and gRPC) is traced if the caller says so, and else not.")
          .changeableAtRunTime();

  public static final Setting<Duration> STOP_TIMEOUT =
      Setting.of(
          "stopTimeout",
          ValueType.duration(Duration.ofMillis(100), ValueType.DAY),
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
              HttpSettings.BIND,
              HttpSettings.PORT,
              HttpSettings.CONNECTIONS,
              HttpSettings.REQUESTS,
              HttpSettings.WATCHES,
              HttpSettings.MEMORY,
              HttpSettings.BODY_LIMIT,
              HttpSettings.TIMEOUT,
              HttpSettings.IDLE_TIMEOUT,
              HttpSettings.CORS,
              HttpSettings.HOSTS,
              GrpcSettings.BIND,
              GrpcSettings.PORT,
              GrpcSettings.CALLS,
              GrpcSettings.CONNECTIONS,
              GrpcSettings.MEMORY,
              GrpcSettings.TIMEOUT,
              GrpcSettings.IDLE_TIMEOUT,
              MAX_CLIENTS,
              IDLE_TIMEOUT,
              OUTPUT_LIMIT,
              IN_FLIGHT,
              IN_FLIGHT_BYTES,
              CLIENT_MEMORY,
              KEY_LIMIT,
              VALUE_LIMIT,
              BATCH_LIMIT,
              BATCH_BYTES_LIMIT,
              REQUEST_TIMEOUT,
              ADMITTED_WAIT,
              LANES,
              DATABASES,
              MEMTABLES,
              BLOCK_CACHE,
              JOURNAL_SEGMENT,
              JOURNAL_BUDGET,
              COMPACTION_WORKERS,
              IO_RATE,
              OPEN_FILES,
              DISK_RESERVE,
              LOG_FORMAT,
              LOG_LEVEL,
              SLOW_OPERATION,
              SLOW_OPERATIONS_KEPT,
              TRACING_ENDPOINT,
              TRACING_SHARE,
              TRACING_CALLERS,
              STOP_TIMEOUT));

  private ServerSettings() {}

  private static String withUnit(String number, String unit) {
    return number.matches("\\d+") ? number + unit : number;
  }
}
