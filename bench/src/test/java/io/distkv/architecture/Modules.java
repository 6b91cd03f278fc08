package io.distkv.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The modules, bottom up, and which of them each may use. Maven's class paths hold most of this
 * already; the rules also catch what comes in through another module.
 */
enum Modules {
  BASE("base"),
  PLATFORM("platform"),
  STORAGE("storage"),
  RAFT("raft"),
  QUORUM("quorum"),
  CLUSTER("cluster"),
  NODE("node"),
  API("api"),
  SERVER("server"),
  CLIENT("client"),
  KVCTL("kvctl"),
  SIMULATION("simulation"),
  BENCH("bench");

  /** Those that ask {@code base} for everything that differs between two runs. */
  static final List<Modules> DETERMINISTIC = List.of(STORAGE, NODE, RAFT, QUORUM, CLUSTER);

  final String folder;

  Modules(String folder) {
    this.folder = folder;
  }

  private List<Modules> mayUse() {
    return switch (this) {
      case BASE, API -> List.of();
      case CLIENT -> List.of(API);
      case KVCTL -> List.of(CLIENT, API);
      case PLATFORM, STORAGE, RAFT, QUORUM, CLUSTER -> List.of(BASE);
      case NODE -> List.of(BASE, STORAGE, RAFT, QUORUM, CLUSTER);
      case SERVER -> List.of(BASE, STORAGE, RAFT, QUORUM, CLUSTER, NODE, API, PLATFORM);
      case SIMULATION -> List.of(BASE, STORAGE, RAFT, QUORUM, CLUSTER, NODE);
      case BENCH -> List.of(BASE, STORAGE, RAFT, NODE, PLATFORM, KVCTL, API, CLIENT);
    };
  }

  String packages(String root) {
    return root + "." + folder + "..";
  }

  /** That this module uses no others than it may, of those that live below {@code root}. */
  ArchRule arrowsPointDown(String root) {
    List<Modules> mayUse = mayUse();
    List<String> forbidden = new ArrayList<>();
    for (Modules other : values()) {
      if (other != this && !mayUse.contains(other)) {
        forbidden.add(other.packages(root));
      }
    }
    return noClasses()
        .that()
        .resideInAPackage(packages(root))
        .should()
        .dependOnClassesThat(resideInAnyPackage(forbidden.toArray(String[]::new)))
        .because(
            "module " + folder + " may use only " + mayUse.stream().map(m -> m.folder).toList())
        .allowEmptyShould(true);
  }
}
