package io.distkv.node;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.keyspace.SettingMismatchException;
import io.distkv.node.replica.GroupChanges.Opened;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Replica;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes a keyspace: first the empty trees, then the catalog that says that they count, then
 * whatever writes. So a crash leaves either folders that no catalog names, which a start removes,
 * or a keyspace with all that it had acknowledged. The other order would leave the catalog to be
 * taken back where a tree cannot be made.
 *
 * <p>On lane 0.
 */
final class KeyspaceCreation implements KeyspaceChange {
  private final LiveKeyspaces keyspaces;
  private final String name;
  private final KeyspaceWish wish;

  KeyspaceCreation(LiveKeyspaces keyspaces, String name, KeyspaceWish wish) {
    this.keyspaces = keyspaces;
    this.name = name;
    this.wish = wish;
  }

  @Override
  public void run(Consumer<Reply> done) {
    Catalog next;
    try {
      next = keyspaces.catalog().withNew(options());
    } catch (IllegalArgumentException e) {
      done.accept(Errors.invalid(String.valueOf(e.getMessage())));
      return;
    } catch (SettingMismatchException e) {
      done.accept(Errors.of(ErrorCode.TOO_LARGE, String.valueOf(e.getMessage())));
      return;
    }
    if (keyspaces.environment().reserve().full()) {
      done.accept(
          Errors.of(ErrorCode.DISK_FULL, "the disk is nearly full: no keyspace is created"));
      return;
    }
    CatalogEntry created = Objects.requireNonNull(next.find(name));
    keyspaces.<Opened>onLanes(
        created,
        (group, own, opened) -> group.changes().open(own, opened),
        opened -> opened(next, created, opened, done));
  }

  private KeyspaceOptions options() {
    List<CatalogEntry> there = keyspaces.catalog().keyspaces();
    int first = there.getFirst().options().number();
    KeyspaceOptions options = wish.created(there.getLast().options().number() + 1, name);
    if (options.number() < first) {
      throw new IllegalArgumentException(
          "the number must be above "
              + first
              + ", since clients begin with the keyspace of the smallest number");
    }
    for (CatalogEntry entry : there) {
      if (entry.options().name().equals(name)) {
        throw new IllegalArgumentException("keyspace " + name + " exists");
      }
      if (entry.options().number() == options.number()) {
        throw new IllegalArgumentException(
            "the number " + options.number() + " is that of keyspace " + entry.options().name());
      }
    }
    return options;
  }

  private void opened(
      Catalog next, CatalogEntry created, SortedMap<Integer, Opened> opened, Consumer<Reply> done) {
    for (Opened each : opened.values()) {
      IOException failure = each.failure();
      if (failure != null) {
        discard(next, created, opened, keyspaces.notDone(failure), done);
        return;
      }
    }
    keyspaces.decide(
        next,
        refused -> {
          if (refused == null) {
            join(created, opened, done);
          } else {
            discard(next, created, opened, refused, done);
          }
        });
  }

  private void discard(
      Catalog next,
      CatalogEntry created,
      SortedMap<Integer, Opened> opened,
      Reply.Failure why,
      Consumer<Reply> done) {
    keyspaces.passOver(next);
    keyspaces.environment().limits().forget(created);
    keyspaces.<Boolean>onLanes(
        created,
        (group, own, ended) ->
            group.changes().discard(own, of(opened, group.number()), () -> ended.accept(true)),
        _ -> done.accept(why));
  }

  private void join(CatalogEntry created, SortedMap<Integer, Opened> opened, Consumer<Reply> done) {
    keyspaces.<Boolean>onLanes(
        created,
        (group, own, joined) ->
            group.changes().join(of(opened, group.number()), () -> joined.accept(true)),
        _ -> joined(created, opened, done));
  }

  private void joined(
      CatalogEntry created, SortedMap<Integer, Opened> opened, Consumer<Reply> done) {
    SortedMap<Integer, Replica> replicas = new TreeMap<>();
    for (Opened each : opened.values()) {
      each.replicas().forEach(replica -> replicas.put(replica.partition(), replica));
    }
    Keyspace keyspace = new Keyspace(created, List.copyOf(replicas.values()));
    keyspaces.serve(keyspaces.served().now().with(keyspace));
    KeyspaceDescription.ask(keyspaces, keyspace, done);
  }

  private static Opened of(SortedMap<Integer, Opened> opened, int journal) {
    return Objects.requireNonNull(opened.get(journal));
  }
}
