@NullMarked
package io.distkv.node.keyspace;

import org.jspecify.annotations.NullMarked;
