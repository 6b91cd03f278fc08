@NullMarked
package io.distkv.bench.raft;

import org.jspecify.annotations.NullMarked;
