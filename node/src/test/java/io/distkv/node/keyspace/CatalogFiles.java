package io.distkv.node.keyspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Changes the catalog of a stopped node's folder without starting one. */
public final class CatalogFiles {
  private CatalogFiles() {}

  /** Takes a keyspace out; its number may be given again, its incarnation never. */
  public static void drop(Path folder, String name) throws IOException {
    Path file = folder.resolve(Catalog.FILE);
    Catalog found = CatalogFormat.decode(Catalog.FILE, Files.readAllBytes(file));
    List<CatalogEntry> left =
        found.keyspaces().stream().filter(each -> !each.options().name().equals(name)).toList();
    Catalog without = new Catalog(found.nodeId(), found.journals(), found.nextIncarnation(), left);
    Files.write(file, CatalogFormat.encode(without));
  }
}
