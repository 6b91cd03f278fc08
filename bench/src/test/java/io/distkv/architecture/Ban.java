package io.distkv.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Something that deterministic code does not do.
 *
 * @param name what it does not do
 * @param reason why, and what to do instead
 * @param finder hands over a description of each place where a class does it
 */
record Ban(String name, String reason, BiConsumer<JavaClass, Consumer<String>> finder) {

  ArchCondition<JavaClass> condition() {
    return new ArchCondition<>("not " + name) {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        finder.accept(
            javaClass,
            where -> events.add(SimpleConditionEvent.violated(javaClass, where + ": " + reason)));
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
