package io.distkv.node.replica;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keyspaces of a node at a moment, by number and name. Immutable; any lane. */
public final class Keyspaces {
  private static final int MAX_DIGITS = 9;

  private final NavigableMap<Integer, Keyspace> byNumber = new TreeMap<>();

  /** Looked into by each call of gRPC and HTTP, and never gone through. */
  private final Map<String, Keyspace> byName = new HashMap<>();

  public Keyspaces(List<Keyspace> keyspaces) {
    for (Keyspace keyspace : keyspaces) {
      byNumber.put(keyspace.number(), keyspace);
      byName.put(keyspace.options().name(), keyspace);
    }
  }

  /** In the order of their numbers. */
  public Collection<Keyspace> all() {
    return Collections.unmodifiableCollection(byNumber.values());
  }

  /** The one that a client has before it selects: the smallest number. */
  public Keyspace first() {
    return byNumber.firstEntry().getValue();
  }

  /** The keyspace of this name, or null. */
  public @Nullable Keyspace named(String name) {
    return byName.get(name);
  }

  /** What a keyspace is now: with the options that it has here; null if it was dropped. */
  public @Nullable Keyspace current(Keyspace known) {
    Keyspace found = byNumber.get(known.number());
    return found != null && found.isSameAs(known) ? found : null;
  }

  /** These and another, or with another in the place of the same one. */
  public Keyspaces with(Keyspace keyspace) {
    List<Keyspace> all = new ArrayList<>(without(keyspace).byNumber.values());
    all.add(keyspace);
    return new Keyspaces(all);
  }

  /** These but for one. */
  public Keyspaces without(Keyspace keyspace) {
    return new Keyspaces(
        byNumber.values().stream().filter(each -> !each.isSameAs(keyspace)).toList());
  }

  /**
   * The keyspace of this number or name, or null.
   *
   * @param numberOrName a number in decimal, or a name
   */
  public @Nullable Keyspace find(String numberOrName) {
    return isNumber(numberOrName)
        ? byNumber.get(Integer.parseInt(numberOrName))
        : byName.get(numberOrName);
  }

  private static boolean isNumber(String text) {
    if (text.isEmpty() || text.length() > MAX_DIGITS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
