package io.distkv.node.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Disk;
import io.distkv.base.Randomness;
import io.distkv.platform.RealDisk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.table.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  private static final Randomness RANDOMNESS = () -> 0x0123_4567_89AB_CDEFL;
  private static final KeyspaceOptions DEFAULT = KeyspaceOptions.of(0, "default");
  private static final KeyspaceOptions ORDERS =
      KeyspaceOptions.of(7, "orders")
          .withPartitions(16)
          .withDurability(Durability.interval(250))
          .withHistoryMillis(60_000)
          .withCompression(List.of(Compression.NONE, Compression.ZSTD))
          .withMaxBytes(1L << 40);

  @TempDir Path folder;
  private Disk disk;

  @BeforeEach
  void openDisk() {
    disk = new RealDisk(folder);
  }

  @Test
  void isCreatedOnceAndReadBackEqual() throws IOException {
    assertThat(Catalog.exists(disk)).isFalse();
    Catalog created = open(DEFAULT, ORDERS);
    assertThat(created.nodeId()).isEqualTo("0123456789abcdef");
    assertThat(created.journals()).isEqualTo(2);
    assertThat(created.keyspaces())
        .containsExactly(new CatalogEntry(DEFAULT, 1), new CatalogEntry(ORDERS, 2));
    assertThat(Catalog.exists(disk)).isTrue();
    assertThat(Catalog.read(disk)).isEqualTo(created);
    assertThat(Catalog.open(disk, () -> 5, List.of(DEFAULT, ORDERS), 8)).isEqualTo(created);
  }

  @Test
  void addsNewKeyspacesAndKeepsThoseThatTheConfigurationDropped() throws IOException {
    open(ORDERS);
    Catalog grown = open(DEFAULT);
    long added = 1L << 32;
    assertThat(grown.keyspaces())
        .containsExactly(new CatalogEntry(DEFAULT, added), new CatalogEntry(ORDERS, 1));
    assertThat(grown.nextIncarnation()).isEqualTo(added + 1);
    assertThat(Catalog.read(disk)).isEqualTo(grown);
    Catalog again = open(KeyspaceOptions.of(8, "again"));
    assertThat(again.keyspaces().getLast().incarnation()).isEqualTo(2 * added);
    assertThat(open(DEFAULT)).as("with nothing new").isEqualTo(again);
  }

  @Test
  void readsWhatVersion1Wrote() throws IOException {
    String version1 =
        "444b564341544c4701000000420000009fd1df1d1030313233343536373839616263646566020302000764656661"
            + "756c740101000001036c7a340107066f72646572731002fa01e0d40302046e6f6e65047a73746402";
    Files.write(folder.resolve(Catalog.FILE), HexFormat.of().parseHex(version1));
    assertThat(Catalog.read(disk).keyspaces())
        .containsExactly(new CatalogEntry(DEFAULT, 1), new CatalogEntry(ORDERS.withMaxBytes(0), 2));
    open(DEFAULT, ORDERS);
    assertThat(Catalog.read(disk).keyspaces())
        .containsExactly(new CatalogEntry(DEFAULT, 1), new CatalogEntry(ORDERS, 2));
  }

  @Test
  void takesOverSettingsThatMayChange() throws IOException {
    open(ORDERS);
    KeyspaceOptions changed =
        ORDERS.withDurability(Durability.NONE).withHistoryMillis(5).withMaxBytes(7);
    assertThat(open(changed).keyspaces()).containsExactly(new CatalogEntry(changed, 1));
    assertThat(Catalog.read(disk).keyspaces()).containsExactly(new CatalogEntry(changed, 1));
  }

  @Test
  void refusesSettingsThatAreFixed() throws IOException {
    open(DEFAULT, ORDERS);
    assertThatThrownBy(() -> open(ORDERS.withPartitions(8)))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessage(
            "keyspaces.orders.partitions cannot be 8 in this data folder: it was created with 16,"
                + " which is fixed for its life; set it back or use another folder");
    assertThatThrownBy(() -> open(KeyspaceOptions.of(8, "orders").withPartitions(16)))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("keyspaces.orders.number cannot be 8")
        .hasMessageContaining("it was created with 7");
    assertThatThrownBy(() -> open(KeyspaceOptions.of(7, "invoices")))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("keyspaces.invoices.number cannot be 7")
        .hasMessageContaining("the keyspace orders has it");
  }

  @Test
  void refusesAContradictoryConfiguration() {
    assertThatThrownBy(() -> open(DEFAULT, KeyspaceOptions.of(0, "other")))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessage("two keyspaces have the number 0");
    assertThatThrownBy(() -> open(DEFAULT, KeyspaceOptions.of(1, "default")))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessage("two keyspaces have the name default");
    KeyspaceOptions huge = DEFAULT.withPartitions(4_096);
    assertThatThrownBy(() -> open(huge, KeyspaceOptions.of(1, "one")))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("2 keyspaces with 4097 partitions are too many");
    List<KeyspaceOptions> many = new ArrayList<>();
    for (int i = 0; i <= KeyspaceOptions.MAX_KEYSPACES; i++) {
      many.add(KeyspaceOptions.of(i, "k" + i));
    }
    assertThatThrownBy(() -> Catalog.open(disk, RANDOMNESS, many, 1))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("1001 keyspaces");
  }

  @Test
  void changesOneKeyspaceAtATime() throws IOException {
    Catalog catalog = open(DEFAULT);
    Catalog grown = catalog.withNew(ORDERS).withNew(KeyspaceOptions.of(5, "other"));
    long step = 1L << 32;
    // With two journals, the first has the first keyspace, and then half of each that follows.
    assertThat(grown.keyspaces())
        .containsExactly(
            new CatalogEntry(DEFAULT, 1),
            new CatalogEntry(KeyspaceOptions.of(5, "other"), 2 * step),
            new CatalogEntry(ORDERS, step));
    assertThat(grown.nextIncarnation()).isEqualTo(2 * step + 1);
    KeyspaceOptions altered = ORDERS.withMaxBytes(7);
    assertThat(grown.withAltered(altered).find("orders"))
        .isEqualTo(new CatalogEntry(altered, step));
    Catalog without = grown.without("other");
    assertThat(without.find("other")).isNull();
    assertThat(without.withNew(KeyspaceOptions.of(5, "other")).keyspaces().get(1).incarnation())
        .isEqualTo(3 * step);
    assertThat(catalog.notBefore(grown).withNew(ORDERS).find("orders"))
        .isEqualTo(new CatalogEntry(ORDERS, 3 * step));
    List<KeyspaceOptions> many = new ArrayList<>();
    for (int i = 0; i < KeyspaceOptions.MAX_KEYSPACES; i++) {
      many.add(KeyspaceOptions.of(i, "k" + i));
    }
    Files.delete(folder.resolve(Catalog.FILE));
    Catalog full = Catalog.open(disk, RANDOMNESS, many, 2);
    assertThatThrownBy(() -> full.withNew(KeyspaceOptions.of(1_000, "other")))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("1001 keyspaces");
  }

  @Test
  void whatTheConfigurationDoesNotNameStays() throws IOException {
    open(ORDERS);
    KeyspaceWish history = KeyspaceWish.NOTHING.withHistoryMillis(5);
    KeyspaceOptions configured = KeyspaceOptions.of(7, "orders").withHistoryMillis(5);
    Catalog kept =
        Catalog.open(disk, RANDOMNESS, List.of(configured), Map.of("orders", history), 2);
    assertThat(kept.keyspaces()).containsExactly(new CatalogEntry(ORDERS.withHistoryMillis(5), 1));
    // An interval says nothing of a keyspace whose writes are acknowledged otherwise.
    open(ORDERS.withDurability(Durability.COMMIT));
    KeyspaceWish interval = KeyspaceWish.NOTHING.withIntervalMillis(9);
    Catalog same =
        Catalog.open(disk, RANDOMNESS, List.of(configured), Map.of("orders", interval), 2);
    assertThat(same.keyspaces().getFirst().options().durability()).isEqualTo(Durability.COMMIT);
  }

  @Test
  void refusesAFolderThatHasDataAndNoCatalog() throws IOException {
    Files.createDirectories(folder.resolve("journals/0"));
    assertThatThrownBy(() -> open(DEFAULT))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("catalog")
        .hasMessageContaining("the folder journals holds data");
  }

  @Test
  void replacesWhatAnInterruptedWriteLeft() throws IOException {
    Files.writeString(folder.resolve("catalog.new"), "half");
    open(DEFAULT);
    assertThat(folder.resolve("catalog.new")).doesNotExist();
  }

  @Test
  void noticesEveryFlippedBitAndEveryTruncation() throws IOException {
    open(DEFAULT, ORDERS);
    Path file = folder.resolve(Catalog.FILE);
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertThatThrownBy(() -> Catalog.read(disk))
          .as("bit %d", bit)
          .isInstanceOf(CorruptionException.class);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Catalog.read(disk))
          .as("length %d", length)
          .isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void checksOptions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyspaceOptions.of(-1, "a"))
        .withMessageContaining("number of a keyspace must be 0 to 9999");
    assertThatIllegalArgumentException().isThrownBy(() -> KeyspaceOptions.of(10_000, "a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyspaceOptions.of(1, "Upper"))
        .withMessageContaining("'Upper'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULT.withPartitions(3))
        .withMessageContaining("power of two");
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withPartitions(8_192));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withHistoryMillis(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withCompression(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durability.interval(0))
        .withMessageContaining("1 to 60000 ms, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Durability(Durability.Mode.COMMIT, 5));
    assertThat(Durability.interval(5)).hasToString("interval 5 ms");
    assertThat(Durability.COMMIT).hasToString("commit");
    assertThat(KeyspaceOptions.defaults()).hasSize(16);
    assertThat(KeyspaceOptions.defaults().get(15)).isEqualTo(KeyspaceOptions.of(15, "db15"));
  }

  private Catalog open(KeyspaceOptions... configured) throws IOException {
    return Catalog.open(disk, RANDOMNESS, List.of(configured), 2);
  }
}
