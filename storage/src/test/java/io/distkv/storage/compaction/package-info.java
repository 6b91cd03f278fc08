@NullMarked
package io.distkv.storage.compaction;

import org.jspecify.annotations.NullMarked;
