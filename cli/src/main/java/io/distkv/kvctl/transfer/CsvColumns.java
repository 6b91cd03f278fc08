package io.distkv.kvctl.transfer;

import io.distkv.kvctl.text.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the columns of a CSV file mean.
 *
 * @param meanings a meaning for each column, in order
 */
record CsvColumns(List<Meaning> meanings) {
  /** What a column holds. */
  enum Meaning {
    KEY("key"),
    KEY_BASE64("keyBase64"),
    VALUE("value"),
    VALUE_BASE64("valueBase64"),
    TTL("ttlMillis"),
    IGNORED("-");

    private final String title;

    Meaning(String title) {
      this.title = title;
    }

    static Meaning of(String title) throws BadRecordException {
      for (Meaning meaning : values()) {
        if (meaning.title.equals(title)) {
          return meaning;
        }
      }
      throw new BadRecordException(
          "no column can be called '%s'; the names are key or keyBase64, value or valueBase64,"
                  .formatted(title)
              + " ttlMillis, and - for a column to leave out (--columns gives them)");
    }
  }

  /** Key and value as they are, and a time to live, which may be missing. */
  static final CsvColumns DEFAULT =
      new CsvColumns(List.of(Meaning.KEY, Meaning.VALUE, Meaning.TTL));

  /** Columns with these titles; there must be one key and one value. */
  static CsvColumns of(List<String> titles) throws BadRecordException {
    Meaning[] meanings = new Meaning[titles.size()];
    int keys = 0;
    int values = 0;
    int ttls = 0;
    for (int i = 0; i < meanings.length; i++) {
      meanings[i] = Meaning.of(titles.get(i).strip());
      switch (meanings[i]) {
        case KEY, KEY_BASE64 -> keys++;
        case VALUE, VALUE_BASE64 -> values++;
        case TTL -> ttls++;
        case IGNORED -> {}
      }
    }
    if (keys != 1 || values != 1 || ttls > 1) {
      throw new BadRecordException(
          "the columns %s do not hold one key, one value and at most one ttlMillis"
              .formatted(String.join(",", titles)));
    }
    return new CsvColumns(List.of(meanings));
  }

  /** The entry of a record; a missing last ttlMillis is allowed. */
  Entry entry(List<byte[]> fields) throws BadRecordException {
    int wanted = meanings.size();
    boolean withoutTtl = fields.size() == wanted - 1 && meanings.getLast() == Meaning.TTL;
    if (fields.size() != wanted && !withoutTtl) {
      throw new BadRecordException(
          "%d fields where %d are expected".formatted(fields.size(), wanted));
    }
    byte[] key = {};
    byte[] value = {};
    long ttlMillis = 0;
    for (int i = 0; i < fields.size(); i++) {
      byte[] field = fields.get(i);
      switch (meanings.get(i)) {
        case KEY -> key = field;
        case KEY_BASE64 -> key = base64(field, "keyBase64");
        case VALUE -> value = field;
        case VALUE_BASE64 -> value = base64(field, "valueBase64");
        case TTL -> ttlMillis = field.length == 0 ? 0 : Ttl.parse(latin1(field), "ttlMillis");
        case IGNORED -> {}
      }
    }
    return new Entry(key, value, ttlMillis);
  }

  private static byte[] base64(byte[] field, String name) throws BadRecordException {
    return JsonLineParser.decodeBase64(latin1(field), name);
  }

  private static String latin1(byte[] field) {
    return new String(field, StandardCharsets.ISO_8859_1);
  }

  /** Titles as they stand in a header record. */
  static List<String> titles(List<byte[]> fields) {
    return fields.stream().map(Bytes::escape).toList();
  }
}
