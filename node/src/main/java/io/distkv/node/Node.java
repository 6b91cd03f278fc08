package io.distkv.node;

import io.distkv.base.Lane;
import io.distkv.node.command.CommandTable;
import io.distkv.node.hotkeys.HotKeys;
import io.distkv.node.hotkeys.SharedSampler;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.peer.Peers;
import io.distkv.node.replica.DiskReserve;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.KeyspaceLimits;
import io.distkv.node.replica.LanePort;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.ReplicaEnvironment;
import io.distkv.node.replica.ReplicaFolders;
import io.distkv.node.replica.ReplicaGroup;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.node.replica.SnapshotFolders;
import io.distkv.node.session.Availability;
import io.distkv.node.session.InPlaceReads;
import io.distkv.node.session.LaneSessions;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.node.session.SessionServices;
import io.distkv.node.session.SessionStatistics;
import io.distkv.node.session.UnaryCalls;
import io.distkv.node.watch.LaneWatches;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.table.TableFiles;
import io.distkv.storage.tree.CompactionSlots;
import io.distkv.storage.tree.IoRate;
import io.distkv.storage.tree.MemtableBudget;
import io.distkv.storage.tree.TreeResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node: a data folder brought to life. Opens its keyspaces, replays their logs, serves
 * sessions, and closes everything in order.
 *
 * <p>The catalog says which replicas there are. Replica i of the folder's j journals belongs to
 * journal i mod j for the life of the folder, and journal k to lane k mod lanes for the life of the
 * process; so the number of lanes may change from one start to the next.
 *
 * <p>All methods may be called from any thread unless they say otherwise.
 */
public final class Node {
  private static final long STOP_LOOK_NANOS = 10_000_000;

  private final NodeEnvironment environment;
  private final NodeHost host;
  private final NodeEvents events;
  private final Catalog catalog;
  private final List<LanePort> ports;
  private final Peers peers;
  private final List<ReplicaGroup> groups = new ArrayList<>();
  private final ReplicaEnvironment replicaEnvironment;
  private final BlockCache cache;
  private final DamagedFiles damagedFiles;
  private final NodeOptions options;
  private final Availability availability = new Availability();
  private final AtomicReference<Health> health = new AtomicReference<>(Health.STARTING);
  private final AtomicLong nextSession = new AtomicLong(1);
  private final Information information;
  private volatile @Nullable Serving serving;

  /** What exists once the node serves. */
  private record Serving(
      LiveKeyspaces keyspaces,
      KeyspaceChanges changes,
      List<LaneSessions> lanes,
      List<LaneWatches> watches,
      InPlaceReads inPlaceReads) {}

  private Node(NodeEnvironment environment, NodeOptions options, NodeHost host, NodeEvents events)
      throws IOException {
    this.environment = environment;
    this.options = options;
    this.host = host;
    this.events = events;
    catalog =
        Catalog.open(
            environment.disk(),
            environment.randomness(),
            options.keyspaces(),
            options.named(),
            environment.lanes().size());
    SnapshotFolders.clean(environment.disk(), identities());
    ReplicaFolders.clean(environment.disk(), catalog);
    information = new Information(host, catalog.nodeId());
    cache = host.blockCache(options.blockCacheBytes());
    damagedFiles = new DamagedFiles(events);
    replicaEnvironment = replicaEnvironment();
    peers =
        new Peers(
            catalog.memberId(),
            environment.transport(),
            environment.clock(),
            environment.lanes(),
            replicaEnvironment.faults(),
            options.raft().heartbeatNanos(),
            options.raft().electionTimeoutNanos());
    ports = LanePort.connect(environment.lanes(), environment.clock(), environment.randomness());
    for (int journal = 0; journal < catalog.journals(); journal++) {
      LanePort port = ports.get(journal % ports.size());
      groups.add(
          new ReplicaGroup(
              replicaEnvironment,
              journal,
              catalog.journalId(journal),
              port,
              peers.outbox(port.lane().index())));
    }
  }

  private ReplicaEnvironment replicaEnvironment() {
    long rate = options.backgroundBytesPerSecond();
    TreeResources trees =
        new TreeResources(
            environment.disk(),
            environment.clock(),
            cache,
            new TableFiles(options.openTables()),
            environment.background(),
            new MemtableBudget(options.memtableBytes()),
            new CompactionSlots(options.compactionWorkers()),
            new IoRate(environment.clock(), rate == 0 ? Long.MAX_VALUE : rate),
            damagedFiles);
    DiskReserve reserve =
        new DiskReserve(environment.disk(), environment.background(), options.diskReserveBytes());
    return new ReplicaEnvironment(
        environment.disk(),
        environment.clock(),
        environment.reads(),
        environment.background(),
        trees,
        CommandTable.standard(),
        reserve,
        new KeyspaceLimits(environment.clock()),
        new NodeFaults(),
        options.pendingBytesPerReplica(),
        options.answersInARow(),
        options.journalBytes(),
        options.journalSegmentBytes(),
        options.tree(),
        catalog.memberId(),
        options.placement(),
        options.groups());
  }

  /**
   * Starts a node in a folder, new or not. Reads the folder's catalog in this call; the replay goes
   * on afterwards on the lanes, and {@code events} tell how it ends.
   *
   * @throws io.distkv.node.keyspace.SettingMismatchException if the options contradict the folder
   * @throws io.distkv.storage.CorruptionException if the catalog is damaged
   */
  public static Node start(
      NodeEnvironment environment, NodeOptions options, NodeHost host, NodeEvents events)
      throws IOException {
    Node node = new Node(environment, options, host, events);
    node.replicaEnvironment.reserve().watch();
    node.openGroups();
    return node;
  }

  private void openGroups() {
    AtomicInteger left = new AtomicInteger(groups.size());
    for (ReplicaGroup group : groups) {
      group
          .port()
          .lane()
          .complete(() -> {
            if (open(group) && left.decrementAndGet() == 0) {
              serve();
            }
          });
    }
  }

  private boolean open(ReplicaGroup group) {
    try {
      group.open(
          identities(group.number()),
          environment.sync().get(group.port().lane().index()),
          events::recovering);
      return true;
    } catch (IOException | RuntimeException e) {
      fail(e);
      return false;
    }
  }

  private List<ReplicaIdentity> identities() {
    List<ReplicaIdentity> identities = new ArrayList<>();
    catalog.keyspaces().forEach(entry -> identities.addAll(ReplicaIdentity.all(entry)));
    return identities;
  }

  private List<ReplicaIdentity> identities(int journal) {
    return identities().stream()
        .filter(each -> each.journal(catalog.journals()) == journal)
        .toList();
  }

  /** All replicas are there: makes what the sessions need and lets them come. */
  private void serve() {
    LiveKeyspaces keyspaces =
        new LiveKeyspaces(lane(0), replicaEnvironment, groups, peers, catalog);
    KeyspaceChanges changes = new KeyspaceChanges(availability::refusal);
    SessionServices services =
        new SessionServices(
            replicaEnvironment.commands(),
            keyspaces.served(),
            environment.clock(),
            environment.reads(),
            replicaEnvironment.faults(),
            availability,
            options.sizeLimits(),
            options.requestDeadlineNanos(),
            options.admittedWaitNanos(),
            environment.disk()::lastSyncNanos);
    List<LaneSessions> lanes = new ArrayList<>();
    List<LaneWatches> watches = new ArrayList<>();
    for (LanePort port : ports) {
      watches.add(new LaneWatches(port.lane(), environment.clock(), services.keyspaces()::now));
      int lane = port.lane().index();
      LaneKeyspaces own = new LaneKeyspaces(keyspaces, changes, options.keyspaces(), port.lane());
      lanes.add(
          new LaneSessions(
              port, services, new LaneControl(this, port, own), host.commandObserver(lane)));
    }
    serving =
        new Serving(
            keyspaces,
            changes,
            List.copyOf(lanes),
            List.copyOf(watches),
            new InPlaceReads(services, sampler(lanes.getFirst())));
    if (health.compareAndSet(Health.STARTING, Health.READY)) {
      events.started();
    }
  }

  private static SharedSampler sampler(LaneSessions sessions) {
    return new SharedSampler(sessions.keys(), sessions.port().lane(), sessions.port()::turnNanos);
  }

  private Serving serving() {
    Serving now = serving;
    if (now == null) {
      throw new IllegalStateException("the node does not serve yet");
    }
    return now;
  }

  /**
   * Opens a session. On its home lane, after the node has started.
   *
   * @throws IllegalStateException if it has not started
   */
  public Session open(SessionContext context) {
    return serving().lanes().get(context.lane()).open(nextSession.getAndIncrement(), context);
  }

  /**
   * The requests that come to a lane and stand for themselves; to be used on that lane, after the
   * node has started.
   *
   * @throws IllegalStateException if it has not started
   */
  public UnaryCalls unaryCalls(int lane) {
    return serving().lanes().get(lane).unaryCalls();
  }

  /**
   * The watches of a lane; to be used on that lane, after the node has started.
   *
   * @throws IllegalStateException if it has not started
   */
  public LaneWatches watches(int lane) {
    return serving().watches().get(lane);
  }

  /**
   * Reads that need no lane; after the node has started.
   *
   * @throws IllegalStateException if it has not started
   */
  public InPlaceReads inPlaceReads() {
    return serving().inPlaceReads();
  }

  /** The identity of the data folder: 16 hexadecimal digits. */
  public String id() {
    return catalog.nodeId();
  }

  public Health health() {
    return health.get();
  }

  /**
   * The files that were found damaged since the start, in the order of their names, each with the
   * first finding; what is not in them is served.
   */
  public List<Damage> damaged() {
    return damagedFiles.all();
  }

  /**
   * The lane on which connections are served best: that of the only partition of the keyspace that
   * clients begin with; -1 if it has several, and any lane is as good.
   */
  public int homeLane() {
    Keyspace first = serving().keyspaces().served().now().first();
    return first.partitions() == 1 ? first.replica(0).port().lane().index() : -1;
  }

  /** The replicas of all keyspaces, once the node serves. */
  public List<Replica> replicas() {
    return serving().keyspaces().served().now().all().stream()
        .flatMap(keyspace -> keyspace.replicas().stream())
        .toList();
  }

  /** Gathers what the node has done and holds; {@code done} is told on lane 0. */
  public void statistics(Consumer<NodeStatistics> done) {
    statistics(lane(0), done);
  }

  void statistics(Lane home, Consumer<NodeStatistics> done) {
    List<LaneGather.Question<GroupStatistics>> ofGroups = new ArrayList<>();
    for (ReplicaGroup group : groups) {
      ofGroups.add(new LaneGather.Question<>(group.port().lane(), group::statistics));
    }
    List<LaneGather.Question<SessionStatistics>> ofLanes = new ArrayList<>();
    for (LaneSessions sessions : lanes()) {
      ofLanes.add(new LaneGather.Question<>(sessions.port().lane(), sessions::statistics));
    }
    LaneGather.ask(
        home,
        ofGroups,
        perGroup ->
            LaneGather.ask(home, ofLanes, perLane -> done.accept(statistics(perGroup, perLane))));
  }

  /**
   * Gathers which keys were asked for most of late, by all front ends; {@code done} is told on lane
   * 0. After the node has started.
   *
   * @param most how many keys are of interest
   * @throws IllegalStateException if it has not started
   */
  public void hotKeys(int most, Consumer<HotKeys> done) {
    List<LaneGather.Question<HotKeys>> questions = new ArrayList<>();
    for (LaneSessions sessions : lanes()) {
      questions.add(new LaneGather.Question<>(sessions.port().lane(), sessions::hotKeys));
    }
    LaneGather.ask(lane(0), questions, parts -> done.accept(HotKeys.merge(parts, most)));
  }

  private NodeStatistics statistics(
      List<GroupStatistics> perGroup, List<SessionStatistics> perLane) {
    DiskReserve reserve = replicaEnvironment.reserve();
    return new NodeStatistics(
        perLane,
        perGroup,
        cache.statistics(),
        replicaEnvironment.trees().files().statistics(),
        replicaEnvironment.trees().memtables().usedBytes(),
        reserve.usableBytes(),
        reserve.full(),
        damagedFiles.all());
  }

  /**
   * Takes nothing new, lets what is under way end, writes all memory out and closes everything.
   *
   * @param whenStopped runs once, on some lane
   */
  public void stop(Runnable whenStopped) {
    if (health.get() == Health.STARTING) {
      lane(0).schedule(STOP_LOOK_NANOS, () -> stop(whenStopped));
      return;
    }
    health.compareAndSet(Health.READY, Health.STOPPING);
    lane(0).complete(peers::stop);
    availability.stopping();
    Serving now = serving;
    if (now == null) {
      stopGroups(whenStopped);
    } else {
      lane(0).complete(() -> now.changes().stop(() -> stopGroups(whenStopped)));
    }
  }

  private void stopGroups(Runnable whenStopped) {
    AtomicInteger left = new AtomicInteger(groups.size());
    for (ReplicaGroup group : groups) {
      group
          .port()
          .lane()
          .complete(() ->
              group.stop(() -> {
                if (left.decrementAndGet() == 0) {
                  stopped(whenStopped);
                }
              }));
    }
  }

  private void stopped(Runnable whenStopped) {
    replicaEnvironment.reserve().close();
    health.compareAndSet(Health.STOPPING, Health.STOPPED);
    whenStopped.run();
  }

  private void fail(Throwable cause) {
    Health before = health.getAndSet(Health.FAILED);
    if (before == Health.FAILED) {
      return;
    }
    availability.failed();
    groups.forEach(group -> group.port().lane().complete(group::lose));
    events.failed(cause);
  }

  private Lane lane(int index) {
    return environment.lanes().get(index);
  }

  NodeEnvironment environment() {
    return environment;
  }

  Information information() {
    return information;
  }

  NodeHost host() {
    return host;
  }

  List<LaneSessions> lanes() {
    return serving().lanes();
  }

  /** Where the node's parts report what must not happen. */
  private final class NodeFaults implements ReplicaEnvironment.Faults {
    @Override
    public void fatal(Throwable cause) {
      fail(cause);
    }

    @Override
    public void defect(Throwable cause) {
      events.defect(cause);
    }

    @Override
    public void damaged(Damage damage) {
      damagedFiles.add(damage);
    }
  }
}
