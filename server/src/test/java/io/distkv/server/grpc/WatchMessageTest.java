package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.api.v1.Change;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Drainable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parts of a message, one after the other, are the message, however they are read. */
class WatchMessageTest {
  private static final WatchResponse FIRST =
      WatchResponse.newBuilder().addChanges(Change.newBuilder().setVersion(1)).build();
  private static final WatchResponse LAST =
      WatchResponse.newBuilder()
          .addChanges(Change.newBuilder().setVersion(2))
          .addChanges(Change.newBuilder().setVersion(3))
          .build();
  private static final WatchResponse THROUGH =
      WatchResponse.newBuilder().setThroughVersion(4).build();

  private static InputStream stream() {
    List<byte[]> pieces =
        List.of(FIRST.toByteArray(), LAST.toByteArray(), new byte[0], THROUGH.toByteArray());
    return WatchMessage.method().streamResponse(new WatchMessage(pieces));
  }

  @Test
  void thePiecesAreTheMessage() throws IOException {
    WatchResponse whole =
        WatchResponse.newBuilder().mergeFrom(FIRST).mergeFrom(LAST).mergeFrom(THROUGH).build();
    assertThat(whole.getChangesCount()).isEqualTo(3);
    assertThat(WatchResponse.parseFrom(stream())).isEqualTo(whole);
    InputStream drained = stream();
    assertThat(drained.available()).isEqualTo(whole.getSerializedSize());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      bytes.write(drained.read());
    }
    assertThat(drained.available()).isEqualTo(whole.getSerializedSize() - 3);
    assertThat(((Drainable) drained).drainTo(bytes)).isEqualTo(whole.getSerializedSize() - 3);
    assertThat(drained.read()).isEqualTo(-1);
    assertThat(drained.available()).isZero();
    assertThat(WatchResponse.parseFrom(bytes.toByteArray())).isEqualTo(whole);
  }
}
