/** What happened in a run of a cluster, for people: as text and as a page. */
@NullMarked
package io.distkv.simulation.cluster.timeline;

import org.jspecify.annotations.NullMarked;
