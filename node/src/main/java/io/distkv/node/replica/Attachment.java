package io.distkv.node.replica;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Membership;
import io.distkv.raft.MembershipFormat;
import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;

/**
 * What belongs to a replica's state beside its tree, and is stored with the tree's tables in one
 * edit: nothing (no bytes) as long as the members are those that it began with, no client session
 * is open and no snapshot was installed; else format version (1), installs (varlong), index
 * (varlong), membership (blob, empty if the index is 0) and sessions (blob, empty if there are
 * none).
 *
 * @param installs how many snapshots have replaced the state of this replica: each begins a new
 *     incarnation, and what the journal holds of those before is void
 * @param membershipIndex of the entry that brought the members; 0 for the first
 * @param sessions as of the last applied entry, with which they change
 */
record Attachment(
    long installs, long membershipIndex, Membership membership, ClientSessions sessions) {
  private static final int VERSION = 1;
  private static final byte[] NO_BYTES = {};

  /** The same with other members. */
  Attachment withMembers(long index, Membership members) {
    return new Attachment(installs, index, members, sessions);
  }

  /** This one, which came in a snapshot, as that of a replica that had another before. */
  Attachment installedAfter(Attachment before) {
    return new Attachment(before.installs + 1, membershipIndex, membership, sessions);
  }

  byte[] encode() {
    if (membershipIndex == 0 && installs == 0 && sessions.isEmpty()) {
      return NO_BYTES;
    }
    byte[] members = membershipIndex == 0 ? NO_BYTES : MembershipFormat.encode(membership);
    byte[] clients = sessions.isEmpty() ? NO_BYTES : sessions.encode();
    return new ByteWriter(32 + members.length + clients.length)
        .putByte(VERSION)
        .putVarLong(installs)
        .putVarLong(membershipIndex)
        .putBlob(members)
        .putBlob(clients)
        .toByteArray();
  }

  /**
   * The attachment of stored bytes.
   *
   * @param first the members that the group began with
   * @throws MalformedBytesException if they are none
   */
  static Attachment of(byte[] bytes, Membership first) {
    if (bytes.length == 0) {
      return new Attachment(0, 0, first, new ClientSessions(SessionLimits.DEFAULT));
    }
    ByteReader reader = reader(bytes);
    long installs = reader.getVarLong();
    long index = reader.getVarLong();
    byte[] members = reader.getBlob();
    byte[] clients = reader.getBlob();
    if ((index == 0) != (members.length == 0)) {
      throw new MalformedBytesException(members.length + " bytes of members of entry " + index);
    }
    if (reader.remaining() > 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes behind an attachment");
    }
    return new Attachment(
        installs,
        index,
        index == 0 ? first : MembershipFormat.decode(members),
        clients.length == 0
            ? new ClientSessions(SessionLimits.DEFAULT)
            : ClientSessions.decode(SessionLimits.DEFAULT, clients));
  }

  /**
   * How many snapshots were installed, by stored bytes.
   *
   * @throws MalformedBytesException if they are none
   */
  static long installs(byte[] bytes) {
    return bytes.length == 0 ? 0 : reader(bytes).getVarLong();
  }

  private static ByteReader reader(byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("an attachment of version " + version);
    }
    return reader;
  }
}
