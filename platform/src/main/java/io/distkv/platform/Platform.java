package io.distkv.platform;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.base.Workers;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything a node touches of this machine: its data folder (claimed by a lock), clock, lanes and
 * workers; started together and shut down in the order that lets work under way end: workers finish
 * their queues first, while the lanes still take their completions, then the lanes end, and last
 * the data folder is given up.
 *
 * <p>Every two lanes share a worker for their journals' writes and syncs: while it syncs one
 * journal, the other gathers more for its next sync, where two workers would sync twice as often
 * for half as much each (on two processors, 22 µs of processor time for a small write instead of
 * 18). Reads of clients and background work (flush, compaction, preparing journal segments) have
 * pools apart, so that none waits for another's.
 */
public final class Platform implements AutoCloseable {
  private static final int LANES_PER_SYNC_WORKER = 2;

  /**
   * How much of the machine to use.
   *
   * @param laneCount event loops, usually one per processor
   * @param laneQueueTasks tasks waiting for one lane, over which it refuses more
   * @param readThreads threads for reads that leave their lane
   * @param readQueueTasks reads waiting for those threads, over which more are refused
   * @param backgroundThreads threads for flush, compaction and the like
   */
  public record Options(
      int laneCount,
      int laneQueueTasks,
      int readThreads,
      int readQueueTasks,
      int backgroundThreads) {

    public Options {
      if (laneCount < 1
          || laneQueueTasks < 1
          || readThreads < 1
          || readQueueTasks < 1
          || backgroundThreads < 1) {
        throw new IllegalArgumentException("every count must be at least 1");
      }
    }

    /** What fits this machine: a lane per processor. */
    public static Options forThisMachine() {
      int processors = Runtime.getRuntime().availableProcessors();
      return new Options(processors, 65_536, Math.max(4, processors), 16_384, processors);
    }
  }

  private final DataFolderLock folderLock;
  private final RealDisk disk;
  private final SystemClock clock = new SystemClock();
  private final Lanes lanes;
  private final List<WorkerPool> syncs = new ArrayList<>();
  private final WorkerPool reads;
  private final WorkerPool background;

  private Platform(
      Path dataFolder,
      DataFolderLock folderLock,
      Options options,
      UncaughtExceptionHandler onUncaught) {
    this.folderLock = folderLock;
    disk = new RealDisk(dataFolder);
    lanes = Lanes.start(options.laneCount(), options.laneQueueTasks(), onUncaught);
    for (int lane = 0; lane < options.laneCount(); lane += LANES_PER_SYNC_WORKER) {
      syncs.add(
          new WorkerPool("sync-" + lane / LANES_PER_SYNC_WORKER, 1, Integer.MAX_VALUE, onUncaught));
    }
    reads = new WorkerPool("read", options.readThreads(), options.readQueueTasks(), onUncaught);
    background =
        new WorkerPool("background", options.backgroundThreads(), Integer.MAX_VALUE, onUncaught);
  }

  /**
   * Claims the data folder, which is created where missing, and starts all threads.
   *
   * @param onUncaught told, on its thread, of whatever a task of a lane or worker throws
   * @throws DataFolderInUseException if another process holds the data folder
   */
  public static Platform start(
      Path dataFolder, Options options, UncaughtExceptionHandler onUncaught) throws IOException {
    DataFolderLock folderLock = DataFolderLock.acquire(dataFolder);
    return new Platform(dataFolder, folderLock, options, onUncaught);
  }

  public Disk disk() {
    return disk;
  }

  public Clock clock() {
    return clock;
  }

  /** A source of random numbers of its own for whoever asks. */
  public Randomness newRandomness() {
    return new SystemRandomness();
  }

  /** The lanes, with their event loops. */
  public Lanes lanes() {
    return lanes;
  }

  /** One lane. */
  public Lane lane(int index) {
    return lanes.lanes().get(index);
  }

  /** The one thread that writes and syncs a lane's journal; does all its tasks in order. */
  public Workers sync(int lane) {
    return syncs.get(lane / LANES_PER_SYNC_WORKER);
  }

  /** Threads for reads of clients that must wait for the disk. */
  public Workers reads() {
    return reads;
  }

  /** Threads for the node's own upkeep. */
  public Workers background() {
    return background;
  }

  /**
   * Lets queued work end, stops all threads and gives the data folder up. Whoever uses them must
   * have stopped first: work that is handed to workers from now on is refused. Not to be called
   * from a lane or worker.
   */
  @Override
  public void close() throws IOException {
    background.close();
    reads.close();
    syncs.forEach(WorkerPool::close);
    lanes.close();
    folderLock.close();
  }
}
