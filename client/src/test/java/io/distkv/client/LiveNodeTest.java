package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** All operations before a real node, each as a call of its own and sharing messages. */
@Timeout(120)
@ParameterizedClass(name = "batching {0}")
@ValueSource(booleans = {false, true})
class LiveNodeTest {
  @TempDir static Path folder;
  private static NodeProcess node;
  private DistKv client;
  private static int tests;

  @Parameter boolean batching;
  private final String prefix = "test " + tests++ + " ";

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.start(folder);
  }

  @AfterAll
  static void stopNode() throws IOException {
    node.close();
  }

  @BeforeEach
  void connect() {
    client =
        DistKv.builder()
            .addresses(node.address())
            .batching(batching ? Batching.DEFAULT : Batching.OFF)
            .connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  private Keyspace<String, String> keyspace() {
    return client.keyspace("default");
  }

  @Test
  void whatIsPutIsThereAsOfItsVersion() {
    String key = prefix + "k";
    long first = keyspace().put(key, "1").version();
    long second = keyspace().put(key, "2").version();
    assertThat(second).isGreaterThan(first);
    Value<String> found = keyspace().get(key).orElseThrow();
    assertThat(found.value()).isEqualTo("2");
    assertThat(found.version()).isEqualTo(second);
    assertThat(found.lifeLeft()).isEmpty();
    assertThat(keyspace().get(prefix + "none")).isEmpty();
    assertThat(keyspace().get(key, get -> get.asOf(first)).orElseThrow().value()).isEqualTo("1");
    // Versions begin with the milliseconds of their write.
    Instant before = Instant.ofEpochMilli(first >>> 16);
    assertThat(keyspace().get(key, get -> get.asOf(before))).isEmpty();
  }

  @Test
  void aPutMayHangOnAConditionAndTellWhatWasThere() {
    String key = prefix + "k";
    assertThatThrownBy(() -> keyspace().put(key, "v", put -> put.ifPresent()))
        .isInstanceOf(VersionMismatchException.class);
    long first = keyspace().put(key, "v", put -> put.ifAbsent()).version();
    assertThatThrownBy(() -> keyspace().put(key, "w", put -> put.ifAbsent()))
        .isInstanceOf(VersionMismatchException.class)
        .hasMessageContaining("it has version " + first);
    Written<String> second = keyspace().put(key, "w", put -> put.ifVersion(first).returnPrevious());
    assertThat(second.previous().orElseThrow().value()).isEqualTo("v");
    assertThatThrownBy(() -> keyspace().delete(key, delete -> delete.ifVersion(first)))
        .isInstanceOf(VersionMismatchException.class);
    Written<String> gone = keyspace().delete(key, delete -> delete.returnPrevious());
    assertThat(gone.previous().orElseThrow().version()).isEqualTo(second.version());
    assertThat(gone.changed()).isTrue();
    assertThat(keyspace().delete(key).changed()).isFalse();
  }

  @Test
  void valuesLiveAsLongAsTheyAreGiven() {
    String key = prefix + "k";
    keyspace().put(key, "v", put -> put.ttl(Duration.ofMinutes(5)));
    assertThat(keyspace().get(key).orElseThrow().lifeLeft().orElseThrow())
        .isBetween(Duration.ofMillis(1), Duration.ofMinutes(5));
    keyspace().put(key, "w", put -> put.keepTtl());
    assertThat(keyspace().get(key).orElseThrow().lifeLeft()).isPresent();
    keyspace().put(key, "x", put -> put.expireAt(Instant.now().plusSeconds(60)));
    assertThat(keyspace().get(key).orElseThrow().lifeLeft().orElseThrow())
        .isLessThanOrEqualTo(Duration.ofSeconds(70));
    keyspace().put(key, "y", put -> put.expireAt(Instant.ofEpochMilli(1)));
    assertThat(keyspace().get(key)).isEmpty();
  }

  @Test
  void numbersAreCounted() {
    Keyspace<String, Long> numbers = client.keyspace("default", String.class, Long.class);
    String key = prefix + "n";
    assertThat(numbers.increment(key, 3).value()).isEqualTo(3);
    assertThat(numbers.increment(key, -5).value()).isEqualTo(-2);
    Sum sum = numbers.increment(key, 1, options -> options.initial(100));
    assertThat(sum.value()).isEqualTo(-1);
    assertThat(numbers.get(key).orElseThrow())
        .isEqualTo(new Value<>(-1L, sum.version(), java.util.Optional.empty()));
    assertThat(numbers.increment(prefix + "m", 1, o -> o.initial(9)).value()).isEqualTo(10);
    numbers.increment(prefix + "t", 1, options -> options.ttl(Duration.ofMinutes(1)));
    assertThat(numbers.get(prefix + "t").orElseThrow().lifeLeft()).isPresent();
    keyspace().put(prefix + "text", "x");
    assertThatThrownBy(() -> keyspace().increment(prefix + "text", 1))
        .hasMessageContaining("not an integer");
  }

  @Test
  void aBatchIsDoneAsAWholeOrNotAtAll() {
    String a = prefix + "a";
    String b = prefix + "b";
    Batch<String, String> batch = keyspace().newBatch();
    var put = batch.put(a, "1", options -> options.ifAbsent());
    var sum = batch.increment(a, 4);
    var read = batch.get(a);
    var gone = batch.delete(b);
    BatchResults done = keyspace().commit(batch);
    assertThat(done.get(sum).value()).isEqualTo(5);
    assertThat(done.get(read).orElseThrow().value()).isEqualTo("5");
    assertThat(done.get(read).orElseThrow().version()).isEqualTo(done.get(put).version());
    assertThat(done.get(gone).changed()).isFalse();
    assertThatThrownBy(() -> keyspace().commit(batch))
        .isInstanceOf(VersionMismatchException.class)
        .hasMessageContaining("operation 1 of the batch");
    Batch<String, String> guarded = keyspace().newBatch();
    guarded.put(b, "x");
    var stale = guarded.requireVersion(a, done.get(put).version() + 1);
    assertThatThrownBy(() -> keyspace().commit(guarded))
        .isInstanceOf(VersionMismatchException.class);
    assertThat(keyspace().get(b)).isEmpty();
    assertThatThrownBy(() -> done.get(stale)).isInstanceOf(IllegalArgumentException.class);
    Batch<String, String> holds = keyspace().newBatch();
    holds.requirePresent(a);
    holds.requireAbsent(b);
    var write = holds.put(b, "y", options -> options.ttl(Duration.ofMinutes(1)));
    assertThat(keyspace().async().commit(holds).join().get(write).changed()).isTrue();
    assertThatThrownBy(() -> holds.put(a, "x", options -> options.returnPrevious()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyAtATimeAreEachAnsweredAndEachFailsAlone() {
    AsyncKeyspace<String, String> parts = client.keyspace("parts").async();
    Map<String, CompletableFuture<Written<String>>> puts = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      String key = prefix + i;
      puts.put(key, parts.put(key, "value of " + key));
    }
    CompletableFuture<Written<String>> refused =
        parts.put(prefix + 0, "x", put -> put.ifVersion(1));
    puts.values().forEach(CompletableFuture::join);
    assertThat(refused)
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(VersionMismatchException.class);
    Map<String, CompletableFuture<java.util.Optional<Value<String>>>> gets = new TreeMap<>();
    puts.keySet().forEach(key -> gets.put(key, parts.get(key)));
    gets.forEach(
        (key, get) -> assertThat(get.join().orElseThrow().value()).isEqualTo("value of " + key));
  }

  @Test
  void whatIsWrongIsNamed() {
    DistKvException thrown =
        catchThrowableOfType(
            DistKvException.class, () -> client.keyspace("nosuch").get(prefix + "k"));
    assertThat(thrown.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(thrown).hasMessage("NOT_FOUND: there is no keyspace nosuch");
    DistKvException ahead =
        catchThrowableOfType(
            DistKvException.class,
            () -> keyspace().get(prefix + "k", get -> get.asOf(Long.MAX_VALUE - 1)));
    assertThat(ahead.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void theLargestValueGoesThereAndBack() {
    Keyspace<String, byte[]> bytes = client.keyspace("default", String.class, byte[].class);
    byte[] value = new byte[16 * 1024 * 1024];
    value[value.length - 1] = 7;
    bytes.put(prefix + "large", value);
    assertThat(bytes.get(prefix + "large").orElseThrow().value()).isEqualTo(value);
    bytes.delete(prefix + "large");
  }
}
