/** The tables of a tree, arranged in levels, and cursors over many of them at once. */
@NullMarked
package io.distkv.storage.level;

import org.jspecify.annotations.NullMarked;
