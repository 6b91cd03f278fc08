@NullMarked
package io.distkv.storage.cache;

import org.jspecify.annotations.NullMarked;
