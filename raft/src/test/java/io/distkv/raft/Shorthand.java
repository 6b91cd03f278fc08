package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How {@link Conversation}s write things: short, and with all there is. {@code 3@2} is the place of
 * index 3 where the entry is of term 2; {@code 4:learner} is member 4 that has no vote, {@code 4:5}
 * a voter with priority 5.
 */
final class Shorthand {
  private Shorthand() {}

  static String of(Position position) {
    return position.index() + "@" + position.term();
  }

  static String of(Entry entry) {
    String what =
        switch (entry.kind()) {
          case NOOP -> "noop";
          case COMMAND -> '"' + new String(entry.payload(), UTF_8) + '"';
          case MEMBERSHIP -> "members " + of(MembershipFormat.decode(entry.payload()));
        };
    return of(new Position(entry.term(), entry.index())) + " " + what;
  }

  static String of(Membership membership) {
    return membership.members().stream().map(Shorthand::of).collect(Collectors.joining(" "));
  }

  private static String of(Member member) {
    String role =
        member.role() == Member.Role.VOTER
            ? ""
            : ":" + member.role().name().toLowerCase(Locale.ROOT);
    return member.id() + role + (member.priority() == 0 ? "" : ":" + member.priority());
  }

  /** The members that were written in this way, none of them joint. */
  static Membership membership(List<String> words) {
    List<Member> members = new ArrayList<>();
    for (String word : words) {
      List<String> parts = List.of(word.split(":", -1));
      boolean learner = parts.contains("learner");
      int priority = parts.size() > 1 && !learner ? Integer.parseInt(parts.getLast()) : 0;
      Member.Role role = learner ? Member.Role.LEARNER : Member.Role.VOTER;
      members.add(new Member(Long.parseLong(parts.getFirst()), role, priority));
    }
    return new Membership(members);
  }

  static String of(SnapshotInfo snapshot) {
    return of(snapshot.last()) + " of " + of(snapshot.membership());
  }

  /** A message, without who sends it to whom. */
  static String of(Message message) {
    return message.getClass().getSimpleName() + " term=" + message.term() + fields(message);
  }

  private static String fields(Message message) {
    return switch (message) {
      case Message.PreVoteRequest request -> " last=" + of(request.last());
      case Message.PreVoteReply reply ->
          granted(reply.granted())
              + (reply.missing().equals(Position.NONE) ? "" : " gone lacks=" + of(reply.missing()));
      case Message.VoteRequest request ->
          " last=" + of(request.last()) + (request.transfer() ? " transfer" : "");
      case Message.VoteReply reply -> granted(reply.granted());
      case Message.AppendRequest request ->
          " previous=%s entries=%s commit=%d round=%d"
              .formatted(
                  of(request.previous()),
                  request.entries().stream().map(Shorthand::of).toList(),
                  request.committed(),
                  request.round());
      case Message.AppendReply reply ->
          " matched=%d round=%d".formatted(reply.matched(), reply.round());
      case Message.AppendRefusal refusal ->
          " asked=%d hint=%s round=%d"
              .formatted(refusal.asked(), of(refusal.hint()), refusal.round());
      case Message.Heartbeat heartbeat ->
          " commit=%d round=%d all=%d%s"
              .formatted(
                  heartbeat.committed(),
                  heartbeat.round(),
                  heartbeat.matchedByAll(),
                  heartbeat.sleep() ? " sleep" : "");
      case Message.HeartbeatReply reply -> " round=" + reply.round();
      case Message.SnapshotPiece piece ->
          " snapshot=(%s) sending=%d offset=%d bytes=%d%s round=%d"
              .formatted(
                  of(piece.snapshot()),
                  piece.sending(),
                  piece.offset(),
                  piece.bytes().length,
                  piece.last() ? " last" : "",
                  piece.round());
      case Message.SnapshotReply reply ->
          " index=%d sending=%d next=%d%s round=%d"
              .formatted(
                  reply.index(),
                  reply.sending(),
                  reply.nextOffset(),
                  reply.installed() ? " installed" : "",
                  reply.round());
      case Message.TimeoutNow _ -> "";
      case Message.ReadIndexRequest request -> " read=" + request.context();
      case Message.ReadIndexReply reply ->
          " read=%d index=%d".formatted(reply.context(), reply.index());
    };
  }

  private static String granted(boolean granted) {
    return granted ? " granted" : " refused";
  }
}
