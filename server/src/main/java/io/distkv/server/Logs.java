package io.distkv.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.distkv.server.config.LogFormat;
import io.distkv.server.config.LogLevel;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: standard error, as text or JSON. Standard output belongs to the ready line.
 * Configured in code, so that no file on the class path changes what operators are told.
 */
final class Logs {
  private static final String OWN = "io.distkv";
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level [%thread] %logger{0}: %msg%n";

  private Logs() {}

  /** Sends every log line of the process, whatever API it was written with, one way. */
  static void configure(LogFormat format, LogLevel level) {
    configure((LoggerContext) LoggerFactory.getILoggerFactory(), format, level);
    LogManager.getLogManager().reset();
    java.util.logging.Logger.getLogger("").addHandler(new FromJavaLogging());
  }

  static void configure(LoggerContext context, LogFormat format, LogLevel level) {
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(format == LogFormat.JSON ? json(context) : text(context));
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    setLevel(context, level);
  }

  static void setLevel(LogLevel level) {
    setLevel((LoggerContext) LoggerFactory.getILoggerFactory(), level);
  }

  /** Libraries are heard from warnings up: what they say below is about themselves. */
  private static void setLevel(LoggerContext context, LogLevel level) {
    Level own = Level.valueOf(level.name());
    context.getLogger(OWN).setLevel(own);
    context
        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
        .setLevel(own.isGreaterOrEqual(Level.WARN) ? own : Level.WARN);
    // It warns of what clients send, with a stack trace each time.
    context.getLogger("io.grpc").setLevel(Level.ERROR);
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  /** Passes on what libraries log through java.util.logging. */
  private static final class FromJavaLogging extends Handler {

    @Override
    public void publish(LogRecord line) {
      Logger logger = LoggerFactory.getLogger(String.valueOf(line.getLoggerName()));
      int level = line.getLevel().intValue();
      String message = String.valueOf(line.getMessage());
      @Nullable Throwable thrown = line.getThrown();
      if (level >= java.util.logging.Level.SEVERE.intValue()) {
        logger.error(message, thrown);
      } else if (level >= java.util.logging.Level.WARNING.intValue()) {
        logger.warn(message, thrown);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
