/** Much more data than memory through a real node, and how long it ever makes a writer wait. */
@NullMarked
package io.distkv.bench.big;

import org.jspecify.annotations.NullMarked;
