@NullMarked
package io.distkv.architecture.offending.node;

import org.jspecify.annotations.NullMarked;
