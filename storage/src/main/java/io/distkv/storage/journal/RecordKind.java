package io.distkv.storage.journal;

import org.jspecify.annotations.Nullable;

/** What a record of a replica says. Stored by {@link #code}. */
public enum RecordKind {
  /** One entry of the replica's log. Kept until the replica releases its index. */
  ENTRY(1),
  /** What the replica must remember beside its entries, as a whole. The newest one is kept. */
  HARD_STATE(2),
  /** The entries from this index on are void. Keeps nothing from being released. */
  TRUNCATE(3),
  /** From where on the replica's log is needed, as a whole. The newest one is kept. */
  CHECKPOINT(4);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  /** How files name this kind; never changes. */
  public int code() {
    return code;
  }

  static @Nullable RecordKind ofCode(int code) {
    return switch (code) {
      case 1 -> ENTRY;
      case 2 -> HARD_STATE;
      case 3 -> TRUNCATE;
      case 4 -> CHECKPOINT;
      default -> null;
    };
  }
}
