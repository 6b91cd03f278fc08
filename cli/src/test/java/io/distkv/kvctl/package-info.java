@NullMarked
package io.distkv.kvctl;

import org.jspecify.annotations.NullMarked;
