package io.distkv.server;

/** Which DistKV this is, as the build wrote it into the jar. */
public final class BuildVersion {
  /** Its version, or {@code development} where no build wrote one. */
  public static final String TEXT = read();

  private BuildVersion() {}

  private static String read() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
