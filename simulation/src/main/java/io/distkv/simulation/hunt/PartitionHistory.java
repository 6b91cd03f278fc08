package io.distkv.simulation.hunt;

import io.distkv.node.command.Value;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one client wrote to one partition, in order. Nobody else writes the client's keys, so after
 * a restart they must be as after some number of these steps: at least as many as had to survive,
 * and of the steps without an answer none half.
 */
final class PartitionHistory {
  /** Most steps without an answer of which some may have been refused: all choices are tried. */
  static final int MOST_OPEN = 10;

  private final String name;
  private ModelKeyspace base;
  private final List<Step> steps = new ArrayList<>();

  PartitionHistory(String name, ModelKeyspace empty) {
    this.name = name;
    this.base = empty;
  }

  /** All since the content was last compared; a step puts itself at the end when submitted. */
  List<Step> steps() {
    return steps;
  }

  /**
   * Which numbers of surviving steps explain what was found.
   *
   * @param least the smallest such number
   * @param most the largest; equal contents lie between them
   * @param content what the client's keys hold
   */
  record Survivors(int least, int most, NavigableMap<byte[], Value> content) {}

  /**
   * Finds out how many steps survived.
   *
   * @param found what the node holds of the client's keys in this partition
   * @param floor how many steps must have survived at least
   * @param mayRefuse whether a step without an answer may have been refused although later ones
   *     were not
   * @throws Violation if no number of steps explains what was found
   */
  Survivors explain(
      NavigableMap<byte[], Found> found, int floor, boolean mayRefuse, long nowMillis) {
    Explanation explanation = new Explanation(found, nowMillis);
    ModelKeyspace model = base.copy();
    for (int survived = 0; ; survived++) {
      if (survived >= floor) {
        explanation.consider(model, survived);
      }
      if (survived == steps.size()) {
        break;
      }
      applyTo(model, survived);
    }
    if (explanation.least < 0 && mayRefuse) {
      considerRefusals(explanation);
    }
    if (explanation.least < 0) {
      throw new Violation(describe(explanation, floor));
    }
    return new Survivors(explanation.least, explanation.most, explanation.content);
  }

  /** Every choice of the steps without an answer; they are few, being all that was in flight. */
  private void considerRefusals(Explanation explanation) {
    int open = 0;
    while (open < steps.size() && steps.get(open).state() != Step.State.OPEN) {
      open++;
    }
    int count = steps.size() - open;
    explanation.surely(open);
    for (int choice = 0; count <= MOST_OPEN && choice < 1 << count; choice++) {
      ModelKeyspace model = base.copy();
      for (int i = 0; i < steps.size(); i++) {
        if (i < open || (choice & (1 << (i - open))) != 0) {
          applyTo(model, i);
        }
      }
      explanation.consider(model, steps.size());
    }
  }

  private void applyTo(ModelKeyspace model, int step) {
    if (steps.get(step).state() != Step.State.REFUSED) {
      steps.get(step).applyTo(model);
    }
  }

  /** Goes on from what was found: those steps are over. */
  void rebase(Survivors survivors) {
    ModelKeyspace next = base.copy();
    next.values().clear();
    next.values().putAll(survivors.content);
    base = next;
    steps.clear();
  }

  private String describe(Explanation explanation, int floor) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: no number of steps from %d to %d explains what was found;%n"
            .formatted(name, floor, steps.size()));
    text.append(
        "nearest are %d steps, where these keys differ:%n".formatted(explanation.nearestSteps));
    ModelKeyspace model = base.copy();
    for (int i = 0; i < explanation.nearestSteps; i++) {
      applyTo(model, i);
    }
    for (byte[] key : explanation.nearest.stream().limit(5).toList()) {
      text.append(
          "  %s: should be %s, is %s%n"
              .formatted(
                  Replies.text(key),
                  Found.of(model.live(key, explanation.nowMillis)),
                  explanation.found.get(key)));
      text.append("    at first %s%n".formatted(Found.of(base.live(key, explanation.nowMillis))));
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i).names(key)) {
          text.append("    step %d %s%n".formatted(i, steps.get(i)));
        }
      }
    }
    return text.toString();
  }

  /** The search for numbers of steps that explain what was found. */
  private static final class Explanation {
    private final NavigableMap<byte[], Found> found;
    private final long nowMillis;
    private final NavigableMap<byte[], Value> content = new TreeMap<>(Arrays::compareUnsigned);
    private int sure = Integer.MAX_VALUE;
    private int least = -1;
    private int most = -1;
    private TreeSet<byte[]> nearest = new TreeSet<>(Arrays::compareUnsigned);
    private int nearestSteps = -1;

    Explanation(NavigableMap<byte[], Found> found, long nowMillis) {
      this.found = found;
      this.nowMillis = nowMillis;
    }

    /** From here on, no more than these steps are known to have survived. */
    void surely(int steps) {
      sure = steps;
    }

    void consider(ModelKeyspace model, int survived) {
      TreeSet<byte[]> differing = new TreeSet<>(Arrays::compareUnsigned);
      differing.addAll(model.values().keySet());
      differing.addAll(found.keySet());
      differing.removeIf(key -> Found.equal(found.get(key), Found.of(model.live(key, nowMillis))));
      if (differing.isEmpty()) {
        least = least < 0 ? Math.min(survived, sure) : least;
        most = survived;
        content.clear();
        content.putAll(model.values());
      } else if (nearestSteps < 0 || differing.size() < nearest.size()) {
        nearest = differing;
        nearestSteps = survived;
      }
    }
  }

  /** What a node holds under a key. */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(byte[] value, long expiresAtMillis) {

    static @Nullable Found of(@Nullable Value value) {
      return value == null
          ? null
          : new Found(
              Arrays.copyOfRange(value.array(), value.offset(), value.offset() + value.length()),
              value.expiresAtMillis());
    }

    static boolean equal(@Nullable Found one, @Nullable Found other) {
      if (one == null || other == null) {
        return one == null && other == null;
      }
      return Arrays.equals(one.value, other.value) && one.expiresAtMillis == other.expiresAtMillis;
    }

    @Override
    public String toString() {
      return Replies.text(value) + (expiresAtMillis == 0 ? "" : " until " + expiresAtMillis);
    }
  }
}
