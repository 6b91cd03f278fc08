package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.world.NodeTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads that wait for their group. */
class AwaitedReadsTest extends NodeTest {
  private final List<AwaitedRead> told = new ArrayList<>();

  /**
   * What the next that is told that nobody waits for it asks then, as a session's next read does.
   */
  private final List<AwaitedRead> next = new ArrayList<>();

  private final AwaitedReads reads =
      new AwaitedReads(
          new Replication.StateMachine() {
            @Override
            public void committed(long index) {}

            @Override
            public long appliedIndex() {
              return 0;
            }

            @Override
            public void awaited(AwaitedRead read, Reply.@Nullable Failure why) {
              told.add(read);
              if (!next.isEmpty()) {
                reads().add(next.removeFirst());
              }
            }
          });

  private AwaitedReads reads() {
    return reads;
  }

  private static AwaitedRead read(Replica replica, boolean abandoned) {
    Answer answer =
        new Answer() {
          @Override
          public void answered(Call call) {}

          @Override
          public boolean abandoned() {
            return abandoned;
          }
        };
    Conversation conversation = new Conversation(replica.port(), replica);
    return new AwaitedRead(
        new ReadCall(conversation, answer, _ -> Reply.NULL, false, Version.LATEST), null);
  }

  @Test
  void whereNobodyWaitsForOneAnyMoreTheNextOfItsSessionMayAsk() throws IOException {
    Replica replica = new InnerClient(world, start(onePartition())).replica();
    List<AwaitedRead> abandoned = List.of(read(replica, true), read(replica, true));
    AwaitedRead waiting = read(replica, false);
    AwaitedRead later = read(replica, false);
    reads.add(abandoned.get(0));
    long number = reads.add(waiting);
    reads.add(abandoned.get(1));
    next.addAll(List.of(read(replica, true), later));
    reads.dropAbandoned();
    assertThat(told).as("those of before").isEqualTo(abandoned);
    reads.dropAbandoned();
    assertThat(told).as("and the one that came meanwhile").hasSize(3);
    reads.ready(number, 1);
    reads.appliedUpTo(1);
    assertThat(told.getLast()).isEqualTo(waiting);
    assertThat(reads.isEmpty()).as("the later one waits").isFalse();
  }
}
