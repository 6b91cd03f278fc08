/**
 * Traces: what requests that are sampled did on their way through the node, sent to a collector by
 * OTLP.
 */
@NullMarked
package io.distkv.server.trace;

import org.jspecify.annotations.NullMarked;
