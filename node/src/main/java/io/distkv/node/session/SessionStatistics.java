package io.distkv.node.session;

/**
 * The sessions of one lane at a moment.
 *
 * @param open now
 * @param opened since the start
 * @param commands taken since the start
 * @param refusedWrites since the start, because more came than the lane gets done
 */
public record SessionStatistics(long open, long opened, long commands, long refusedWrites) {}
