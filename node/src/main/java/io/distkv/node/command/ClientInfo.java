package io.distkv.node.command;

/**
 * One connection as CLIENT LIST describes it.
 *
 * @param address {@code host:port} of the client
 * @param localAddress {@code host:port} it connected to
 * @param ageSeconds since it connected
 * @param idleSeconds since its last command
 * @param queuedCommands inside MULTI; -1 outside
 * @param watchedKeys how many keys it watches
 * @param keyspace number of the selected keyspace
 * @param lastCommand full name in lower case, {@code NULL} if none yet
 * @param inputBytes received and not yet understood
 * @param outputBytes of replies not yet sent
 */
public record ClientInfo(
    long id,
    String address,
    String localAddress,
    String name,
    long ageSeconds,
    long idleSeconds,
    int keyspace,
    int queuedCommands,
    int watchedKeys,
    long inputBytes,
    long outputBytes,
    String lastCommand,
    String user,
    int protocol,
    String libraryName,
    String libraryVersion,
    boolean noEvict,
    boolean noTouch) {}
