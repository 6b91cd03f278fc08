package io.distkv.node.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Large values that come faster than they can be written. */
class LargeWritesTest extends NodeTest {
  private static final int VALUE_BYTES = 5 << 20;
  private static final long BUDGET_BYTES = 12 << 20;
  private static final int WRITES = 8;

  @Test
  void theyWaitForAFlushWhereMemtablesAreFullAndReadsGoOn() throws IOException {
    NodeOptions options = onePartition().toBuilder().memtableBytes(BUDGET_BYTES).build();
    TestNode node = start(options);
    TestClient writer = node.client(0);
    world.background().hold();
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      byte[] value = new byte[VALUE_BYTES];
      writer.sendWords("SET".getBytes(US_ASCII), ("k" + i).getBytes(US_ASCII), value);
      world.advanceMillis(200);
      replies.addAll(writer.takeAll());
    }
    assertThat(replies).containsOnly("OK").hasSizeBetween(2, 3);
    assertThat(figure(node, "memtable_bytes"))
        .isBetween(BUDGET_BYTES * 3 / 4, BUDGET_BYTES + VALUE_BYTES);
    assertThat(node.client(0).call("STRLEN k0")).isEqualTo(":" + VALUE_BYTES);

    world.background().release();
    for (int i = 0; i < 100 && replies.size() < WRITES; i++) {
      world.advanceMillis(100);
      replies.addAll(writer.takeAll());
    }
    assertThat(replies).containsOnly("OK").hasSize(WRITES);
  }

  @Test
  void theyWaitWhereTheJournalHoldsEnoughThatIsNotWrittenYet() throws IOException {
    NodeOptions options =
        onePartition().toBuilder()
            .memtableBytes(256 << 20)
            .pendingBytesPerReplica(Long.MAX_VALUE)
            .build();
    TestNode node = start(options);
    world.sync(node.node().homeLane()).hold();
    List<TestClient> writers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestClient writer = node.client(node.node().homeLane());
      byte[] value = new byte[VALUE_BYTES];
      writer.sendWords("SET".getBytes(US_ASCII), ("k" + i).getBytes(US_ASCII), value);
      writers.add(writer);
    }
    world.advanceMillis(1_000);
    assertThat(figure(node, "log_bytes")).isBetween(25L << 20, 32L << 20);

    world.sync(node.node().homeLane()).release();
    world.advanceMillis(1_000);
    for (TestClient writer : writers) {
      assertThat(writer.takeAll()).containsExactly("OK");
    }
    assertThat(figure(node, "log_bytes")).isGreaterThan(100L << 20);
  }

  private static long figure(TestNode node, String name) {
    String info = node.client(0).call("INFO");
    Matcher found = Pattern.compile(name + ":(\\d+)").matcher(info);
    assertThat(found.find()).as(info).isTrue();
    return Long.parseLong(found.group(1));
  }
}
