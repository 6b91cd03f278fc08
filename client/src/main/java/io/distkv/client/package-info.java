/**
 * The Java client of DistKV. {@link io.distkv.client.DistKv} connects, a {@link
 * io.distkv.client.Keyspace} reads and writes.
 */
@NullMarked
package io.distkv.client;

import org.jspecify.annotations.NullMarked;
