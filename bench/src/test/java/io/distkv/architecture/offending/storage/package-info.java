@NullMarked
package io.distkv.architecture.offending.storage;

import org.jspecify.annotations.NullMarked;
