@NullMarked
package io.distkv.node.peer;

import org.jspecify.annotations.NullMarked;
