package io.distkv.kvctl;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What users are told of trouble with their own files. */
public final class LocalFiles {
  private LocalFiles() {}

  /** The failure to do something, such as {@code read}, with a file. */
  public static Failure failure(String what, Path file, IOException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _, FileNotFoundException _ -> "there is no such file or folder";
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException _ -> "it exists already";
          case DirectoryNotEmptyException _ -> "the folder is not empty";
          case FileSystemException trouble when trouble.getReason() != null -> trouble.getReason();
          default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
        };
    return new Failure(ExitCode.FILE, "cannot %s %s: %s".formatted(what, file, reason), e);
  }
}
