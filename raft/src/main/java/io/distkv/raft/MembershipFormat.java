package io.distkv.raft;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * A membership in bytes: a byte with the format version (1), a varint with the number of members,
 * then of each member its id (varint), role (byte) and priority (4 bytes).
 */
public final class MembershipFormat {
  private static final int VERSION = 1;
  private static final int MEMBER_BYTES = 15;

  private MembershipFormat() {}

  /** A membership's bytes. */
  public static byte[] encode(Membership membership) {
    List<Member> members = membership.members();
    ByteWriter writer = new ByteWriter(6 + MEMBER_BYTES * members.size());
    writer.putByte(VERSION).putVarInt(members.size());
    for (Member member : members) {
      writer.putVarLong(member.id()).putByte(code(member.role())).putInt(member.priority());
    }
    return writer.toByteArray();
  }

  /**
   * The membership that was encoded.
   *
   * @throws MalformedBytesException if these bytes are none
   */
  public static Membership decode(byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("a membership of version " + version);
    }
    List<Member> members = new ArrayList<>();
    try {
      for (int left = reader.getVarInt(); left > 0; left--) {
        members.add(new Member(reader.getVarLong(), role(reader.getByte()), reader.getInt()));
      }
      if (reader.remaining() > 0) {
        throw new MalformedBytesException(reader.remaining() + " bytes behind a membership");
      }
      return new Membership(members);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException("not a membership: " + e.getMessage());
    }
  }

  private static int code(Member.Role role) {
    return switch (role) {
      case VOTER -> 1;
      case INCOMING -> 2;
      case OUTGOING -> 3;
      case DEMOTED -> 4;
      case LEARNER -> 5;
    };
  }

  private static Member.Role role(int code) {
    return switch (code) {
      case 1 -> Member.Role.VOTER;
      case 2 -> Member.Role.INCOMING;
      case 3 -> Member.Role.OUTGOING;
      case 4 -> Member.Role.DEMOTED;
      case 5 -> Member.Role.LEARNER;
      default -> throw new MalformedBytesException("no role has the code " + code);
    };
  }
}
