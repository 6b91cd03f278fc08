package io.distkv.simulation.disk;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A disk in memory that forgets at a crash what nobody synced, and fails on request.
 *
 * <p>What a {@link #crash} may leave, all drawn from the seed: of each un-synced sector of 512
 * bytes, any content it has had since its file's last sync (rarely one torn inside); of each file,
 * any size it has had since then, or a part of its growth; of the un-synced changes to names, any
 * subset in which a change to a name has the earlier changes to the same name below it. What was
 * synced is there, always.
 *
 * <p>Crash points are steps: each operation that changes the disk is one. At the chosen step the
 * operation takes effect (a sync: perhaps), and a {@link SimulatedCrash} is thrown; all that the
 * process asks afterwards throws it again, until {@link #crash} has decided what is left.
 *
 * <p>Not thread-safe: a simulated world has one thread.
 */
public final class SimulatedDisk implements Disk {
  private final SimulatedRandomness random;
  private final Trace trace;
  private final DiskFaults faults = new DiskFaults();
  private final Steps steps;
  private final SequenceNumbers numbers = new SequenceNumbers();
  private final Namespace names = new Namespace();
  private final Map<Inode, Integer> openings = new HashMap<>();
  private long lastInode;
  private long bootCount;

  public SimulatedDisk(SimulatedRandomness random, Trace trace) {
    this.random = random;
    this.trace = trace;
    this.steps = new Steps(random, trace, faults);
  }

  /** What goes wrong on this disk. */
  public DiskFaults faults() {
    return faults;
  }

  /** How many steps have been taken. */
  public long steps() {
    return steps.count();
  }

  /** Whether a crash was thrown and {@link #crash} has yet to decide what it left. */
  public boolean isDown() {
    return steps.isDown();
  }

  /** Names of the files that have been opened since the last crash and not been closed. */
  public List<String> openFiles() {
    List<String> open = new ArrayList<>();
    for (Inode inode : openings.keySet()) {
      open.add(
          names.paths().entrySet().stream()
              .filter(entry -> entry.getValue() == inode)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse("a deleted file"));
    }
    open.sort(null);
    return open;
  }

  /** The power goes, now or at the step that has thrown; the disk is usable again afterwards. */
  public void crash() {
    names.crash(random);
    for (Inode inode : distinctInodes()) {
      inode.crash(random);
    }
    openings.clear();
    steps.restart();
    bootCount++;
    trace.event("power cut", "", steps.count(), bootCount);
  }

  /**
   * The process ends while the machine stays up: nothing is lost, but its files are no longer open.
   */
  public void killProcess() {
    openings.clear();
    steps.restart();
    bootCount++;
    trace.event("process end", "", steps.count(), bootCount);
  }

  @Override
  public DiskFile create(String path) throws IOException {
    steps.begin(Operation.CREATE, path, 0, 0);
    requireParent(path);
    if (names.get(path) != null) {
      throw new FileAlreadyExistsException(path);
    }
    Inode inode = new Inode(++lastInode);
    names.put(path, inode);
    steps.end(Operation.CREATE, path);
    return opened(path, inode, true);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    steps.begin(Operation.OPEN, path, 0, 0);
    return opened(path, requireFile(path), true);
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    steps.begin(Operation.OPEN, path, 0, 0);
    return opened(path, requireFile(path), false);
  }

  @Override
  public boolean exists(String path) {
    steps.requireUp(path);
    return names.get(path) != null;
  }

  @Override
  public List<String> list(String directory) throws IOException {
    steps.begin(Operation.LIST, directory, 0, 0);
    return names.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    steps.begin(Operation.CREATE_DIRECTORIES, directory, 0, 0);
    String path = "";
    for (String name : directory.split("/", -1)) {
      path = path.isEmpty() ? name : path + "/" + name;
      Node node = names.get(path);
      if (node instanceof Inode) {
        throw new FileAlreadyExistsException(path);
      }
      if (node == null) {
        names.putDurably(path);
      }
    }
    steps.end(Operation.CREATE_DIRECTORIES, directory);
  }

  @Override
  public void delete(String path) throws IOException {
    steps.begin(Operation.DELETE, path, 0, 0);
    Node node = names.get(path);
    if (node == null) {
      throw new NoSuchFileException(path);
    }
    if (!names.list(path).isEmpty()) {
      throw new DirectoryNotEmptyException(path);
    }
    names.remove(path);
    steps.end(Operation.DELETE, path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    steps.begin(Operation.RENAME, to, from.hashCode(), 0);
    Inode inode = requireFile(from);
    requireParent(to);
    if (names.get(to) instanceof Node.Directory) {
      throw new FileAlreadyExistsException(to);
    }
    if (!from.equals(to)) {
      names.rename(from, to, inode);
    }
    steps.end(Operation.RENAME, to);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    steps.begin(Operation.LINK, additional, existing.hashCode(), 0);
    Inode inode = requireFile(existing);
    requireParent(additional);
    if (names.get(additional) != null) {
      throw new FileAlreadyExistsException(additional);
    }
    names.put(additional, inode);
    steps.end(Operation.LINK, additional);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    steps.begin(Operation.SYNC_DIRECTORY, directory, 0, 0);
    if (!(names.get(directory) instanceof Node.Directory)) {
      throw new NoSuchFileException(directory);
    }
    if (steps.syncTakesEffect()) {
      names.sync(directory);
    }
    steps.end(Operation.SYNC_DIRECTORY, directory);
  }

  @Override
  public long usableBytes() {
    steps.requireUp("");
    return Math.max(0, faults.capacityBytes() - usedBytes());
  }

  @Override
  public long lastSyncNanos() {
    return 0;
  }

  /** Bytes that files take, those that are open but have no name any more included. */
  public long usedBytes() {
    return distinctInodes().stream().mapToLong(Inode::allocatedBytes).sum();
  }

  /** The paths of all files, sorted. */
  public List<String> files() {
    return names.paths().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Inode)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A file's whole content, without a step or a fault. */
  public byte[] contentOf(String path) throws IOException {
    Inode inode = requireFile(path);
    byte[] content = new byte[Math.toIntExact(inode.size())];
    inode.read(ByteBuffer.wrap(content), 0);
    return content;
  }

  /** Rot: one bit of a file is not what was written. */
  public void flipBit(String path, long bit) throws IOException {
    Inode inode = requireFile(path);
    long position = bit / Byte.SIZE;
    if (position >= inode.size()) {
      throw new IllegalArgumentException(path + " has no bit " + bit);
    }
    byte[] one = new byte[1];
    inode.read(ByteBuffer.wrap(one), position);
    one[0] ^= (byte) (1 << (bit % Byte.SIZE));
    inode.rot(ByteBuffer.wrap(one), position);
  }

  /**
   * Rot that can be undone: one bit of a file reads as what it is not, until something is written
   * to its byte or {@link #mendBits} comes.
   */
  public void spoilBit(String path, long bit) throws IOException {
    Inode inode = requireFile(path);
    if (bit / Byte.SIZE >= inode.size()) {
      throw new IllegalArgumentException(path + " has no bit " + bit);
    }
    inode.spoil(bit / Byte.SIZE, (byte) (1 << (bit % Byte.SIZE)));
    trace.event("rot", path, bit, 0);
  }

  /** All bits that {@link #spoilBit} has spoilt are as they should be. */
  public void mendBits() {
    distinctInodes().forEach(Inode::mend);
  }

  /** Rot: other bytes are where these were written, in a part of a file or beyond its end. */
  public void overwrite(String path, long position, byte[] bytes) throws IOException {
    requireFile(path).rot(ByteBuffer.wrap(bytes), position);
  }

  /** Rot: a file lost its end, or has one of zeros. */
  public void resize(String path, long sizeBytes) throws IOException {
    requireFile(path).rotSize(sizeBytes);
  }

  /** Rot: a file's name is gone for good. */
  public void lose(String path) throws IOException {
    requireFile(path);
    names.remove(path);
    names.sync(parent(path));
  }

  /**
   * A disk with the same files, as programs see them, all durable. What happens to one does not
   * happen to the other.
   */
  public SimulatedDisk copy(SimulatedRandomness seededRandom, Trace itsTrace) {
    SimulatedDisk copy = new SimulatedDisk(seededRandom, itsTrace);
    Map<Inode, Inode> copies = new HashMap<>();
    names
        .paths()
        .forEach((path, node) ->
            copy.names.put(
                path,
                switch (node) {
                  case Inode inode -> copies.computeIfAbsent(inode, Inode::copy);
                  case Node.Directory directory -> directory;
                }));
    copy.names.syncAll();
    copy.lastInode = lastInode;
    return copy;
  }

  /** The directory that a path is in; the root is "". */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  int read(String path, Inode inode, ByteBuffer target, long position) throws IOException {
    steps.begin(Operation.READ, path, position, target.remaining());
    return inode.read(target, position);
  }

  void write(String path, Inode inode, ByteBuffer source, long position) throws IOException {
    steps.begin(Operation.WRITE, path, position, checksum(source));
    long free = faults.capacityBytes() == Long.MAX_VALUE ? Long.MAX_VALUE : usableBytes();
    boolean fits = inode.bytesToAllocate(position, source.remaining()) <= free;
    if (!fits) {
      ByteBuffer beginning = source.duplicate();
      while (beginning.hasRemaining()
          && inode.bytesToAllocate(position, beginning.remaining()) > free) {
        beginning.limit(beginning.limit() - Math.min(Inode.SECTOR, beginning.remaining()));
      }
      inode.write(beginning, position, numbers);
      steps.end(Operation.WRITE, path);
      trace.tally().count("write on a full disk");
      throw new DiskFullException(path, new IOException("simulated disk is full"));
    }
    inode.write(source, position, numbers);
    steps.end(Operation.WRITE, path);
  }

  void sync(String path, Inode inode) throws IOException {
    if (steps.fails(Operation.SYNC, path, 0, 0)) {
      inode.failSync(random);
      throw new IOException("simulated failure of SYNC on " + path);
    }
    if (steps.syncTakesEffect()) {
      inode.sync();
    }
    steps.end(Operation.SYNC, path);
  }

  void closed(Inode inode, long itsBootCount) {
    if (itsBootCount == bootCount) {
      openings.merge(inode, -1, (count, less) -> count + less == 0 ? null : count + less);
    }
  }

  void requireBoot(long itsBootCount, String path) {
    steps.requireUp(path);
    if (itsBootCount != bootCount) {
      throw new SimulatedCrash(path + " belongs to a process that is gone");
    }
  }

  private void requireParent(String path) throws NoSuchFileException {
    String directory = parent(path);
    if (!(names.get(directory) instanceof Node.Directory)) {
      throw new NoSuchFileException(directory);
    }
  }

  private Inode requireFile(String path) throws NoSuchFileException {
    if (names.get(path) instanceof Inode inode) {
      return inode;
    }
    throw new NoSuchFileException(path);
  }

  private SimulatedFile opened(String path, Inode inode, boolean writable) {
    openings.merge(inode, 1, Integer::sum);
    return new SimulatedFile(this, path, inode, writable, bootCount);
  }

  /** Every file that has a name or is open, once, in an order that the seed decides. */
  private List<Inode> distinctInodes() {
    Map<Long, Inode> byNumber = new TreeMap<>();
    for (Node node : names.paths().values()) {
      if (node instanceof Inode inode) {
        byNumber.put(inode.number(), inode);
      }
    }
    for (Inode inode : openings.keySet()) {
      byNumber.put(inode.number(), inode);
    }
    return List.copyOf(byNumber.values());
  }

  private static long checksum(ByteBuffer source) {
    CRC32C crc = new CRC32C();
    crc.update(source.duplicate());
    return crc.getValue() << 32 | source.remaining();
  }
}
