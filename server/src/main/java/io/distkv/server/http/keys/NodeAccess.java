package io.distkv.server.http.keys;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.node.session.UnaryCalls;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How requests reach a node that serves.
 *
 * @param clock of the node
 * @param lanes of the node
 * @param homeLane on which requests are served best; -1 for each lane in turn
 * @param calls those of each lane, to be used on it
 */
public record NodeAccess(
    Clock clock, List<Lane> lanes, int homeLane, IntFunction<UnaryCalls> calls) {}
