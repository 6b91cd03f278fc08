package io.distkv.kvctl.wire;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** The commands that kvctl sends. */
public enum Verb implements ProtocolCommand {
  SELECT,
  INFO,
  DBSIZE,
  GET,
  SET,
  DEL,
  SCAN,
  INCRBY,
  INCRBYFLOAT,
  STRLEN,
  PTTL,
  PEXPIRE,
  PERSIST;

  @SuppressWarnings("ImmutableEnumChecker") // Jedis wants an array; nobody changes it
  private final byte[] raw = name().getBytes(StandardCharsets.US_ASCII);

  @Override
  public byte[] getRaw() {
    return raw;
  }
}
