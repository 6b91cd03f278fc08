@NullMarked
package io.distkv.kvctl.wire;

import org.jspecify.annotations.NullMarked;
