@NullMarked
package io.distkv.storage.memtable;

import org.jspecify.annotations.NullMarked;
