package io.distkv.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {
  @TempDir private Path folder;

  private Configuration read(String yaml, Map<String, String> environment, String... assignments)
      throws IOException, ConfigurationException {
    Path file = folder.resolve("distkv.yaml");
    Files.writeString(file, yaml);
    return ConfigurationReader.read(Optional.of(file), environment, List.of(assignments));
  }

  private List<String> problems(String yaml, String... assignments) {
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> read(yaml, Map.of(), assignments));
    assertThat(refused).as("refused").isNotNull();
    return refused.problems().stream()
        .map(problem -> problem.replace(folder.toString() + "/", ""))
        .toList();
  }

  private static List<String> names(Configuration configuration) {
    return configuration.keyspaces().stream()
        .map(keyspace ->
            keyspace.get(KeyspaceSettings.NUMBER) + " " + keyspace.get(KeyspaceSettings.NAME))
        .toList();
  }

  @Test
  void anEmptyFileMeansTheDefaults() throws Exception {
    Configuration configuration = read("# nothing\n", Map.of());
    assertThat(configuration.get(ServerSettings.RESP_PORT)).isEqualTo(6379);
    assertThat(configuration.get(HttpSettings.PORT)).isEqualTo(8379);
    assertThat(configuration.get(ServerSettings.RESP_BIND)).isEqualTo("127.0.0.1");
    assertThat(configuration.keyspaces()).hasSize(16);
    assertThat(names(configuration)).startsWith("0 default", "1 db1").endsWith("15 db15");
  }

  @Test
  void laterSourcesOverrideEarlierOnes() throws Exception {
    String yaml = "resp:\n  port: 7000\nhttp.port: 7001\nlanes: 3\n";
    Map<String, String> environment = Map.of("DISTKV_RESP_PORT", "7100", "DISTKV_LANES", "5");
    Configuration configuration = read(yaml, environment, "resp.port=7200");
    assertThat(configuration.get(ServerSettings.RESP_PORT)).isEqualTo(7200);
    assertThat(configuration.get(ServerSettings.LANES)).isEqualTo(5);
    assertThat(configuration.get(HttpSettings.PORT)).isEqualTo(7001);
  }

  @Test
  void everyTypeIsUnderstood() throws Exception {
    Configuration configuration =
        read(
            """
            memory:
              blockCache: 64MiB
              memtables: 10%
            clients:
              idleTimeout: 90s
              outputLimit: 1GiB
            log: {format: json, level: debug}
            slowOperation: 250us
            insecure: true
            """,
            Map.of());
    assertThat(configuration.get(ServerSettings.BLOCK_CACHE).bytes(1)).isEqualTo(64L << 20);
    assertThat(configuration.get(ServerSettings.MEMTABLES).bytes(1000)).isEqualTo(100);
    assertThat(configuration.get(ServerSettings.IDLE_TIMEOUT)).isEqualTo(Duration.ofSeconds(90));
    assertThat(configuration.get(ServerSettings.OUTPUT_LIMIT)).isEqualTo(1L << 30);
    assertThat(configuration.get(ServerSettings.LOG_FORMAT)).isEqualTo(LogFormat.JSON);
    assertThat(configuration.get(ServerSettings.LOG_LEVEL)).isEqualTo(LogLevel.DEBUG);
    assertThat(configuration.get(ServerSettings.SLOW_OPERATION))
        .isEqualTo(Duration.ofNanos(250_000));
    assertThat(configuration.get(ServerSettings.INSECURE)).isTrue();
  }

  @Test
  void keyspacesOfFileEnvironmentAndCommandLine() throws Exception {
    Configuration configuration =
        read(
            """
            databases: 3
            keyspaces:
              - name: default
                partitions: 16
              - name: sessions
                number: 1
                durability: interval
                interval: 20ms
                compression: [none, lz4, zstd]
                maxBytes: 2GiB
              - {name: orders, number: 40, history: 1h}
            """,
            Map.of(
                "DISTKV_KEYSPACES_DB2_DURABILITY",
                "none",
                "DISTKV_KEYSPACES_DB2_MAX_BYTES",
                "5TiB"),
            "keyspaces.orders.partitions=4");
    assertThat(names(configuration))
        .containsExactly("0 default", "1 sessions", "2 db2", "40 orders");
    assertThat(configuration.keyspaces().get(0).get(KeyspaceSettings.PARTITIONS)).isEqualTo(16);
    SettingValues sessions = configuration.keyspaces().get(1);
    assertThat(sessions.get(KeyspaceSettings.INTERVAL)).isEqualTo(Duration.ofMillis(20));
    assertThat(sessions.text(KeyspaceSettings.COMPRESSION)).isEqualTo("[none, lz4, zstd]");
    assertThat(configuration.keyspaces().get(2).text(KeyspaceSettings.DURABILITY))
        .isEqualTo("none");
    assertThat(configuration.keyspaces().get(0).get(KeyspaceSettings.MAX_BYTES)).isZero();
    assertThat(sessions.get(KeyspaceSettings.MAX_BYTES)).isEqualTo(2L << 30);
    assertThat(configuration.keyspaces().get(2).get(KeyspaceSettings.MAX_BYTES))
        .isEqualTo(5L << 40);
    SettingValues orders = configuration.keyspaces().get(3);
    assertThat(orders.get(KeyspaceSettings.PARTITIONS)).isEqualTo(4);
    assertThat(orders.get(KeyspaceSettings.HISTORY)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void eachMistakeIsOneLineWithItsPlaceAndWhatIsAllowed() {
    assertThat(
            problems(
                """
                lanes: 2
                resp:
                  prot: 7000
                  port: 70000
                logg: 1
                memory.blockCache: 95%
                journal:
                  segment: 3MB
                """,
                "http.port=x",
                "nonsense",
                "keyspaces.default.partitions=3",
                "keyspaces.default.maxBytes=-1"))
        .containsExactly(
            "--set nonsense: not of the form name=value",
            "distkv.yaml:3: resp.prot: unknown setting; did you mean resp.port?; allowed:"
                + " resp.bind, resp.port, resp.backlog",
            "distkv.yaml:4: resp.port: \"70000\" is not allowed; allowed: 0 to 65535",
            "distkv.yaml:5: logg: unknown setting; allowed: data, insecure, resp.*, http.*,"
                + " grpc.*, clients.*, limits.*, requestTimeout, admittedWait, lanes, databases, memory.*, journal.*,"
                + " compaction.*, storage.*, disk.*, log.*, slowOperation, slowOperationsKept, tracing.*, stopTimeout",
            "distkv.yaml:6: memory.blockCache: \"95%\" is not allowed; allowed: 1% to 90% of the"
                + " heap, such a share with a bound (20% up to 1GiB), or from 1MiB up",
            "distkv.yaml:8: journal.segment: \"3MB\" is not allowed; allowed: 1MiB to 1GiB, with B,"
                + " KiB, MiB, GiB or TiB",
            "--set http.port: \"x\" is not allowed; allowed: 0 to 65535",
            "--set keyspaces.default.partitions: \"3\" is not"
                + " allowed; allowed: a power of two from 1 to 4096",
            "--set keyspaces.default.maxBytes: \"-1\" is not allowed; allowed: 0 to 1024TiB, with B,"
                + " KiB, MiB, GiB or TiB");
  }

  @Test
  void memoryIsAnAmountOrAShareThatMayBeBounded() {
    long heapBytes = 1000L << 20;
    assertThat(memtables("64MiB")).isEqualTo(new MemorySize.Bytes(64 << 20));
    assertThat(memtables("10%").bytes(heapBytes)).isEqualTo(100L << 20);
    assertThat(memtables("10% up to 64MiB").bytes(heapBytes)).isEqualTo(64L << 20);
    assertThat(memtables("10%  up to  64 GiB").bytes(heapBytes)).isEqualTo(100L << 20);
    for (String wrong : List.of("95% up to 1GiB", "10% up to", "10% up to 2", "1GiB up to 2GiB")) {
      assertThat(problems("", "memory.memtables=" + wrong)).as(wrong).hasSize(1);
    }
  }

  private static MemorySize memtables(String text) {
    return Objects.requireNonNull(ValueType.memory(1 << 20).parser().apply(text));
  }

  @Test
  void mistakesInKeyspaces() {
    assertThat(
            problems(
                """
                keyspaces:
                  - partitions: 2
                  - name: orders
                    partition: 2
                  - name: sessions
                    number: 0
                  - name: default
                    number: 0
                """))
        .containsExactly(
            "distkv.yaml:2: keyspaces: an entry needs a name; allowed: a small letter, then up to"
                + " 62 small letters, digits, - or _",
            "distkv.yaml:4: keyspaces.orders.partition: unknown setting; did you mean partitions?;"
                + " allowed: name, number, partitions, durability, interval, history, compression,"
                + " maxBytes",
            "distkv.yaml:3: keyspaces.orders.number: missing; allowed: 0 to 9999",
            "distkv.yaml:7: keyspaces.default.number: 0 is the number of sessions; allowed: one of"
                + " its own");
  }

  @Test
  void whatIsNotYamlIsNamedWithItsLine() {
    assertThat(problems("lanes: 1\nresp: [1\nhttp: }"))
        .singleElement()
        .asString()
        .startsWith("distkv.yaml:3: not YAML: ");
    assertThat(problems("lanes: 1\nlanes: 2\n"))
        .containsExactly("distkv.yaml:2: lanes: set twice in this file; allowed: once");
    assertThat(problems("lanes: {a: {b: 1}}\n"))
        .singleElement()
        .asString()
        .startsWith("distkv.yaml:1: lanes.a.b: unknown setting");
    assertThat(problems("resp:\n  - port: 1\n"))
        .containsExactly("distkv.yaml:2: resp: neither a value nor a section");
  }

  @Test
  void aMissingFileIsAMistake() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                ConfigurationReader.read(
                    Optional.of(folder.resolve("none.yaml")), Map.of(), List.of()));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("none.yaml: there is no such file");
  }

  @Test
  void strangeVariablesAreMentionedAndIgnored() throws Exception {
    Configuration configuration =
        read(
            "",
            Map.of("DISTKV_PORT_6379_TCP", "tcp://10.0.0.1:6379", "DISTKV_JAVA_OPTS", "-Xmx1g"));
    assertThat(configuration.warnings())
        .containsExactly("the environment variable DISTKV_PORT_6379_TCP names no setting: ignored");
  }
}
