package io.distkv.client;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which keyspaces there are, and what they are like. Each method waits for its answer; {@link
 * #async} has the same ones without waiting. Thread-safe, costs nothing to keep.
 *
 * <p>Errors are those of {@link Keyspace}: what changes something and fails with another exception
 * than {@link OutcomeUnknownException} has done nothing.
 */
public final class Keyspaces {
  private final KeyspacesCalls calls;
  private final AsyncKeyspaces async;

  Keyspaces(KeyspacesCalls calls) {
    this.calls = calls;
    this.async = new AsyncKeyspaces(calls);
  }

  /**
   * The same without waiting.
   *
   * @return the other face
   */
  public AsyncKeyspaces async() {
    return async;
  }

  /**
   * Creates a keyspace with everything as it is by default.
   *
   * @param name a small letter, then up to 62 small letters, digits, - or _
   * @return what it is like
   * @throws DistKvException INVALID_ARGUMENT if there is one of that name, or the name is none
   */
  public KeyspaceDescription create(String name) {
    return calls.create(name, KeyspaceOptions.DEFAULT).await();
  }

  /**
   * Creates a keyspace.
   *
   * @param name a small letter, then up to 62 small letters, digits, - or _
   * @param options how many partitions, and what is set of it
   * @return what it is like
   * @throws DistKvException INVALID_ARGUMENT if there is one of that name or number, or an option
   *     is none; TOO_LARGE if there are as many keyspaces or partitions as a node may have
   */
  public KeyspaceDescription create(String name, UnaryOperator<KeyspaceOptions> options) {
    return calls.create(name, options.apply(KeyspaceOptions.DEFAULT)).await();
  }

  /**
   * Changes settings of a keyspace, at once and for good; those that are not named stay as they
   * are.
   *
   * @param name of the keyspace
   * @param change gives the settings to be changed
   * @return what it is like now
   * @throws DistKvException NOT_FOUND if there is none; INVALID_ARGUMENT if nothing is changed
   */
  public KeyspaceDescription alter(String name, UnaryOperator<KeyspaceSettings> change) {
    return calls.alter(name, change.apply(KeyspaceSettings.UNSET)).await();
  }

  /**
   * Deletes a keyspace with all its keys. Nothing brings them back.
   *
   * @param name of the keyspace
   * @param nameAgain the same once more
   * @throws DistKvException INVALID_ARGUMENT if the names differ, or of a keyspace that the node's
   *     configuration names, or the first one; NOT_FOUND if there is none
   */
  public void drop(String name, String nameAgain) {
    var _ = calls.drop(name, nameAgain).await();
  }

  /**
   * Names all keyspaces.
   *
   * @return in the order of their numbers
   */
  public List<KeyspaceName> list() {
    return calls.list().await();
  }

  /**
   * Tells what a keyspace is like, and about how much it holds.
   *
   * @param name of the keyspace
   * @return its description
   * @throws DistKvException NOT_FOUND if there is none
   */
  public KeyspaceDescription describe(String name) {
    return calls.describe(name).await();
  }
}
