@NullMarked
package io.distkv.kvctl.store;

import org.jspecify.annotations.NullMarked;
