package io.distkv.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.distkv.architecture.offending.Offences;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every rule is shown code that breaks it, and sees it. */
class BansBiteTest {
  private static final String ROOT = "io.distkv.architecture.offending";
  private static final JavaClasses OFFENDING = new ClassFileImporter().importPackages(ROOT);

  static final List<Ban> BANS = Bans.ALL;

  @ParameterizedTest
  @FieldSource("BANS")
  void seesEveryPlaceThatBreaksIt(Ban ban) {
    List<String> breaches = breaches(classes().should(ban.condition()));
    List<String> unseen = new ArrayList<>();
    int places = 0;
    for (Method method : Offences.class.getDeclaredMethods()) {
      Offences.Breaks breaks = method.getAnnotation(Offences.Breaks.class);
      if (breaks != null && breaks.value().equals(ban.name())) {
        places++;
        if (breaches.stream().noneMatch(line -> line.contains("." + method.getName() + "("))) {
          unseen.add(method.getName());
        }
      }
    }
    for (JavaClass nested : OFFENDING) {
      if (nested.getSimpleName().startsWith("Keeps") && ban.name().contains("keep a hash map")) {
        places++;
        if (breaches.stream().noneMatch(line -> line.contains(nested.getSimpleName()))) {
          unseen.add(nested.getSimpleName());
        }
      }
    }
    assertThat(places).as("places that break it").isPositive();
    assertThat(unseen).isEmpty();
    assertThat(breaches).allMatch(line -> line.contains(ban.reason()));
  }

  @Test
  void whatIsAllowedBreaksNothing() {
    TreeMap<String, List<String>> breaches = new TreeMap<>();
    for (Ban ban : Bans.ALL) {
      List<String> lines = breaches(classes().should(ban.condition()));
      lines.removeIf(line -> !line.contains("Allowed"));
      if (!lines.isEmpty()) {
        breaches.put(ban.name(), lines);
      }
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void anArrowThatPointsUpIsSeen() {
    assertThat(breaches(Modules.STORAGE.arrowsPointDown(ROOT)))
        .anyMatch(line -> line.contains("ReachesUp"));
    assertThat(breaches(Modules.NODE.arrowsPointDown(ROOT))).isEmpty();
    assertThat(breaches(Modules.BASE.arrowsPointDown(ROOT))).isEmpty();
  }

  @Test
  void everyOffenceIsOfABanThatExists() {
    List<String> names = Bans.ALL.stream().map(Ban::name).toList();
    assertThat(Arrays.stream(Offences.class.getDeclaredMethods()))
        .filteredOn(method -> method.isAnnotationPresent(Offences.Breaks.class))
        .allMatch(method -> names.contains(method.getAnnotation(Offences.Breaks.class).value()));
  }

  private static List<String> breaches(ArchRule rule) {
    EvaluationResult result = rule.evaluate(OFFENDING);
    return new ArrayList<>(result.getFailureReport().getDetails());
  }
}
