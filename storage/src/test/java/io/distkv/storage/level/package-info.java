@NullMarked
package io.distkv.storage.level;

import org.jspecify.annotations.NullMarked;
