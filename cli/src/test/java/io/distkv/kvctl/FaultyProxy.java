package io.distkv.kvctl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between kvctl and a node, and cuts each connection after some bytes of replies. */
public final class FaultyProxy implements Closeable {
  private final ServerSocket listener;
  private final int nodePort;
  private final int[] cutAfterReplyBytes;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * A proxy to a port of this machine.
   *
   * @param cutAfterReplyBytes for the first connections, one each, how many bytes of replies pass
   *     before it is cut; connections after these are left alone
   */
  public FaultyProxy(int nodePort, int... cutAfterReplyBytes) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.nodePort = nodePort;
    this.cutAfterReplyBytes = cutAfterReplyBytes.clone();
    Thread.ofVirtual().start(this::accept);
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
        int number = connections.getAndIncrement();
        Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
        int cut =
            number < cutAfterReplyBytes.length ? cutAfterReplyBytes[number] : Integer.MAX_VALUE;
        Thread.ofVirtual().start(() -> pass(client, node, Integer.MAX_VALUE));
        Thread.ofVirtual().start(() -> pass(node, client, cut));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private static void pass(Socket from, Socket to, int cutAfter) {
    byte[] buffer = new byte[512];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int passed = 0;
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        int allowed = Math.min(count, cutAfter - passed);
        out.write(buffer, 0, allowed);
        passed += allowed;
        if (passed >= cutAfter) {
          return;
        }
      }
    } catch (IOException e) {
      // One side went away; so does the other.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
