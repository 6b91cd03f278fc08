package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.world.NodeTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What one request does leaves no trace for the others that share the conversation. */
class UnorderedConversationTest extends NodeTest {

  private static WriteCall write(Conversation conversation) {
    return new WriteCall(conversation, Answer.UNHEARD, new Mutation.TimePasses());
  }

  private static ReadCall read(Conversation conversation) {
    return new ReadCall(conversation, Answer.UNHEARD, _ -> Reply.NULL, false, Version.LATEST);
  }

  private static void everythingIsUnderWayIn(Conversation conversation) {
    conversation.accepted(write(conversation));
    conversation.startWarming();
    conversation.awaitRead();
    conversation.stepAside();
  }

  private Replica replica() throws IOException {
    return new InnerClient(world, start(onePartition())).replica();
  }

  @Test
  void nothingIsHeldUpByWhatOthersDo() throws IOException {
    Replica replica = replica();
    Conversation conversation = replica.unordered(replica.port());
    everythingIsUnderWayIn(conversation);
    assertThat(conversation.idle()).isTrue();
    assertThat(conversation.mustHold(read(conversation))).isFalse();
    assertThat(conversation.mustHold(write(conversation))).isFalse();
    assertThat(conversation.lastWrite()).isNull();
    assertThat(conversation.waitsBehindLarge()).isFalse();
  }

  @Test
  void endsLeaveNoTraceEither() throws IOException {
    Replica replica = replica();
    Conversation conversation = replica.unordered(replica.port());
    conversation.endAwaiting();
    conversation.stepBack();
    conversation.endWarming();
    conversation.awaitRead();
    conversation.stepAside();
    assertThat(conversation.mustHold(write(conversation))).isFalse();
    assertThat(conversation.waitsBehindLarge()).isFalse();
  }

  @Test
  void aSessionsOwnIsHeldUpByAllOfThat() throws IOException {
    Replica replica = replica();
    Conversation conversation = new Conversation(replica.port(), replica);
    everythingIsUnderWayIn(conversation);
    assertThat(conversation.idle()).isFalse();
    assertThat(conversation.mustHold(read(conversation))).isTrue();
    conversation.endWarming();
    assertThat(conversation.mustHold(read(conversation))).isFalse();
    assertThat(conversation.mustHold(write(conversation))).isTrue();
    conversation.endAwaiting();
    assertThat(conversation.mustHold(write(conversation))).isFalse();
    assertThat(conversation.lastWrite()).isNotNull();
    assertThat(conversation.waitsBehindLarge()).isTrue();
  }

  @Test
  void eachLaneHasItsOwn() throws IOException {
    Replica replica = replica();
    LanePort port = replica.port();
    assertThat(port.lanes()).isGreaterThan(1);
    for (int lane = 0; lane < port.lanes(); lane++) {
      Conversation conversation = replica.unordered(port.of(lane));
      assertThat(conversation.home()).isSameAs(port.of(lane));
      assertThat(conversation.replica()).isSameAs(replica);
    }
  }
}
