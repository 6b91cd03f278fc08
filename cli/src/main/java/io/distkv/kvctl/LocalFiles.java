package io.distkv.kvctl;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** What users are told of trouble with their own files. */
public final class LocalFiles {
  private LocalFiles() {}

  /**
   * The failure to do something, such as {@code read}, with a file; that of an interrupted command
   * where the trouble is that a signal came.
   */
  public static Failure failure(String what, Path file, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      // Cleared, so that what is still to be saved and told is not refused on the way.
      Thread.interrupted();
      return Failure.interrupted(e);
    }
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file or folder";
          case FileNotFoundException trouble -> whyNotOpened(trouble, file);
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException _ -> "it exists already";
          case DirectoryNotEmptyException _ -> "the folder is not empty";
          case FileSystemException trouble when trouble.getReason() != null -> trouble.getReason();
          default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
        };
    return new Failure(ExitCode.FILE, "cannot %s %s: %s".formatted(what, file, reason), e);
  }

  /** Lets nobody but its owner read a file, where the file system knows of such things. */
  static void keepToOwner(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** The streams of java.io say "not found" of all that could not be opened. */
  private static String whyNotOpened(FileNotFoundException e, Path file) {
    String message = String.valueOf(e.getMessage());
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    if (message.endsWith("(Permission denied)")) {
      return "permission denied";
    }
    return Files.exists(file) ? message : "there is no such file or folder";
  }
}
