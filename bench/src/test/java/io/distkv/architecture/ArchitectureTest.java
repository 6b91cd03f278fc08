package io.distkv.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the arrows between modules, and the bans of the deterministic ones, over the real code. */
class ArchitectureTest {
  private static final String ROOT = "io.distkv";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static final List<Ban> BANS = Bans.ALL;

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"RAFT", "QUORUM", "CLUSTER"})
  void everyModuleIsLookedAt(Modules module) {
    assertThat(CODE.stream().anyMatch(c -> c.getName().startsWith(ROOT + "." + module.folder)))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void arrowsPointDown(Modules module) {
    module.arrowsPointDown(ROOT).check(CODE);
  }

  @ParameterizedTest
  @FieldSource("BANS")
  void deterministicModulesNever(Ban ban) {
    classes()
        .that()
        .resideInAnyPackage(
            Modules.DETERMINISTIC.stream()
                .map(module -> module.packages(ROOT))
                .toArray(String[]::new))
        .should(ban.condition())
        .because("the simulator must be able to repeat what these modules do")
        .check(CODE);
  }

  @Test
  void baseUsesTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("io.distkv.base..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.distkv.base..", "java..", "org.jspecify..")
        .check(CODE);
  }
}
