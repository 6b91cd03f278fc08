@NullMarked
package io.distkv.node.hotkeys;

import org.jspecify.annotations.NullMarked;
