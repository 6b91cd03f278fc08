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

/** Large values that come faster than they can be flushed. */
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
    assertThat(memtableBytes(node.client(0)))
        .isBetween(BUDGET_BYTES * 3 / 4, BUDGET_BYTES + VALUE_BYTES);
    assertThat(node.client(0).call("STRLEN k0")).isEqualTo(":" + VALUE_BYTES);

    world.background().release();
    for (int i = 0; i < 100 && replies.size() < WRITES; i++) {
      world.advanceMillis(100);
      replies.addAll(writer.takeAll());
    }
    assertThat(replies).containsOnly("OK").hasSize(WRITES);
  }

  private static long memtableBytes(TestClient client) {
    String info = client.call("INFO");
    Matcher bytes = Pattern.compile("memtable_bytes:(\\d+)").matcher(info);
    assertThat(bytes.find()).as(info).isTrue();
    return Long.parseLong(bytes.group(1));
  }
}
