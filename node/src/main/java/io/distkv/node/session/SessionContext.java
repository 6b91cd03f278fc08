package io.distkv.node.session;

/**
 * Who a session is for.
 *
 * @param lane index of its home lane: the one that submits requests and gets the replies
 * @param address {@code host:port} of the client
 * @param localAddress {@code host:port} it connected to
 * @param output where the replies go
 */
public record SessionContext(int lane, String address, String localAddress, Output output) {}
