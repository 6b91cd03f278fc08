@NullMarked
package io.distkv.kvctl.bench;

import org.jspecify.annotations.NullMarked;
