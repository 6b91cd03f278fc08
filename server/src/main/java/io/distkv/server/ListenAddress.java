package io.distkv.server;

import io.distkv.server.config.Configuration;
import io.distkv.server.config.ServerSettings;
import io.distkv.server.config.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** An address that the configuration asks to listen on, and the sentences for when that fails. */
final class ListenAddress {
  private final InetSocketAddress address;
  private final String flag;

  private ListenAddress(InetSocketAddress address, String flag) {
    this.address = address;
    this.flag = flag;
  }

  /**
   * The address, if it may be used.
   *
   * @param flag of the command line that chooses another port
   * @throws StartFailure if it is not loopback and nobody said that this is meant
   */
  static ListenAddress of(
      Configuration configuration, Setting<String> bind, Setting<Integer> port, String flag)
      throws StartFailure {
    String host = configuration.get(bind);
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new StartFailure(
          ExitStatus.CONFIGURATION, bind.name() + ": " + host + " is no IP address", e);
    }
    if (!address.isLoopbackAddress() && !configuration.get(ServerSettings.INSECURE)) {
      throw new StartFailure(
          ExitStatus.CONFIGURATION,
          bind.name()
              + ": "
              + host
              + " is not a loopback address, and DistKV has neither passwords nor encryption yet:"
              + " whoever reaches it can read and delete everything; set insecure: true if this is"
              + " meant");
    }
    return new ListenAddress(new InetSocketAddress(address, configuration.get(port)), flag);
  }

  InetSocketAddress address() {
    return address;
  }

  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }

  /**
   * Tells early, before any data is touched, that the port is taken. The listener itself may still
   * find so.
   */
  void requireFree() throws StartFailure {
    if (address.getPort() != 0) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(address);
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  /** What to tell the operator when listening failed. */
  StartFailure failure(Exception cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("in use")) {
      return new StartFailure(
          ExitStatus.UNAVAILABLE,
          "port "
              + address.getPort()
              + " of "
              + address.getAddress().getHostAddress()
              + " is taken by another process; choose another with "
              + flag
              + " N (0 takes any free one)",
          cause);
    }
    return new StartFailure(
        ExitStatus.UNAVAILABLE, "cannot listen on " + print(address) + ": " + reason, cause);
  }

  /** {@code HOST:PORT}, an IPv6 host in brackets. */
  static String print(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
