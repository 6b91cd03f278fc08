package io.distkv.server.config;

/** The least important log lines that are written. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR
}
