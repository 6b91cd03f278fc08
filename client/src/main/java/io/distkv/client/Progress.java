package io.distkv.client;

/**
 * How far a watch has come: every change up to this version has been given. Who keeps it can begin
 * another watch {@linkplain WatchOptions#after(long) behind it}, in another process, say, without a
 * gap and without a repetition. It comes after changes, and every so often where there are none.
 *
 * @param throughVersion the version, without a sign
 * @param <K> type of keys
 * @param <V> type of values
 */
public record Progress<K, V>(long throughVersion) implements WatchEvent<K, V> {}
