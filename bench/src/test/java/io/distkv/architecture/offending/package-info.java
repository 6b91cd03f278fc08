@NullMarked
package io.distkv.architecture.offending;

import org.jspecify.annotations.NullMarked;
