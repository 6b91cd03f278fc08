/** The state of a replica: a log-structured merge tree of many versions. */
@NullMarked
package io.distkv.storage.tree;

import org.jspecify.annotations.NullMarked;
