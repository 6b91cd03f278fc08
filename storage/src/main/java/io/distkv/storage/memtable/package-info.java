/** The sorted map in memory that a replica's newest writes live in until they are flushed. */
@NullMarked
package io.distkv.storage.memtable;

import org.jspecify.annotations.NullMarked;
