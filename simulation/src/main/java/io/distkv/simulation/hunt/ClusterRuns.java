package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.ClusterRun;
import io.distkv.simulation.cluster.Selection;
import io.distkv.simulation.world.Trace;

/** Makes runs of clusters. */
interface ClusterRuns {
  /**
   * Makes one that has not begun.
   *
   * @throws IllegalArgumentException if the seed does not have what is selected
   */
  ClusterRun of(long seed, Trace trace, Selection selection);
}
