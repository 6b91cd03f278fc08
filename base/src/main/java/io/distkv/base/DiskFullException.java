package io.distkv.base;

import java.io.IOException;

/** A write found no space left on the disk. What was written before it stands. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String path, Throwable cause) {
    super("no space left on the disk that holds " + path, cause);
  }
}
