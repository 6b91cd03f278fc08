package io.distkv.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.ByteWriter;
import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a table says that most of it will be garbage. */
class MostlyGarbageTest {
  private static final byte[] VALUE = {1};

  private final MemoryDisk disk = new MemoryDisk();
  private final TableWriter writer;

  MostlyGarbageTest() throws IOException {
    writer = new TableWriter(disk, "t", TableOptions.of(Compression.NONE));
  }

  private void value(String key, long version, long expiresAtMillis) throws IOException {
    Entry.value(key.getBytes(UTF_8), version, expiresAtMillis, VALUE).addTo(writer);
  }

  private void tombstone(String key, long version) throws IOException {
    Entry.tombstone(key.getBytes(UTF_8), version).addTo(writer);
  }

  private long finish() throws IOException {
    long millis = writer.finish().mostlyGarbageMillis();
    writer.close();
    return millis;
  }

  @Test
  void itIsWhenHalfOfTheEntriesHaveExpired() throws IOException {
    value("a", 1, 300);
    value("b", 1, 0);
    value("c", 1, 100);
    value("d", 1, 200);
    assertThat(finish()).isBetween(200L, 210L);
  }

  @Test
  void tombstonesAndOverwrittenEntriesCount() throws IOException {
    tombstone("a", 1);
    value("b", 2, 0);
    value("b", 1, 50);
    value("c", 1, 700);
    value("d", 1, 0);
    value("e", 1, 0);
    assertThat(finish()).isEqualTo(700);
  }

  @Test
  void anOverwrittenValueIsNotCountedTwice() throws IOException {
    value("b", 2, 0);
    value("b", 1, 50);
    value("c", 1, 0);
    value("d", 1, 0);
    assertThat(finish()).isZero();
  }

  @Test
  void whatNeedsNoExpiryHasNoTime() throws IOException {
    tombstone("a", 1);
    value("b", 1, 100);
    assertThat(finish()).isZero();
  }

  @Test
  void aTimeThatIsTooEarlyIsDamage() throws IOException {
    value("a", 1, 5_000);
    value("b", 1, 5_000);
    assertThat(finish()).isEqualTo(5_000);
    assertThat(verify()).isEmpty();
    forge(6_000);
    assertThat(verify()).as("a later time is the writer's right").isEmpty();
    forge(4_999);
    assertThat(verify()).hasSize(1);
    assertThat(verify().get(0).what()).contains("properties do not match");
  }

  private List<Damage> verify() throws IOException {
    List<Damage> damage = new ArrayList<>();
    TableVerifier.verify(disk, "t", damage::add);
    return damage;
  }

  private void forge(long mostlyGarbageMillis) throws IOException {
    try (TableReader reader = TableReader.open(disk, "t", 1, new BlockCache(0))) {
      byte[] bytes = disk.content("t");
      int at = (int) reader.footer().propertiesOffset();
      int length = reader.footer().propertiesLength();
      ByteWriter properties = new ByteWriter(256);
      PropertiesCodec.encode(
          reader.properties().withMostlyGarbageMillis(mostlyGarbageMillis), properties);
      assertThat(properties.size()).isEqualTo(length);
      System.arraycopy(properties.array(), 0, bytes, at, length);
      StoredBlock.seal(bytes, at, length, StoredBlock.Type.PROPERTIES, 0, length, at);
      disk.replace("t", bytes);
    }
  }
}
