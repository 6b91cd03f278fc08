@NullMarked
package io.distkv.storage.journal;

import org.jspecify.annotations.NullMarked;
