package io.distkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the servers of a {@link Conversation} have sent and nobody has got yet, oldest first. */
final class ConversationMail {
  private final List<Message> messages = new ArrayList<>();
  private final SortedSet<Long> cut = new TreeSet<>();

  void add(Message message) {
    messages.add(message);
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  Message takeFirst() {
    return messages.removeFirst();
  }

  void remove(Message message) {
    messages.remove(message);
  }

  void clear() {
    messages.clear();
    cut.clear();
  }

  /** Cuts a server off from all others. */
  void cut(long id) {
    cut.add(id);
  }

  void heal() {
    cut.clear();
  }

  /** Whether a message cannot get through now. */
  boolean isCut(Message message) {
    return cut.contains(message.from()) || cut.contains(message.to());
  }

  /**
   * The messages that words name: {@code all}, {@code first}, {@code last}, or some of {@code
   * Heartbeat from 1 to 2}.
   *
   * @throws IllegalArgumentException if there are none, unless {@code all} are meant
   */
  List<Message> choose(Words words) {
    if (words.takeIf("all")) {
      return List.copyOf(messages);
    }
    List<Message> chosen;
    if (words.takeIf("first")) {
      chosen = messages.stream().limit(1).toList();
    } else if (words.takeIf("last")) {
      chosen = messages.stream().skip(Math.max(0, messages.size() - 1)).toList();
    } else {
      Predicate<Message> wanted = message -> true;
      while (!words.isEmpty()) {
        wanted = wanted.and(condition(words.take(), words));
      }
      chosen = messages.stream().filter(wanted).toList();
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("there is no such message on its way");
    }
    return chosen;
  }

  private static Predicate<Message> condition(String word, Words words) {
    return switch (word) {
      case "from" -> {
        long from = words.takeNumber();
        yield message -> message.from() == from;
      }
      case "to" -> {
        long to = words.takeNumber();
        yield message -> message.to() == to;
      }
      default -> message -> message.getClass().getSimpleName().equals(word);
    };
  }
}
