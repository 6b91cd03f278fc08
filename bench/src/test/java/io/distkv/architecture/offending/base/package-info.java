@NullMarked
package io.distkv.architecture.offending.base;

import org.jspecify.annotations.NullMarked;
