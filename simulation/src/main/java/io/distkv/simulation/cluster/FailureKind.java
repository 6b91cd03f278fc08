package io.distkv.simulation.cluster;

import io.distkv.simulation.world.Violation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two failures have in common if they are the same but for figures: the invariant that did not
 * hold; else the kind of exception, the first line of what it says, and the same of its cause.
 */
record FailureKind(String text) {
  private static final Pattern INVARIANT = Pattern.compile("([A-Z][A-Za-z]+): node .*");
  private static final Pattern FIGURES = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  static FailureKind of(Throwable failure) {
    String line = firstLine(failure);
    Matcher invariant = INVARIANT.matcher(line);
    if (failure instanceof Violation && invariant.matches()) {
      return new FailureKind(invariant.group(1));
    }
    StringBuilder text = new StringBuilder();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      text.append(each.getClass().getSimpleName()).append(": ").append(firstLine(each));
      if (!(each instanceof Violation) && each.getStackTrace().length > 0) {
        StackTraceElement at = each.getStackTrace()[0];
        text.append(" in ").append(at.getClassName()).append('.').append(at.getMethodName());
      }
      text.append('\n');
    }
    return new FailureKind(FIGURES.matcher(text).replaceAll("#"));
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
