/** How keys and values become bytes, and bytes keys and values again. */
@NullMarked
package io.distkv.client.codec;

import org.jspecify.annotations.NullMarked;
