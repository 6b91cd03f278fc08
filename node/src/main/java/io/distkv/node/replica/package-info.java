@NullMarked
package io.distkv.node.replica;

import org.jspecify.annotations.NullMarked;
