/**
 * One request over HTTP and its answer, whatever they are about: which route it is for, its query
 * and body, problems, what may be under way at a time.
 */
@NullMarked
package io.distkv.server.http.exchange;

import org.jspecify.annotations.NullMarked;
