package io.distkv.server.http.exchange;

/**
 * The gates that requests pass, by their kind. Those that go on for as long as their clients like
 * have one of their own, so that they leave room for the others.
 *
 * @param data for requests for data
 * @param streams for requests that are answered with events
 */
public record Gates(Gate data, Gate streams) {

  /** From now on requests may come. */
  public void open() {
    data.open();
    streams.open();
  }

  /** Lets nobody in any more. */
  public void close() {
    streams.close();
    data.close();
  }
}
