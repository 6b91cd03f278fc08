/** What the disk itself can do: the yardstick for every wait that ends in a sync. */
@NullMarked
package io.distkv.bench.disk;

import org.jspecify.annotations.NullMarked;
