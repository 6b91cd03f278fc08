package io.distkv.contract;

import java.util.List;

/**
 * The answer that a scenario has for an operation. A version that the scenario names for the first
 * time may be any, which in a keyspace of one partition is above all before it; {@code ttl~1h} is a
 * life that has at most that left, and at least half of it.
 *
 * @param words of the answer
 * @param rising whether new versions are above those before
 */
record Expectation(List<String> words, boolean rising) {
  private static final String LIFE_LEFT = "ttl~";
  private static final String DESCRIBED = "described";

  /** Whether an answer is this one. */
  boolean holds(Answer answer, Bindings versions) {
    if (answer instanceof Answer.Described described) {
      return holdsOf(described);
    }
    int at = 0;
    for (Word word : answer.words()) {
      if (word.equals(Word.NEW_LINE)) {
        continue;
      }
      if (word instanceof Word.LifeLeft left && left.millis() == Answer.UNTOLD_LIFE) {
        at += at < words.size() && words.get(at).startsWith(LIFE_LEFT) ? 1 : 0;
      } else if (at == words.size() || !matches(words.get(at++), word, versions)) {
        return false;
      }
    }
    return at == words.size();
  }

  private boolean matches(String expected, Word word, Bindings versions) {
    return switch (word) {
      case Word.Plain plain -> expected.equals(plain.text());
      case Word.Bytes bytes -> Literal.parse(expected).equals(bytes.bytes());
      case Word.Version version ->
          expected.startsWith("v") && versions.matches(expected, version.version(), rising);
      case Word.LifeLeft left ->
          expected.startsWith(LIFE_LEFT)
              && lives(Words.millis(expected.substring(LIFE_LEFT.length())), left.millis());
    };
  }

  private static boolean lives(long wholeMillis, long leftMillis) {
    return leftMillis <= wholeMillis && leftMillis >= wholeMillis / 2;
  }

  /** Of a description only those fields count that the scenario names. */
  private boolean holdsOf(Answer.Described described) {
    Words rest = new Words(words);
    if (!rest.take(DESCRIBED)) {
      return false;
    }
    while (rest.hasNext()) {
      String name = rest.next();
      if (!rest.next().equals(described.fields().get(name))) {
        return false;
      }
    }
    return true;
  }
}
