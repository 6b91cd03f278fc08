package io.distkv.server.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How HTTP clients are served.
 *
 * @param address to listen on; port 0 takes any free one
 * @param backlog how many connections may wait in the operating system
 * @param connections at a time; more wait to be accepted
 * @param requests for data at a time; more are refused
 * @param watches that may be open at a time; more are refused
 * @param memoryBytes that bodies of requests together may take
 * @param valueBytes that a value may have
 * @param bodyBytes that a JSON body may have
 * @param timeout for a request to come and an answer to be taken; more for large ones
 * @param requestTimeout how long a request waits for memory
 * @param idleTimeout after which a connection without requests is closed
 * @param hosts names by which the server may be called, beside addresses; {@code *} for any
 * @param origins of web pages that may use the server from a browser; {@code *} for any
 */
public record HttpOptions(
    InetSocketAddress address,
    int backlog,
    int connections,
    int requests,
    int watches,
    long memoryBytes,
    int valueBytes,
    int bodyBytes,
    Duration timeout,
    Duration requestTimeout,
    Duration idleTimeout,
    List<String> hosts,
    List<String> origins) {}
