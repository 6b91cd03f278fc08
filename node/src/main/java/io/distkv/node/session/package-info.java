@NullMarked
package io.distkv.node.session;

import org.jspecify.annotations.NullMarked;
