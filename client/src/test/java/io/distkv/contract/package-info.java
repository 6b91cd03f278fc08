/**
 * The contract of a node, held to every door into it: one list of scenarios in text files, run
 * through RESP, gRPC, HTTP and the Java client.
 */
@NullMarked
package io.distkv.contract;

import org.jspecify.annotations.NullMarked;
