package io.distkv.simulation.cluster.fault;

/**
 * A fault of a run.
 *
 * @param number from 1, in the order of time; the same whichever others are left out
 * @param atNanos virtual time
 */
public record PlannedFault(int number, long atNanos, FaultKind kind, Fault fault) {}
