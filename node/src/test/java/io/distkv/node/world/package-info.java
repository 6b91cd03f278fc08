@NullMarked
package io.distkv.node.world;

import org.jspecify.annotations.NullMarked;
