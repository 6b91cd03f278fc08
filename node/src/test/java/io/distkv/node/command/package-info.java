@NullMarked
package io.distkv.node.command;

import org.jspecify.annotations.NullMarked;
