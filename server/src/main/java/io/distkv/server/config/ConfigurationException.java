package io.distkv.server.config;

import java.util.List;

/** The configuration cannot be used; says everything that is wrong with it, one line each. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each thing that is wrong: where, which setting, what, and what is allowed. */
  public List<String> problems() {
    return problems;
  }
}
