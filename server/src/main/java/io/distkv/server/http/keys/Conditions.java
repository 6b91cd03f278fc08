package io.distkv.server.http.keys;

import io.distkv.base.ErrorCode;
import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;
import io.helidon.http.HeaderNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the headers If-Match and If-None-Match of a request ask of a key. */
final class Conditions {
  private static final String IF_MATCH = "If-Match";
  private static final String IF_NONE_MATCH = "If-None-Match";

  private final @Nullable EntityTags match;
  private final @Nullable EntityTags noneMatch;

  private Conditions(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
    this.match = match;
    this.noneMatch = noneMatch;
  }

  static Conditions of(Exchange exchange) {
    return new Conditions(
        EntityTags.parse(exchange.headers(HeaderNames.IF_MATCH), IF_MATCH),
        EntityTags.parse(exchange.headers(HeaderNames.IF_NONE_MATCH), IF_NONE_MATCH));
  }

  /** Ends a read whose If-Match does not hold; the version is null for a key that is not there. */
  void checkRead(@Nullable String version) {
    if (match != null && (version == null || !match.matchesStrongly(version))) {
      throw mismatch(version == null ? "it is absent" : "it has version " + version);
    }
  }

  /** Whether a read need not send what its client has already. */
  boolean isKnown(String version) {
    return noneMatch != null && noneMatch.matchesWeakly(version);
  }

  /** Whether a write succeeds only where there was no key. */
  boolean onlyIfAbsent() {
    return noneMatch != null && noneMatch.any();
  }

  /** Adds what must hold for a value to be set. */
  void addTo(Words words) {
    if (match != null && noneMatch != null) {
      throw ProblemException.invalid("a write has If-Match or If-None-Match, not both");
    }
    if (noneMatch != null) {
      if (!noneMatch.any()) {
        throw ProblemException.invalid(
            "If-None-Match of a write is *: that the key be absent; nothing else can be asked");
      }
      words.add("IFABSENT");
    }
    addMatch(words);
  }

  /** Adds what must hold for a key to be removed. */
  void addToRemoval(Words words) {
    if (noneMatch != null) {
      throw ProblemException.invalid("a removal has no If-None-Match");
    }
    addMatch(words);
  }

  private void addMatch(Words words) {
    if (match == null) {
      return;
    }
    if (match.any()) {
      words.add("IFPRESENT");
      return;
    }
    List<String> versions = match.versions();
    if (versions.isEmpty()) {
      throw mismatch("no key ever has such a version");
    }
    if (versions.size() > 1) {
      throw ProblemException.invalid("If-Match of a write names one version, or is *");
    }
    words.add("IFVERSION").add(versions.getFirst());
  }

  private static ProblemException mismatch(String found) {
    return ProblemException.of(
        ErrorCode.VERSION_MISMATCH, "the key was to be as If-Match says, but " + found);
  }
}
