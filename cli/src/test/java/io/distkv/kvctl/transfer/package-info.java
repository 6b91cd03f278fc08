@NullMarked
package io.distkv.kvctl.transfer;

import org.jspecify.annotations.NullMarked;
