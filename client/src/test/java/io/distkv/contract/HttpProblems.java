package io.distkv.contract;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads what a problem tells (RFC 9457), and holds it to the table of docs/protocols.md. */
final class HttpProblems {
  private HttpProblems() {}

  static Answer.Refused refused(HttpCall.Result result) {
    if (!"application/problem+json".equals(result.header("Content-Type"))) {
      throw new AssertionError(
          "an answer " + result.status() + " that is no problem: " + result.body().toStringUtf8());
    }
    JsonNode problem = result.json();
    String code = problem.get("code").stringValue();
    if (problem.get("status").intValue() != result.status()
        || !statuses(code).contains(result.status())) {
      throw new AssertionError("status " + result.status() + " with the problem " + problem);
    }
    return new Answer.Refused(code, problem.get("detail").stringValue());
  }

  /** Those that may come with a code: its own, and what HTTP itself refuses. */
  private static List<Integer> statuses(String code) {
    return switch (code) {
      case "INVALID_ARGUMENT" -> List.of(400, 404, 405, 415);
      case "TOO_LARGE" -> List.of(413, 414, 431);
      case "NOT_FOUND" -> List.of(404);
      case "VERSION_MISMATCH" -> List.of(412);
      case "HISTORY_GONE" -> List.of(410);
      case "OVERLOADED" -> List.of(503);
      case "TIMEOUT" -> List.of(504);
      case "DISK_FULL" -> List.of(507);
      default -> throw new AssertionError("an error that no scenario can mean: " + code);
    };
  }
}
