package io.distkv.raft;

/**
 * What a snapshot stands for.
 *
 * @param last the last entry in it
 * @param membership that held there
 */
public record SnapshotInfo(Position last, Membership membership) {}
