@NullMarked
package io.distkv.node.watch;

import org.jspecify.annotations.NullMarked;
