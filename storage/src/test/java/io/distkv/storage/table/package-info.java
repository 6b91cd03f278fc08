@NullMarked
package io.distkv.storage.table;

import org.jspecify.annotations.NullMarked;
