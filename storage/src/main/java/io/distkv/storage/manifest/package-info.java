/** Which files make up a tree, recorded atomically. */
@NullMarked
package io.distkv.storage.manifest;

import org.jspecify.annotations.NullMarked;
