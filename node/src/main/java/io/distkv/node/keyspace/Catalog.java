package io.distkv.node.keyspace;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.Randomness;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a data folder is: the node's identity, how many journals it has, and its keyspaces. Created
 * at the first start, kept in one small file that is replaced as a whole, atomically.
 *
 * @param nodeId 16 hexadecimal digits, drawn at the first start
 * @param journals how many journals the replicas are spread over; fixed for the life of the folder,
 *     so that every record is found again whatever the number of lanes is later
 * @param nextIncarnation above that of every keyspace that there is or was
 * @param keyspaces in the order of their numbers
 */
public record Catalog(
    String nodeId, int journals, long nextIncarnation, List<CatalogEntry> keyspaces) {
  /** The name of its file in the data folder. */
  public static final String FILE = "catalog";

  /** The folder of the journals. */
  public static final String JOURNALS = "journals";

  /** The folder of the replicas' trees. */
  public static final String REPLICAS = "replicas";

  private static final List<String> DATA_FOLDERS = List.of(JOURNALS, REPLICAS);
  private static final String ROOT = "";
  private static final int NODE_ID_DIGITS = 16;

  /** Large and odd, so that the ids of two nodes' journals meet no sooner than any two numbers. */
  private static final long JOURNAL_STEP = 0x9E3779B97F4A7C15L;

  /**
   * Snapshots raise the incarnation of a replica from that of its keyspace on, one by one:
   * keyspaces that are added later, one of which may take the number of another that was dropped,
   * begin so far above all others that none gets there.
   */
  private static final long INCARNATION_STEP = 1L << 32;

  private static final int MAX_BYTES = 64 * 1024 * 1024;

  public Catalog {
    keyspaces = List.copyOf(keyspaces);
    if (nodeId.length() != NODE_ID_DIGITS || !nodeId.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("a node id is 16 hexadecimal digits, not " + nodeId);
    }
  }

  /** What the segments of a journal are known by: no other journal of any node has it. */
  public long journalId(int journal) {
    return HexFormat.fromHexDigitsToLong(nodeId) + journal * JOURNAL_STEP;
  }

  /** What the node is called among the members of a group: its identity as a positive number. */
  public long memberId() {
    return Math.max(1, HexFormat.fromHexDigitsToLong(nodeId) & Long.MAX_VALUE);
  }

  /** Whether the folder has been started before. */
  public static boolean exists(Disk disk) throws IOException {
    return disk.exists(FILE);
  }

  /**
   * Reads the catalog.
   *
   * @throws CorruptionException if it is not as it was written
   */
  public static Catalog read(Disk disk) throws IOException {
    try (DiskFile file = disk.openReadOnly(FILE)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_BYTES));
      file.read(bytes, 0);
      return CatalogFormat.decode(FILE, bytes.array());
    }
  }

  /** The same for a configuration that names every setting of its keyspaces. */
  public static Catalog open(
      Disk disk, Randomness randomness, List<KeyspaceOptions> configured, int journals)
      throws IOException {
    return open(disk, randomness, configured, Map.of(), journals);
  }

  /**
   * Reads the catalog, or creates it in a new folder, and brings it in line with the configuration:
   * new keyspaces are added, and of those that are there the settings that the configuration names
   * are taken over, while what it does not name stays as it was when it was last changed; durable
   * when this returns. Blocks.
   *
   * @param configured the keyspaces of the configuration, as they are to be if they are new
   * @param named which of their settings it names, by keyspace; all of them where that is missing
   * @param journals how many journals a new folder gets
   * @throws SettingMismatchException if the configuration contradicts the folder or itself
   */
  public static Catalog open(
      Disk disk,
      Randomness randomness,
      List<KeyspaceOptions> configured,
      Map<String, KeyspaceWish> named,
      int journals)
      throws IOException {
    checkConsistent(configured);
    if (!exists(disk)) {
      checkEmpty(disk);
      String nodeId = HexFormat.of().toHexDigits(randomness.nextLong());
      Catalog created = new Catalog(nodeId, journals, 1, List.of()).with(configured, named);
      created.write(disk);
      return created;
    }
    Catalog found = read(disk);
    Catalog wanted = found.with(configured, named);
    if (!wanted.equals(found)) {
      wanted.write(disk);
    }
    // What was just read may so far be in the memory of the operating system only.
    disk.syncDirectory(ROOT);
    return wanted;
  }

  private static void checkEmpty(Disk disk) throws IOException {
    for (String folder : DATA_FOLDERS) {
      if (!disk.list(folder).isEmpty()) {
        throw new CorruptionException(
            FILE, 0, "the file is missing, but the folder " + folder + " holds data");
      }
    }
  }

  private static void checkConsistent(List<KeyspaceOptions> configured) {
    Set<Integer> numbers = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (KeyspaceOptions options : configured) {
      if (!numbers.add(options.number())) {
        throw new SettingMismatchException("two keyspaces have the number " + options.number());
      }
      if (!names.add(options.name())) {
        throw new SettingMismatchException("two keyspaces have the name " + options.name());
      }
    }
  }

  private Catalog with(List<KeyspaceOptions> configured, Map<String, KeyspaceWish> named) {
    Map<String, KeyspaceOptions> byName = new HashMap<>();
    configured.forEach(options -> byName.put(options.name(), options));
    List<CatalogEntry> merged = new ArrayList<>();
    Map<Integer, String> taken = new HashMap<>();
    for (CatalogEntry entry : keyspaces) {
      KeyspaceOptions wanted = byName.remove(entry.options().name());
      taken.put(entry.options().number(), entry.options().name());
      if (wanted == null) {
        merged.add(entry);
      } else {
        KeyspaceWish said = named.get(wanted.name());
        merged.add(changed(entry, wanted, said == null ? KeyspaceWish.all(wanted) : said));
      }
    }
    long first = firstNewIncarnation();
    long incarnation = first;
    for (KeyspaceOptions options : configured) {
      if (byName.containsKey(options.name())) {
        String other = taken.get(options.number());
        if (other != null) {
          throw mismatch(
              options.name(), "number", options.number(), "the keyspace " + other + " has it");
        }
        merged.add(new CatalogEntry(options, incarnation++));
      }
    }
    merged.sort((a, b) -> Integer.compare(a.options().number(), b.options().number()));
    checkLimits(merged);
    return new Catalog(
        nodeId, journals, incarnation == first ? nextIncarnation : incarnation, merged);
  }

  /** Numbers of a new folder are small: no keyspace was dropped there. */
  private long firstNewIncarnation() {
    return nextIncarnation == 1 ? 1 : (nextIncarnation / INCARNATION_STEP + 1) * INCARNATION_STEP;
  }

  private static CatalogEntry changed(
      CatalogEntry entry, KeyspaceOptions wanted, KeyspaceWish said) {
    KeyspaceOptions found = entry.options();
    if (wanted.number() != found.number()) {
      throw mismatch(
          found.name(), "number", wanted.number(), "it was created with " + found.number());
    }
    if (said.partitions() != null && wanted.partitions() != found.partitions()) {
      throw mismatch(
          found.name(),
          "partitions",
          wanted.partitions(),
          "it was created with " + found.partitions());
    }
    return new CatalogEntry(said.over(found), entry.incarnation());
  }

  private static void checkLimits(List<CatalogEntry> entries) {
    long partitions = entries.stream().mapToLong(entry -> entry.options().partitions()).sum();
    if (entries.size() > KeyspaceOptions.MAX_KEYSPACES
        || partitions > KeyspaceOptions.MAX_PARTITIONS) {
      throw new SettingMismatchException(
          entries.size()
              + " keyspaces with "
              + partitions
              + " partitions are too many: a node holds up to "
              + KeyspaceOptions.MAX_KEYSPACES
              + " keyspaces and "
              + KeyspaceOptions.MAX_PARTITIONS
              + " partitions in all");
    }
  }

  private static SettingMismatchException mismatch(
      String keyspace, String setting, int wanted, String found) {
    return new SettingMismatchException(
        "keyspaces."
            + keyspace
            + "."
            + setting
            + " cannot be "
            + wanted
            + " in this data folder: "
            + found
            + ", which is fixed for its life; set it back or use another folder");
  }

  private void write(Disk disk) throws IOException {
    CatalogFile.stage(disk, this);
    CatalogFile.install(disk);
  }

  /** The keyspace of this name, or null. */
  public @Nullable CatalogEntry find(String name) {
    return keyspaces.stream()
        .filter(entry -> entry.options().name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * This catalog and a keyspace more, whose partitions begin with the journal that has the fewest.
   *
   * @throws SettingMismatchException if a node holds no more
   */
  public Catalog withNew(KeyspaceOptions options) {
    long first = firstNewIncarnation();
    int[] replicas = new int[journals];
    for (CatalogEntry entry : keyspaces) {
      for (int partition = 0; partition < entry.options().partitions(); partition++) {
        replicas[entry.journal(partition, journals)]++;
      }
    }
    CatalogEntry added = new CatalogEntry(options, first);
    for (int i = 1; i < journals; i++) {
      CatalogEntry other = new CatalogEntry(options, first + i);
      if (replicas[other.journal(0, journals)] < replicas[added.journal(0, journals)]) {
        added = other;
      }
    }
    List<CatalogEntry> more = new ArrayList<>(keyspaces);
    more.add(added);
    return changed(added.incarnation() + 1, more);
  }

  /** This catalog with a keyspace that is in it, of the same name, as it is now to be. */
  public Catalog withAltered(KeyspaceOptions options) {
    return changed(
        nextIncarnation,
        keyspaces.stream()
            .map(entry ->
                entry.options().name().equals(options.name())
                    ? new CatalogEntry(options, entry.incarnation())
                    : entry)
            .toList());
  }

  /** This catalog without a keyspace: its number may be given again, its incarnation never. */
  public Catalog without(String name) {
    return changed(
        nextIncarnation,
        keyspaces.stream().filter(entry -> !entry.options().name().equals(name)).toList());
  }

  /** This catalog, giving no incarnation that another would have given. */
  public Catalog notBefore(Catalog other) {
    return changed(Math.max(nextIncarnation, other.nextIncarnation), keyspaces);
  }

  private Catalog changed(long newNextIncarnation, List<CatalogEntry> entries) {
    List<CatalogEntry> sorted = new ArrayList<>(entries);
    sorted.sort((a, b) -> Integer.compare(a.options().number(), b.options().number()));
    checkLimits(sorted);
    return new Catalog(nodeId, journals, newNextIncarnation, sorted);
  }
}
