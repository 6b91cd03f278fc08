@NullMarked
package io.distkv.storage.tree;

import org.jspecify.annotations.NullMarked;
