package io.distkv.storage.table;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

/** An entry as tests hold it. */
record Entry(Bytes key, long version, EntryKind kind, long expiresAtMillis, Bytes value) {

  /** Internal order: keys ascending, versions descending. */
  static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::key)
          .thenComparing(Comparator.comparingLong(Entry::version).reversed());

  static Entry value(byte[] key, long version, long expiresAtMillis, byte[] value) {
    return new Entry(new Bytes(key), version, EntryKind.VALUE, expiresAtMillis, new Bytes(value));
  }

  static Entry tombstone(byte[] key, long version) {
    return new Entry(new Bytes(key), version, EntryKind.TOMBSTONE, 0, new Bytes(new byte[0]));
  }

  /** What a cursor stands on. */
  static Entry at(EntryCursor cursor) {
    int keyOffset = cursor.keyOffset();
    byte[] key = Arrays.copyOfRange(cursor.keyArray(), keyOffset, keyOffset + cursor.keyLength());
    int valueOffset = cursor.valueOffset();
    byte[] value =
        Arrays.copyOfRange(cursor.valueArray(), valueOffset, valueOffset + cursor.valueLength());
    return new Entry(
        new Bytes(key),
        cursor.version(),
        cursor.kind(),
        cursor.expiresAtMillis(),
        new Bytes(value));
  }

  /** What a point read of this key found. */
  static Entry of(Bytes key, Lookup lookup) {
    int valueOffset = lookup.valueOffset();
    byte[] value =
        Arrays.copyOfRange(lookup.valueArray(), valueOffset, valueOffset + lookup.valueLength());
    return new Entry(
        key, lookup.version(), lookup.kind(), lookup.expiresAtMillis(), new Bytes(value));
  }

  void addTo(TableWriter writer) throws java.io.IOException {
    byte[] k = key.array();
    byte[] v = value.array();
    writer.add(k, 0, k.length, version, kind, expiresAtMillis, v, 0, v.length);
  }

  /** Bytes that compare by content, unsigned. */
  @SuppressWarnings("ArrayRecordComponent") // equality is defined below
  record Bytes(byte[] array) implements Comparable<Bytes> {

    @Override
    public int compareTo(Bytes other) {
      return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
      return array.length > 40 ? array.length + " bytes" : HexFormat.of().formatHex(array);
    }
  }
}
