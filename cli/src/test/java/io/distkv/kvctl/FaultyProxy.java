package io.distkv.kvctl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between kvctl and a node: cuts connections after some bytes of replies, or slows one down.
 */
public final class FaultyProxy implements Closeable {
  private static final int REPLY_BYTES = 5;
  private static final int SLOW_MILLIS = 10;

  private final ServerSocket listener;
  private final int nodePort;
  private final int[] cutAfterReplyBytes;
  private final int slowAfterReplyBytes;
  private volatile boolean slowing;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * A proxy to a port of this machine.
   *
   * @param cutAfterReplyBytes for the first connections, one each, how many bytes of replies pass
   *     before it is cut; connections after these are left alone
   */
  public FaultyProxy(int nodePort, int... cutAfterReplyBytes) throws IOException {
    this(nodePort, cutAfterReplyBytes, Integer.MAX_VALUE);
  }

  private FaultyProxy(int nodePort, int[] cutAfterReplyBytes, int slowAfterReplyBytes)
      throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.nodePort = nodePort;
    this.cutAfterReplyBytes = cutAfterReplyBytes.clone();
    this.slowAfterReplyBytes = slowAfterReplyBytes;
    this.slowing = slowAfterReplyBytes < Integer.MAX_VALUE;
    Thread.ofVirtual().start(this::accept);
  }

  /**
   * A proxy that makes a node look slow: after so many bytes of replies on a connection it passes
   * on about a hundred small replies a second, until {@link #hurry}.
   */
  public static FaultyProxy slowing(int nodePort, int afterReplyBytes) throws IOException {
    return new FaultyProxy(nodePort, new int[0], afterReplyBytes);
  }

  /** From here on nothing is slowed down. */
  public void hurry() {
    slowing = false;
  }

  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connect(client, connections.getAndIncrement());
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void connect(Socket client, int number) throws IOException {
    try {
      Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
      // Else each small piece would wait for the other side to confirm the one before.
      client.setTcpNoDelay(true);
      node.setTcpNoDelay(true);
      int cut = number < cutAfterReplyBytes.length ? cutAfterReplyBytes[number] : Integer.MAX_VALUE;
      Thread.ofVirtual().start(() -> pass(client, node, Integer.MAX_VALUE, false));
      Thread.ofVirtual().start(() -> pass(node, client, cut, true));
    } catch (IOException e) {
      // The node is down, or the client has gone: so does the other.
      client.close();
    }
  }

  private void pass(Socket from, Socket to, int cutAfter, boolean replies) {
    byte[] buffer = new byte[512];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int passed = 0;
      int most = buffer.length;
      for (int count = in.read(buffer); count > 0; count = in.read(buffer, 0, most)) {
        int allowed = Math.min(count, cutAfter - passed);
        out.write(buffer, 0, allowed);
        passed += allowed;
        if (passed >= cutAfter) {
          return;
        }
        boolean slowly = replies && slowing && passed >= slowAfterReplyBytes;
        most = slowly ? REPLY_BYTES : buffer.length;
        if (slowly) {
          Thread.sleep(SLOW_MILLIS);
        }
      }
    } catch (IOException | InterruptedException e) {
      // One side went away; so does the other.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
