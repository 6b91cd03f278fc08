package io.distkv.simulation.cluster;

import io.distkv.base.Version;
import io.distkv.node.replica.Replica;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Cursor;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What the replicas hold, compared: those that have applied the same entries hold the same. */
final class Contents {
  private Contents() {}

  /**
   * Compares all replicas of all groups.
   *
   * @throws Violation if two that have applied the same differ
   */
  static void requireEqual(Cluster cluster) {
    SortedMap<Long, SortedMap<Long, String>> groups = new TreeMap<>();
    for (Machine machine : cluster.machines()) {
      Machine.Life life = machine.life();
      if (life != null && life.serves()) {
        for (Replica replica : life.node().replicas()) {
          String content = of(replica);
          String other =
              groups
                  .computeIfAbsent(replica.identity().id(), _ -> new TreeMap<>())
                  .putIfAbsent(replica.appliedIndex(), content);
          if (other != null && !other.equals(content)) {
            throw new Violation(
                "Contents: node %d, group %s at %d holds%n%sand another%n%s"
                    .formatted(
                        machine.id(), replica.identity(), replica.appliedIndex(), content, other));
          }
        }
      }
    }
  }

  /**
   * All that a replica's state holds, in one number.
   *
   * @throws Violation if it cannot be read
   */
  static long digest(Replica replica) {
    CRC32C keys = new CRC32C();
    CRC32C values = new CRC32C();
    ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);
    try (Snapshot snapshot = replica.snapshot()) {
      Cursor cursor = snapshot.cursor(KeyRange.ALL);
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        if (hasExpired(cursor, snapshot)) {
          continue;
        }
        keys.update(cursor.key());
        numbers.putLong(0, cursor.version()).putLong(Long.BYTES, cursor.expiresAtMillis());
        keys.update(numbers.array());
        values.update(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
      }
    } catch (IOException e) {
      throw new Violation("a replica cannot be read", e);
    }
    values.update(replica.clientSessions());
    return keys.getValue() << Integer.SIZE | values.getValue();
  }

  /**
   * Whether a value has ended by the time of the log: then one replica may have dropped it already
   * that another has.
   */
  private static boolean hasExpired(Cursor cursor, Snapshot snapshot) {
    long end = cursor.expiresAtMillis();
    return end != 0 && end <= Version.millis(snapshot.asOf());
  }

  /**
   * The version that a replica's state has of a key; 0 if it has none.
   *
   * @throws Violation if it cannot be read
   */
  static long versionOf(Replica replica, String key) {
    Lookup found = new Lookup();
    try (Snapshot snapshot = replica.snapshot()) {
      Lookup.Outcome outcome = snapshot.get(key.getBytes(StandardCharsets.UTF_8), found);
      return outcome == Lookup.Outcome.FOUND ? found.version() : 0;
    } catch (IOException e) {
      throw new Violation("a replica cannot be read", e);
    }
  }

  /**
   * All that a replica's state holds, in words: a line for each key, and the sessions of clients.
   *
   * @throws Violation if it cannot be read
   */
  static String of(Replica replica) {
    StringBuilder text = new StringBuilder();
    try (Snapshot snapshot = replica.snapshot()) {
      Cursor cursor = snapshot.cursor(KeyRange.ALL);
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        if (hasExpired(cursor, snapshot)) {
          continue;
        }
        int from = cursor.valueOffset();
        text.append(
            "%s @%s until %d: %s%n"
                .formatted(
                    new String(cursor.key(), StandardCharsets.UTF_8),
                    Version.toString(cursor.version()),
                    cursor.expiresAtMillis(),
                    HexFormat.of()
                        .formatHex(cursor.valueArray(), from, from + cursor.valueLength())));
      }
    } catch (IOException e) {
      throw new Violation("a replica cannot be read", e);
    }
    byte[] sessions = replica.clientSessions();
    return text.append("sessions: %s%n".formatted(HexFormat.of().formatHex(sessions))).toString();
  }
}
