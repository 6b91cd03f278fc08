/**
 * What front ends share whose requests stand for themselves: the words of commands, the fields of
 * replies, and where a listing goes on.
 */
@NullMarked
package io.distkv.server.call;

import org.jspecify.annotations.NullMarked;
