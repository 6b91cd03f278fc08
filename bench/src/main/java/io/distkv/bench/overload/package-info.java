/** What becomes of a node's answers when more comes than it gets done. */
@NullMarked
package io.distkv.bench.overload;

import org.jspecify.annotations.NullMarked;
