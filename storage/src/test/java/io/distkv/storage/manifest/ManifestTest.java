package io.distkv.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.CorruptionException;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final String DIRECTORY = "trees/1";
  private static final String PATH = DIRECTORY + "/MANIFEST-000001";
  private static final String CURRENT = DIRECTORY + "/CURRENT";

  private MemoryDisk disk = new MemoryDisk();

  @BeforeEach
  void startEmpty() {
    disk = new MemoryDisk();
  }

  private static TableMeta table(long number) {
    byte[] smallest = ("a" + number).getBytes(StandardCharsets.UTF_8);
    byte[] largest = ("z\0\"" + number).getBytes(StandardCharsets.UTF_8);
    return new TableMeta(number, 1_000, 10, 2, 1, 99, 9, smallest, largest, 1, number);
  }

  private static ManifestEdit add(long number, int level) {
    return new ManifestEdit(
        false,
        List.of(),
        List.of(new Placed(level, table(number))),
        new Applied(number, 3, new byte[] {(byte) number}),
        number + 1,
        number > 4 ? 1 : 0,
        number);
  }

  private static ManifestEdit move(long from, long to) {
    return new ManifestEdit(
        false, List.of(from), List.of(new Placed(2, table(to))), null, to + 1, 1, to);
  }

  /** Three batches of edits; leaves the folder closed. */
  private ManifestState fill() throws IOException {
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      manifest.append(List.of(add(1, 0)));
      manifest.append(List.of(add(2, 0), add(3, 0)));
      manifest.append(List.of(move(2, 4)));
      return manifest.state();
    }
  }

  private static void assertSame(ManifestState actual, ManifestState expected) {
    assertThat(describe(actual)).isEqualTo(describe(expected));
  }

  private static String describe(ManifestState state) {
    StringBuilder text = new StringBuilder();
    for (Placed placed : state.tables()) {
      TableMeta table = placed.table();
      text.append(placed.level()).append(':').append(table.number());
      text.append(Arrays.toString(table.smallestKey())).append(Arrays.toString(table.largestKey()));
      text.append(table.largestVersion()).append(',').append(table.entries()).append(';');
    }
    Applied applied = state.applied();
    text.append(applied.index()).append('/').append(applied.term());
    text.append(Arrays.toString(applied.attachment()));
    text.append(state.nextFileNumber()).append('/').append(state.historyFloor());
    return text.append('/').append(state.lastVersion()).toString();
  }

  private void putTables(long... numbers) {
    for (long number : numbers) {
      disk.replace(TreeFiles.table(DIRECTORY, number), new byte[10]);
    }
  }

  private ManifestState reopen() throws IOException {
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      return manifest.state();
    }
  }

  @Test
  void aNewFolderIsAnEmptyTree() throws IOException {
    assertSame(reopen(), ManifestState.EMPTY);
    assertSame(reopen(), ManifestState.EMPTY);
  }

  @Test
  void theManifestOfAnotherTreeIsRefused() throws IOException {
    fill();
    assertThatThrownBy(() -> Manifest.open(disk, DIRECTORY, 1))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("it is the manifest of another tree");
    assertThatThrownBy(() -> Manifest.peek(disk, DIRECTORY, 1))
        .isInstanceOf(CorruptionException.class);
    assertThat(reopen().tables()).hasSize(3);
  }

  @Test
  void aLostCurrentIsNotTakenForANewTree() throws IOException {
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      ManifestEdit nothingLeft =
          new ManifestEdit(false, List.of(), List.of(), new Applied(7, 3, new byte[0]), 2, 0, 7);
      manifest.append(List.of(nothingLeft));
    }
    disk.delete(DIRECTORY + "/CURRENT");
    assertThatThrownBy(this::reopen)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("CURRENT at byte 0: it is missing although there is MANIFEST-000001");
  }

  @Test
  void whatACrashLeftOfANewTreeIsANewTree() throws IOException {
    Manifest.open(disk, DIRECTORY, 0).close();
    disk.delete(DIRECTORY + "/CURRENT");
    assertSame(reopen(), ManifestState.EMPTY);
    disk.delete(DIRECTORY + "/CURRENT");
    disk.replace(DIRECTORY + "/MANIFEST-000001", new byte[100]);
    assertSame(reopen(), ManifestState.EMPTY);
  }

  @Test
  void editsAddUpAndSurvive() throws IOException {
    ManifestState state = fill();
    assertThat(state.tables())
        .extracting(placed -> placed.table().number())
        .containsExactly(1L, 3L, 4L);
    assertThat(state.applied().index()).isEqualTo(3);
    assertSame(reopen(), state);
  }

  @Test
  void aClearTakesEverythingAway() throws IOException {
    fill();
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      manifest.append(
          List.of(
              new ManifestEdit(true, List.of(), List.of(new Placed(0, table(9))), null, 10, 9, 9)));
    }
    assertThat(reopen().tables()).extracting(placed -> placed.table().number()).containsExactly(9L);
    assertThat(reopen().applied().index()).isEqualTo(3);
  }

  @Test
  void editsThatDoNotFitAreRefused() throws IOException {
    fill();
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      assertThatThrownBy(() -> manifest.append(List.of(move(77, 78))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> manifest.append(List.of(add(3, 1))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() ->
              manifest.append(
                  List.of(new ManifestEdit(false, List.of(), List.of(), null, 10, 99, 9))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void everyFlippedBitIsFoundOrHarmless() throws IOException {
    ManifestState state = fill();
    byte[] intact = disk.content(PATH);
    byte[] current = disk.content(CURRENT);
    int used = lastUsed(intact) + 20;
    int corruptions = 0;
    for (int at = 0; at < intact.length; at += at < used ? 1 : 41) {
      for (int bit = 0; bit < (at < used ? 8 : 1); bit++) {
        byte[] broken = intact.clone();
        broken[at] ^= (byte) (1 << bit);
        corruptions += isFound(broken, current, state) ? 1 : 0;
      }
    }
    int records = used - 20 - ManifestFormat.RECORDS_AT;
    assertThat(corruptions).isGreaterThanOrEqualTo(8 * records);
  }

  /** Whether a manifest is found to be damaged; if it is not, it says what it said. */
  private boolean isFound(byte[] manifest, byte[] current, ManifestState state) throws IOException {
    disk = new MemoryDisk();
    disk.replace(PATH, manifest);
    disk.replace(CURRENT, current);
    try {
      assertSame(reopen(), state);
      return false;
    } catch (CorruptionException e) {
      assertThat(e.damage().file()).isEqualTo(PATH);
      return true;
    }
  }

  /** Of an edit that was in force, a power cut right after it leaves a witness, too. */
  @Test
  void aFlippedBitIsFoundAfterAPowerCut() throws IOException {
    PoweredDisk powered = new PoweredDisk(disk);
    Manifest manifest = Manifest.open(powered.disk(), DIRECTORY, 0);
    manifest.append(List.of(add(1, 0)));
    manifest.append(List.of(add(2, 0)));
    byte[] left = disk.content(PATH);
    byte[] current = disk.content(CURRENT);
    left[lastUsed(left) - 3] ^= 1;
    assertThat(isFound(left, current, manifest.state())).isTrue();
  }

  /** As above, after a start that had nothing to write but the seals. */
  @Test
  void aFlippedBitIsFoundAfterAStartAndAPowerCut() throws IOException {
    fill();
    byte[] unsealed = disk.content(PATH);
    for (int seal : ManifestFormat.sealPositions(unsealed.length)) {
      Arrays.fill(unsealed, seal, seal + 12, (byte) 0);
    }
    disk.replace(PATH, unsealed);
    ManifestState state = Manifest.open(new PoweredDisk(disk).disk(), DIRECTORY, 0).state();
    byte[] left = disk.content(PATH);
    left[lastUsed(left) - 3] ^= 1;
    assertThat(isFound(left, disk.content(CURRENT), state)).isTrue();
  }

  /**
   * Without any seal the last edit passes for torn; what it replaced being gone tells the truth.
   */
  @Test
  void nothingIsChangedOnTheWordOfATornManifestWhoseTablesAreGone() throws IOException {
    fill();
    putTables(1, 3, 4);
    byte[] rotten = disk.content(PATH);
    for (int seal : ManifestFormat.sealPositions(rotten.length)) {
      Arrays.fill(rotten, seal, seal + 12, (byte) 0);
    }
    rotten[lastUsed(rotten) - 3] ^= 1;
    disk.replace(PATH, rotten);
    assertThatThrownBy(this::reopen)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("names table 2, which is missing");
    assertThat(disk.content(PATH)).isEqualTo(rotten);
    assertThat(disk.list(DIRECTORY))
        .containsExactly("000001.sst", "000003.sst", "000004.sst", "CURRENT", "MANIFEST-000001");
  }

  /** No single sector holds the newest edit and all that tells that it was durable. */
  @Test
  void everyLostSectorIsFoundOrHarmless() throws IOException {
    ManifestState state = fill();
    byte[] intact = disk.content(PATH);
    byte[] current = disk.content(CURRENT);
    int damaged = 0;
    for (int at = 0; at < intact.length; at += 512) {
      byte[] broken = intact.clone();
      Arrays.fill(broken, at, at + 512, (byte) 0);
      damaged += isFound(broken, current, state) ? 1 : 0;
    }
    assertThat(damaged).isEqualTo(2); // the header, and the one with the edits
  }

  @Test
  void aTornSealLeavesTheOther() throws IOException {
    ManifestState state = fill();
    byte[] intact = disk.content(PATH);
    byte[] current = disk.content(CURRENT);
    int lastEdit = lastUsed(intact);
    for (int seal : ManifestFormat.sealPositions(intact.length)) {
      byte[] torn = intact.clone();
      torn[seal + 5] ^= 1;
      disk.replace(PATH, torn);
      disk.replace(CURRENT, current);
      assertSame(reopen(), state);
      torn[lastEdit] ^= 1;
      disk.replace(PATH, torn);
      assertThatThrownBy(this::reopen)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("durable up to byte " + (lastEdit + 1));
    }
  }

  /** The last byte of the last record. */
  private static int lastUsed(byte[] file) {
    int last = ManifestFormat.recordsEnd(file.length) - 1;
    while (file[last] == 0) {
      last--;
    }
    return last;
  }

  @Test
  void everyTruncationIsFound() throws IOException {
    fill();
    byte[] intact = disk.content(PATH);
    for (int length = 0; length < intact.length; length += length < 1_000 ? 1 : 97) {
      disk.replace(PATH, Arrays.copyOf(intact, length));
      assertThatThrownBy(this::reopen)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(PATH);
    }
  }

  @Test
  void aBatchThatWasCutOffNeverHappened() throws IOException {
    ManifestState state = fill();
    byte[] before = disk.content(PATH);
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      manifest.append(List.of(add(10, 0), add(11, 0)));
    }
    byte[] after = disk.content(PATH);
    int from = lastUsed(before) + 1;
    for (int length = from; length <= lastUsed(after); length += 3) {
      byte[] torn = before.clone();
      System.arraycopy(after, from, torn, from, length - from);
      disk.replace(PATH, torn);
      disk.replace(CURRENT, line("MANIFEST-000001"));
      putTables(1, 3, 4, 10, 11);
      ManifestState opened = reopen();
      if (opened.applied().index() == state.applied().index()) {
        assertSame(opened, state);
      } else {
        assertThat(opened.applied().index()).isEqualTo(10);
      }
      assertSame(reopen(), opened);
    }
  }

  private static byte[] line(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return String.format("%s %08x\n", name, ManifestFormat.crc(bytes, 0, bytes.length))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDamagedCurrentIsFound() throws IOException {
    fill();
    byte[] intact = disk.content(CURRENT);
    for (int at = 0; at < intact.length; at++) {
      byte[] broken = intact.clone();
      broken[at] ^= 1;
      disk.replace(CURRENT, broken);
      assertThatThrownBy(this::reopen).isInstanceOf(CorruptionException.class);
      disk.replace(CURRENT, Arrays.copyOf(intact, at));
      assertThatThrownBy(this::reopen).isInstanceOf(CorruptionException.class);
    }
    disk.delete(CURRENT);
    disk.replace(DIRECTORY + "/000004.sst", new byte[1]);
    assertThatThrownBy(this::reopen)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("CURRENT");
  }

  @Test
  void aMissingManifestIsNamed() throws IOException {
    fill();
    disk.delete(PATH);
    assertThatThrownBy(this::reopen)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(PATH);
  }

  @Test
  void aFullFileIsFollowedByAnother() throws IOException {
    ManifestState state;
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      manifest.append(List.of(add(1, 0)));
      for (long number = 2; number < 2_000; number++) {
        manifest.append(List.of(move(number - 1, number)));
      }
      state = manifest.state();
    }
    assertSame(reopen(), state);
    List<String> names = disk.list(DIRECTORY);
    assertThat(names).hasSize(2).contains("CURRENT").doesNotContain("MANIFEST-000001");
    assertThat(disk.content(DIRECTORY + "/" + names.get(1))).hasSize(8 * 1024);
  }

  @Test
  void whatACrashLeftBehindIsRemoved() throws IOException {
    fill();
    disk.replace(DIRECTORY + "/000007.sst", new byte[10]);
    disk.replace(DIRECTORY + "/000001.sst", new byte[10]);
    disk.replace(DIRECTORY + "/MANIFEST-000002", new byte[10]);
    disk.replace(DIRECTORY + "/CURRENT.tmp", new byte[10]);
    disk.replace(DIRECTORY + "/notes.txt", new byte[10]);
    reopen();
    assertThat(disk.list(DIRECTORY))
        .containsExactly("000001.sst", "CURRENT", "MANIFEST-000001", "notes.txt");
  }

  @Test
  void aCreationThatWasCutOffStartsAgain() throws IOException {
    disk.replace(PATH, new byte[100]);
    assertSame(reopen(), ManifestState.EMPTY);
  }

  @Test
  void afterAFailureEditsGoToAnotherFile() throws IOException {
    FailingDisk failing = new FailingDisk(disk);
    try (Manifest manifest = Manifest.open(failing.disk(), DIRECTORY, 0)) {
      manifest.append(List.of(add(1, 0)));
      failing.failing = true;
      assertThatThrownBy(() -> manifest.append(List.of(add(2, 0)))).isInstanceOf(IOException.class);
      assertThat(manifest.state().tables()).hasSize(1);
      failing.failing = false;
      manifest.append(List.of(add(2, 0)));
      manifest.append(List.of(add(3, 0)));
    }
    assertThat(disk.list(DIRECTORY)).contains("MANIFEST-000002").doesNotContain("MANIFEST-000001");
    assertThat(reopen().tables()).hasSize(3);
  }

  @Test
  void editsAreInForceThoughTheirSealCannotBeWritten() throws IOException {
    FailingDisk failing = new FailingDisk(disk);
    try (Manifest manifest = Manifest.open(failing.disk(), DIRECTORY, 0)) {
      failing.failingAt = ManifestFormat.sealPositions(8 * 1024)[1];
      manifest.append(List.of(add(1, 0)));
      assertThat(manifest.state().tables()).hasSize(1);
      failing.failingAt = -1;
      manifest.append(List.of(add(2, 0)));
    }
    assertThat(disk.list(DIRECTORY)).contains("MANIFEST-000002").doesNotContain("MANIFEST-000001");
    assertThat(reopen().tables()).hasSize(2);
  }

  @Test
  void tellsWhatItSaysInWords() throws IOException {
    fill();
    List<String> lines = new ArrayList<>();
    ManifestDescription.describe(disk, PATH, lines::add);
    assertThat(lines.get(0)).startsWith("manifest, format version 1");
    assertThat(lines)
        .anyMatch(line -> line.contains("add table 000001 in level 0: 1000 bytes, 10 entries"))
        .anyMatch(line -> line.contains("(2 tombstones, 1 expiring, half of all garbage by 99)"))
        .anyMatch(line -> line.contains("keys \"a1\" to \"z\\x00\\\"1\""))
        .anyMatch(line -> line.contains("remove tables [2]"))
        .anyMatch(line -> line.contains("in sum: 3 tables, log applied up to index 3"));
  }
}
