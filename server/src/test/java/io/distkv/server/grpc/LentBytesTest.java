package io.distkv.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.PutRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LentBytesTest {

  @Test
  void anArrayThatIsAFieldsAloneIsLent() throws Exception {
    byte[] message =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("key"))
            .setValue(ByteString.copyFromUtf8("value"))
            .build()
            .toByteArray();
    PutRequest read = PutRequest.parseFrom(message);
    byte[] key = LentBytes.of(read.getKey());
    assertThat(key).isEqualTo("key".getBytes(UTF_8));
    assertThat(LentBytes.of(read.getKey())).as("no copy").isSameAs(key);
    assertThat(LentBytes.of(read.getValue())).isEqualTo("value".getBytes(UTF_8));
  }

  /** However a field keeps its bytes: as part of an array, in pieces, outside of the heap. */
  @Test
  void everyOtherIsCopied() {
    ByteString whole = ByteString.copyFromUtf8("abc".repeat(1_000));
    ByteBuffer direct = ByteBuffer.allocateDirect(whole.size());
    whole.copyTo(direct);
    List<ByteString> fields =
        List.of(
            ByteString.EMPTY,
            whole.substring(1, 2_000),
            whole.concat(whole.substring(7)),
            ByteString.EMPTY.concat(whole),
            UnsafeByteOperations.unsafeWrap(direct.flip()),
            UnsafeByteOperations.unsafeWrap(direct.duplicate()).concat(whole));
    for (ByteString field : fields) {
      assertThat(LentBytes.of(field)).isEqualTo(field.toByteArray());
    }
  }
}
