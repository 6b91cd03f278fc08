package io.distkv.simulation.linearizability;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Checks a history that is in a file: {@code ./distkv simulate --check FILE}. */
public final class HistoryCheck {
  private static final int LINEARIZABLE = 0;
  private static final int VIOLATION = 1;
  private static final int UNDECIDED = 2;
  private static final int NOT_CHECKED = 3;

  private final PrintStream out;

  public HistoryCheck(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints the verdict on every key.
   *
   * @param args the file, then perhaps {@code --steps} and the budget for each key
   * @return 0 if every key is linearizable, 1 if one is not, 2 if none is known not to be, but one
   *     is undecided, 3 if the arguments or the file are wrong
   */
  public int run(List<String> args) {
    long budgetSteps = Linearizability.DEFAULT_BUDGET_STEPS;
    if (args.size() == 3 && args.get(1).equals("--steps") && args.get(2).matches("[0-9]{1,18}")) {
      budgetSteps = Long.parseLong(args.get(2));
    } else if (args.size() != 1) {
      out.println("--check needs a file, and may have a number of --steps after it");
      return NOT_CHECKED;
    }
    try (InputStream in = Files.newInputStream(Path.of(args.getFirst()))) {
      return print(Linearizability.check(HistoryFormat.read(in), budgetSteps));
    } catch (BadHistoryException e) {
      out.println(args.getFirst() + ", " + e.getMessage());
    } catch (IOException | InvalidPathException e) {
      out.println("cannot read " + args.getFirst() + ": " + e);
    }
    return NOT_CHECKED;
  }

  private int print(List<Verdict> verdicts) {
    int linearizable = 0;
    int violations = 0;
    int undecided = 0;
    for (Verdict verdict : verdicts) {
      out.println(verdict.message());
      switch (verdict) {
        case Verdict.Linearizable _ -> linearizable++;
        case Verdict.Violation _ -> violations++;
        case Verdict.Undecided _ -> undecided++;
      }
    }
    out.printf(
        "keys: %d linearizable, %d not, %d undecided%n", linearizable, violations, undecided);
    return violations > 0 ? VIOLATION : undecided > 0 ? UNDECIDED : LINEARIZABLE;
  }
}
