/** What it costs a node to tell many watchers of the same keys what changes. */
@NullMarked
package io.distkv.bench.watch;

import org.jspecify.annotations.NullMarked;
