package io.distkv.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Message;
import io.distkv.raft.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What goes from node to node in one piece. */
class FrameFormatTest {
  private record Delivery(long replica, Message message) {}

  private static final List<Delivery> DELIVERIES =
      List.of(
          new Delivery(0, new Message.HeartbeatReply(1, 2, 3, 4)),
          new Delivery(1L << 32 | 7, new Message.TimeoutNow(1, 2, 9)),
          new Delivery(0, new Message.PreVoteRequest(1, 2, 5, new Position(4, 300))));

  private static byte[] frame() {
    ByteWriter writer = FrameFormat.begin(1);
    DELIVERIES.forEach(each -> FrameFormat.put(writer, each.replica(), each.message()));
    return writer.toByteArray();
  }

  private static List<Delivery> read(byte[] frame) {
    List<Delivery> read = new ArrayList<>();
    FrameFormat.read(frame, 1, 2, (replica, message) -> read.add(new Delivery(replica, message)));
    return read;
  }

  @Test
  void messagesArriveAsTheyWereSentAndInOrder() {
    assertThat(read(frame())).isEqualTo(DELIVERIES);
    assertThat(read(FrameFormat.begin(1).toByteArray())).isEmpty();
  }

  @Test
  void theFormatStaysWhatItIs() {
    assertThat(HexFormat.of().formatHex(frame()))
        .isEqualTo("01" + "00090304" + "87808080100c09" + "00010504ac02");
  }

  @Test
  void aFrameThatIsCutGivesWhatComesBeforeTheCut() {
    byte[] frame = frame();
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      List<Delivery> before = new ArrayList<>();
      try {
        FrameFormat.read(cut, 1, 2, (id, message) -> before.add(new Delivery(id, message)));
      } catch (MalformedBytesException expected) {
        assertThat(before.size()).isLessThan(DELIVERIES.size());
      }
      assertThat(before).isEqualTo(DELIVERIES.subList(0, before.size()));
    }
  }

  @Test
  void anotherVersionIsRefusedByName() {
    assertThatThrownBy(() -> read(new byte[] {2}))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("a frame of version 2, this node speaks version 1");
  }

  @Test
  void whateverComesIsAFrameOrRefused() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = frame();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        read(bytes);
      } catch (MalformedBytesException expected) {
        // What a node reports, and goes on.
      }
    }
  }
}
