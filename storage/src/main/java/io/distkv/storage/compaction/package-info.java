/** What to merge, what of it to keep, and the merging itself. */
@NullMarked
package io.distkv.storage.compaction;

import org.jspecify.annotations.NullMarked;
