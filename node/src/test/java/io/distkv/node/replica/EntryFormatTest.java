package io.distkv.node.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.world.TestClient;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EntryFormatTest {
  private static final CommandTable COMMANDS = CommandTable.standard();

  @Test
  void aCommandComesBackAsItWas() {
    byte[] bytes = encode(new Mutation.Single(write("set k v EX 5")));
    EntryFormat.Entry entry = EntryFormat.decode(COMMANDS, bytes, 0, bytes.length);
    assertThat(entry.stamp()).isEqualTo(77);
    Mutation.Single single = (Mutation.Single) entry.mutation();
    assertThat(single.command().arguments().words())
        .isDeepEqualTo(TestClient.words("set k v EX 5"));
    assertThat(single.sizeBytes()).isEqualTo(8);
    assertThat(single.grows()).isTrue();
  }

  @Test
  void aTransactionKeepsItsWritesAndConditions() {
    Prepared.Ready read = (Prepared.Ready) COMMANDS.prepare(TestClient.words("GET a"));
    Mutation.Transaction transaction =
        new Mutation.Transaction(
            List.of(write("SET a 1"), read, write("DEL b")),
            List.of(new Condition(new byte[] {1}, 5, 9), new Condition(new byte[] {2}, 0, 9)));
    byte[] bytes = encode(transaction);
    Mutation.Transaction back =
        (Mutation.Transaction) EntryFormat.decode(COMMANDS, bytes, 0, bytes.length).mutation();
    assertThat(back.commands()).extracting(c -> c.spec().name()).containsExactly("set", "del");
    assertThat(back.conditions()).extracting(Condition::version).containsExactly(5L, 0L);
    assertThat(back.grows()).isTrue();
  }

  @Test
  void anEntryThatOnlyLetsTimePassIsItsStampAlone() {
    byte[] bytes = encode(new Mutation.TimePasses());
    assertThat(bytes).hasSize(9);
    EntryFormat.Entry entry = EntryFormat.decode(COMMANDS, bytes, 0, bytes.length);
    assertThat(entry.stamp()).isEqualTo(77);
    assertThat(entry.mutation()).isEqualTo(new Mutation.TimePasses());
    assertThatThrownBy(() -> decode(new ByteWriter(10).putByte(3).putLong(1).putByte(0)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("1 bytes after an entry without words");
  }

  @Test
  void anEntryThatOpensASessionIsItsStampAlone() {
    byte[] bytes = encode(new Mutation.OpenSession());
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("044d00000000000000");
    assertThat(EntryFormat.decode(COMMANDS, bytes, 0, bytes.length).mutation())
        .isEqualTo(new Mutation.OpenSession());
    assertThatThrownBy(() -> decode(new ByteWriter(10).putByte(4).putLong(1).putByte(0)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("1 bytes after an entry without words");
  }

  @Test
  void aWriteWithinASessionKeepsItsNumbers() {
    byte[] bytes =
        encode(new Mutation.InSession(300, 129, 128, new Mutation.Single(write("DEL k"))));
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("05" + "4d00000000000000" + "ac02" + "8101" + "8001" + "01" + "020344454c016b");
    assertThat(EntryFormat.encode(77, inSession(bytes))).isEqualTo(bytes);
    Mutation.InSession back = inSession(bytes);
    assertThat(back.session()).isEqualTo(300);
    assertThat(back.sequence()).isEqualTo(129);
    assertThat(back.acknowledgedBelow()).isEqualTo(128);
    assertThat(back.mutation()).isInstanceOf(Mutation.Single.class);
    assertThat(back.sizeBytes()).isEqualTo(4);
    assertThat(back.grows()).isFalse();
    assertThat(inSession(encode(new Mutation.InSession(1, 0, 0, new Mutation.TimePasses()))))
        .isEqualTo(new Mutation.InSession(1, 0, 0, new Mutation.TimePasses()));
  }

  @Test
  void aTransactionWithinASessionKeepsItsReadsToo() {
    Prepared.Ready read = (Prepared.Ready) COMMANDS.prepare(TestClient.words("GET a"));
    Mutation.Transaction transaction =
        new Mutation.Transaction(
            List.of(read, write("SET a 1")), List.of(new Condition(new byte[] {1}, 5, 9)));
    byte[] bytes = encode(new Mutation.InSession(3, 2, 1, transaction));
    assertThat(EntryFormat.encode(77, inSession(bytes))).isEqualTo(bytes);
    Mutation.Transaction back = (Mutation.Transaction) inSession(bytes).mutation();
    assertThat(back.commands()).extracting(c -> c.spec().name()).containsExactly("get", "set");
    assertThat(back.conditions()).extracting(Condition::version).containsExactly(5L);
    assertThat(inSession(bytes).grows()).isTrue();
    List<byte[]> ahead = new ArrayList<>();
    inSession(bytes).readAhead(ahead::add);
    assertThat(ahead).extracting(key -> (int) key[0]).containsExactly(1, (int) 'a');
  }

  @Test
  void whatCannotBeAWriteWithinASessionIsRefused() {
    Mutation.Plain nothing = new Mutation.TimePasses();
    assertThatThrownBy(() -> new Mutation.InSession(0, 1, 0, nothing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("write 1 of session 0, acknowledged below 0");
    assertThatThrownBy(() -> new Mutation.InSession(1, 1, 2, nothing))
        .hasMessage("write 1 of session 1, acknowledged below 2");
    assertThatThrownBy(() -> new Mutation.InSession(1, 1, -1, nothing))
        .hasMessage("write 1 of session 1, acknowledged below -1");
    assertThatThrownBy(() -> decode(within(1, 1, 2).putByte(3)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("write 1 of session 1, acknowledged below 2");
    assertThatThrownBy(() -> decode(within(1, 1, 0).putByte(4)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("unknown kind of entry 4");
    assertThatThrownBy(() -> decode(within(1, 1, 0).putByte(5)))
        .hasMessage("unknown kind of entry 5");
    assertThatThrownBy(() -> decode(words(within(1, 1, 0).putByte(1), "GET", "k")))
        .hasMessage("the logged command cannot be run by this version");
    for (String command : List.of("PING", "NONSENSE")) {
      ByteWriter transaction = within(1, 1, 0).putByte(2).putVarInt(0).putVarInt(1);
      assertThatThrownBy(() -> decode(words(transaction, command)))
          .isInstanceOf(MalformedBytesException.class)
          .hasMessage("the logged command cannot be run by this version");
    }
    ByteWriter walks = within(1, 1, 0).putByte(2).putVarInt(0).putVarInt(1);
    assertThatThrownBy(() -> decode(words(walks, "DBSIZE")))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("a write of a session reads without bound");
  }

  private static ByteWriter within(long session, long sequence, long acknowledgedBelow) {
    ByteWriter writer = new ByteWriter(32).putByte(5).putLong(1);
    return writer.putVarLong(session).putVarLong(sequence).putVarLong(acknowledgedBelow);
  }

  private static ByteWriter words(ByteWriter writer, String... words) {
    writer.putVarInt(words.length);
    for (String word : words) {
      writer.putBlob(word.getBytes(US_ASCII));
    }
    return writer;
  }

  private static Mutation.InSession inSession(byte[] bytes) {
    return (Mutation.InSession) EntryFormat.decode(COMMANDS, bytes, 0, bytes.length).mutation();
  }

  @Test
  void whateverIsNoEntryIsRefused() {
    byte[] bytes = encode(new Mutation.Single(write("SET key value")));
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> EntryFormat.decode(COMMANDS, bytes, 0, cut))
          .isInstanceOf(MalformedBytesException.class);
    }
    assertThatThrownBy(() -> decode(new ByteWriter(9).putByte(9).putLong(1)))
        .hasMessage("unknown kind of entry 9");
    assertThatThrownBy(() -> decode(new ByteWriter(9).putByte(1).putLong(1).putVarInt(0)))
        .hasMessage("a command of 0 words");
    ByteWriter read = new ByteWriter(9).putByte(1).putLong(1).putVarInt(2);
    read.putBlob(new byte[] {'G', 'E', 'T'}).putBlob(new byte[] {'k'});
    assertThatThrownBy(() -> decode(read))
        .hasMessage("the logged command cannot be run by this version");
  }

  @Test
  void randomBytesNeverEndInAnotherException() {
    long seed = 20_261_121;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] valid = encode(new Mutation.Single(write("MSET a 1 b 2 c 3")));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        EntryFormat.decode(COMMANDS, bytes, 0, bytes.length);
      } catch (MalformedBytesException expected) {
        assertThat(expected).as("seed %d, round %d", seed, i).hasMessageNotContaining("null");
      }
    }
  }

  private static Prepared.Write write(String command) {
    return (Prepared.Write) COMMANDS.prepare(TestClient.words(command));
  }

  private static byte[] encode(Mutation mutation) {
    ByteWriter writer = new ByteWriter(16);
    EntryFormat.encode(writer, 77, mutation);
    return writer.toByteArray();
  }

  private static EntryFormat.Entry decode(ByteWriter writer) {
    return EntryFormat.decode(COMMANDS, writer.array(), 0, writer.size());
  }
}
