package io.distkv.node.replica;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Membership;
import io.distkv.raft.MembershipFormat;

/**
 * What belongs to a replica's state beside its tree, and is stored with the tree's tables in one
 * edit: nothing (no bytes) as long as the members are those that it began with and no snapshot was
 * installed; else format version (1), installs (varlong), index (varlong) and membership (blob).
 *
 * @param installs how many snapshots have replaced the state of this replica: each begins a new
 *     incarnation, and what the journal holds of those before is void
 * @param membershipIndex of the entry that brought the members; 0 for the first
 */
record Attachment(long installs, long membershipIndex, Membership membership) {
  private static final int VERSION = 1;
  private static final byte[] NO_BYTES = {};

  /** This one's members, brought by another. */
  Attachment withMembers(long index, Membership newMembership) {
    return new Attachment(installs, index, newMembership);
  }

  /** This one, which came in a snapshot, as that of a replica that had another before. */
  Attachment installedAfter(Attachment before) {
    return new Attachment(before.installs + 1, membershipIndex, membership);
  }

  byte[] encode() {
    if (membershipIndex == 0 && installs == 0) {
      return NO_BYTES;
    }
    byte[] members = MembershipFormat.encode(membership);
    return new ByteWriter(32 + members.length)
        .putByte(VERSION)
        .putVarLong(installs)
        .putVarLong(membershipIndex)
        .putBlob(members)
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
      return new Attachment(0, 0, first);
    }
    ByteReader reader = new ByteReader(bytes);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("an attachment of version " + version);
    }
    Attachment read =
        new Attachment(
            reader.getVarLong(), reader.getVarLong(), MembershipFormat.decode(reader.getBlob()));
    if (reader.remaining() > 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes behind an attachment");
    }
    return read;
  }
}
