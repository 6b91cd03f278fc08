package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node answers, in no protocol's words: the same through every door. */
sealed interface Answer {

  /** The version that a door does not tell. */
  long UNTOLD_VERSION = -1;

  /** The life left of a value that never ends. */
  long FOR_EVER = -1;

  /** The life left that a door does not tell. */
  long UNTOLD_LIFE = -2;

  /** The words of it, in the language of the scenarios. */
  List<Word> words();

  /** What a key has. */
  record Found(ByteString value, long version, long lifeLeftMillis) implements Answer {
    @Override
    public List<Word> words() {
      List<Word> words = new ArrayList<>();
      words.add(new Word.Bytes(value));
      words.add(new Word.Version(version));
      if (lifeLeftMillis != FOR_EVER) {
        words.add(new Word.LifeLeft(lifeLeftMillis));
      }
      return words;
    }
  }

  /** There is no such key, and nothing was done; nor is that an error. */
  record Nothing() implements Answer {
    @Override
    public List<Word> words() {
      return List.of(new Word.Plain("nothing"));
    }
  }

  /**
   * A key was set.
   *
   * @param previous what it had; null where it had nothing, or where nobody asked
   */
  record Written(long version, @Nullable Found previous) implements Answer {
    @Override
    public List<Word> words() {
      return change("written", version, previous);
    }
  }

  /**
   * A key was removed.
   *
   * @param previous what it had; null where nobody asked
   */
  record Deleted(long version, @Nullable Found previous) implements Answer {
    @Override
    public List<Word> words() {
      return change("deleted", version, previous);
    }
  }

  private static List<Word> change(String what, long version, @Nullable Found previous) {
    List<Word> words = new ArrayList<>();
    words.add(new Word.Plain(what));
    words.add(new Word.Version(version));
    if (previous != null) {
      words.add(new Word.Plain("was"));
      words.addAll(previous.words());
    }
    return words;
  }

  /** What a number has become. */
  record Sum(long value, long version) implements Answer {
    @Override
    public List<Word> words() {
      return List.of(new Word.Plain(Long.toString(value)), new Word.Version(version));
    }
  }

  /** What came of each operation of a batch. */
  record Results(List<Answer> answers) implements Answer {
    @Override
    public List<Word> words() {
      return lines(answers.stream().map(Answer::words).toList());
    }
  }

  /** The keys of a range. */
  record Listed(List<Entry> entries) implements Answer {
    @Override
    public List<Word> words() {
      return entries.isEmpty()
          ? new Nothing().words()
          : lines(entries.stream().map(Entry::words).toList());
    }
  }

  /**
   * A key of a range.
   *
   * @param value null if values are left out
   */
  record Entry(ByteString key, @Nullable ByteString value, long version, long lifeLeftMillis) {
    private List<Word> words() {
      List<Word> words = new ArrayList<>();
      words.add(new Word.Bytes(key));
      if (value != null) {
        words.add(new Word.Bytes(value));
      }
      words.add(new Word.Version(version));
      if (lifeLeftMillis != FOR_EVER) {
        words.add(new Word.LifeLeft(lifeLeftMillis));
      }
      return words;
    }
  }

  /** What a watch told. */
  record Told(List<Change> changes) implements Answer {
    @Override
    public List<Word> words() {
      return changes.isEmpty()
          ? new Nothing().words()
          : lines(changes.stream().map(Change::words).toList());
    }
  }

  /**
   * What a key was changed to.
   *
   * @param value null if it was removed
   */
  record Change(ByteString key, @Nullable ByteString value, long version) {
    private List<Word> words() {
      return List.of(
          new Word.Bytes(key),
          value == null ? new Word.Plain("removed") : new Word.Bytes(value),
          new Word.Version(version));
    }
  }

  private static List<Word> lines(List<List<Word>> lines) {
    List<Word> words = new ArrayList<>();
    for (List<Word> line : lines) {
      words.add(Word.NEW_LINE);
      words.addAll(line);
    }
    return words;
  }

  /** What a keyspace is like: its partitions and settings, the times in milliseconds. */
  record Described(Map<String, String> fields) implements Answer {
    @Override
    public List<Word> words() {
      List<Word> words = new ArrayList<>();
      words.add(new Word.Plain("described"));
      fields.forEach((name, value) -> {
        words.add(new Word.Plain(name));
        words.add(new Word.Plain(value));
      });
      return words;
    }
  }

  /** It was done, and there is no more to tell. */
  record Done() implements Answer {
    @Override
    public List<Word> words() {
      return List.of(new Word.Plain("done"));
    }
  }

  /**
   * It was not done.
   *
   * @param code name of the error code
   * @param text for people
   */
  record Refused(String code, String text) implements Answer {
    @Override
    public List<Word> words() {
      return List.of(new Word.Plain(code));
    }
  }

  /** The door has no way to ask for it, which is told in the report. */
  record NotOffered(String what) implements Answer {
    @Override
    public List<Word> words() {
      return List.of(new Word.Plain("not-offered"));
    }
  }
}
