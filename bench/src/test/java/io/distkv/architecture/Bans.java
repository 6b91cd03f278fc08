package io.distkv.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What {@code storage}, {@code node} and the pure cores never do, because the simulator could not
 * repeat it. One leaked clock costs the simulator its worth.
 *
 * <p>What these checks cannot see, and reviews must: the iteration of a {@code HashMap} whose keys'
 * hash codes are the same in every run is repeatable, but its order means nothing, and the byte
 * code does not tell a harmless iteration from one whose order escapes; a map in a local variable
 * has no type arguments left to look at; a record's hash code covers its components', of which only
 * enums are looked for; and a library that is called may do anything (Caffeine is asked for its
 * executor and its clock below because it was found to).
 */
final class Bans {
  private static final Pattern BLOCKING =
      Pattern.compile(
          "java\\.util\\.concurrent\\.(CountDownLatch|CyclicBarrier|Semaphore|Phaser|Exchanger"
              + "|.*BlockingQueue|.*BlockingDeque|SynchronousQueue|.*TransferQueue)"
              + "|java\\.util\\.concurrent\\.locks\\.(Condition|LockSupport)");
  private static final Pattern THREADS =
      Pattern.compile(
          "java\\.lang\\.(Thread|Thread\\$.*|ThreadLocal|InheritableThreadLocal|ScopedValue)"
              + "|java\\.util\\.(Timer|TimerTask)"
              + "|java\\.util\\.concurrent\\.(Executors|ForkJoin.*|.*Executor|.*ExecutorService"
              + "|.*CompletionService|ThreadFactory|FutureTask|StructuredTaskScope)");
  private static final Pattern FILES =
      Pattern.compile(
          "java\\.io\\.(File|File[A-Z].*|RandomAccessFile|Console)"
              + "|java\\.nio\\.file\\.(?!.*Exception).*|java\\.nio\\.channels\\.(?!.*Exception).*"
              + "|java\\.nio\\.MappedByteBuffer");
  private static final Pattern RANDOM =
      Pattern.compile(
          "java\\.util\\.(Random|SplittableRandom)|java\\.util\\.random\\..*"
              + "|java\\.util\\.concurrent\\.ThreadLocalRandom|java\\.security\\.SecureRandom");
  private static final Pattern MACHINE_CALLS =
      Pattern.compile(
          "(getenv|getProperty|getProperties|lineSeparator|getInteger|getLong|getBoolean"
              + "|availableProcessors|freeMemory|maxMemory|totalMemory|gc)");

  private static final String HASHED =
      "java\\.util\\.(HashMap|HashSet|concurrent\\.ConcurrentHashMap)";
  private static final String CAFFEINE = "com.github.benmanes.caffeine.cache.Caffeine";

  /** All of them. */
  static final List<Ban> ALL =
      List.of(
          accesses(
              "read a clock",
              "take the time from io.distkv.base.Clock or from the stamp of the write",
              access ->
                  calls(access, "java.lang.System", "currentTimeMillis|nanoTime")
                      || (owner(access).startsWith("java.time.") && named(access, "now|system.*"))
                      || (owner(access).startsWith("java.time.") && named(access, "tick.*"))
                      || constructsNow(access)
                      || calls(access, "java.util.Calendar", "getInstance")),
          types(
              "make or ask for a thread",
              "tasks go to io.distkv.base.Lane or io.distkv.base.Workers",
              THREADS),
          types(
              "wait for another thread",
              "a task never waits for another task: in the simulator they share one thread",
              BLOCKING),
          accesses(
              "wait on a monitor or a future",
              "a task never waits for another task: hand over a callback",
              access ->
                  (named(access, "wait|notify|notifyAll")
                          && owner(access).equals("java.lang.Object"))
                      || (access.getTargetOwner().isAssignableTo("java.util.concurrent.Future")
                          && named(access, "get|join|resultNow"))
                      || (owner(access).startsWith("java.util.concurrent.locks.")
                          && named(access, "newCondition|lockInterruptibly"))),
          accesses(
              "let a future choose its thread",
              "CompletableFuture's *Async and timeouts run on the common pool",
              access ->
                  access.getTargetOwner().isAssignableTo("java.util.concurrent.CompletionStage")
                      && named(access, ".*Async|orTimeout|completeOnTimeout|delayedExecutor")),
          types(
              "use a random source",
              "draw from io.distkv.base.Randomness, or from the stamp of the write",
              RANDOM),
          accesses(
              "use a hidden random source",
              "draw from io.distkv.base.Randomness",
              access ->
                  calls(access, "java.util.UUID", "randomUUID")
                      || calls(access, "java.lang.(Strict)?Math", "random")
                      || calls(access, "java.util.Collections", "shuffle")),
          accesses(
              "use an identity hash",
              "it differs between runs; give the thing a number",
              access ->
                  calls(access, "java.lang.System", "identityHashCode")
                      || (access.getTargetOwner().isEnum() && named(access, "hashCode"))
                      || constructs(access, "java.util.IdentityHashMap")),
          new Ban(
              "keep a hash map or set by identity hash",
              "an enum's hash code, and that of a class without its own, differ between runs: use an"
                  + " EnumMap, a TreeMap or a LinkedHashMap",
              (javaClass, found) -> {
                for (JavaField field : javaClass.getFields()) {
                  if (hashesIdentities(field)) {
                    found.accept(field.getFullName());
                  }
                }
              }),
          accesses(
              "make a set or map whose order changes with every start of the JVM",
              "Set.of, Map.of and the like are salted: use a switch, a list, an EnumSet, a TreeSet or"
                  + " a LinkedHashMap",
              Bans::makesSaltedCollection),
          types("touch a file", "files go through io.distkv.base.Disk", FILES),
          types(
              "open a socket",
              "the network is the front ends' and the platform's",
              Pattern.compile("java\\.net\\..*|javax\\.net\\..*|io\\.netty\\..*")),
          accesses(
              "run a stream in parallel",
              "it runs on the common pool, in any order",
              access ->
                  named(access, "parallelStream")
                      || (named(access, "parallel|unordered")
                          && access.getTargetOwner().isAssignableTo("java.util.stream.BaseStream"))
                      || calls(access, "java.util.Arrays", "parallel.*")),
          types(
              "depend on the garbage collector",
              "when a reference is cleared differs between runs",
              Pattern.compile("java\\.lang\\.ref\\.(?!Reference$).*|java\\.util\\.WeakHashMap")),
          accesses(
              "ask the machine or its settings",
              "what the node may know of its machine is in its options",
              access ->
                  (owner(access).matches("java\\.lang\\.(System|Runtime|Integer|Long|Boolean)")
                          && named(access, MACHINE_CALLS.pattern()))
                      || owner(access).startsWith("java.lang.management.")),
          types(
              "record events or log by itself",
              "report to a listener; the server turns that into events and logs",
              Pattern.compile("jdk\\.jfr\\..*|org\\.slf4j\\..*|java\\.util\\.logging\\..*")),
          accesses(
              "print",
              "report to a listener",
              access ->
                  (owner(access).equals("java.lang.System") && named(access, "out|err|in"))
                      || named(access, "printStackTrace")),
          accesses(
              "let a cache read the clock or the garbage collector",
              "Caffeine expires by System.nanoTime unless told otherwise",
              access ->
                  owner(access).equals(CAFFEINE)
                      && named(access, "expire.*|refresh.*|weak.*|soft.*|scheduler")),
          new Ban(
              "let a cache evict on the common pool",
              "whoever builds a Caffeine cache gives it an executor: Runnable::run",
              (javaClass, found) -> {
                List<? extends JavaAccess<?>> calls =
                    javaClass.getAccessesFromSelf().stream()
                        .filter(access -> owner(access).equals(CAFFEINE))
                        .toList();
                if (calls.stream().noneMatch(call -> named(call, "executor"))) {
                  calls.stream()
                      .filter(call -> named(call, "newBuilder"))
                      .forEach(call -> found.accept(call.getDescription()));
                }
              }));

  private Bans() {}

  private static Ban accesses(String name, String reason, Predicate<JavaAccess<?>> banned) {
    return new Ban(
        name,
        reason,
        (javaClass, found) ->
            javaClass.getAccessesFromSelf().stream()
                .filter(banned)
                .forEach(access -> found.accept(access.getDescription())));
  }

  private static Ban types(String name, String reason, Pattern banned) {
    return new Ban(
        name,
        reason,
        (javaClass, found) ->
            javaClass.getDirectDependenciesFromSelf().stream()
                .filter(dependency ->
                    banned
                        .matcher(dependency.getTargetClass().getBaseComponentType().getName())
                        .matches())
                .forEach(dependency -> found.accept(dependency.getDescription())));
  }

  private static boolean calls(JavaAccess<?> access, String owner, String name) {
    return owner(access).matches(owner) && named(access, name);
  }

  private static boolean named(JavaAccess<?> access, String name) {
    return access.getName().matches(name);
  }

  private static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  private static boolean constructs(JavaAccess<?> access, String type) {
    return calls(access, Pattern.quote(type), "<init>");
  }

  private static boolean constructsNow(JavaAccess<?> access) {
    return constructs(access, "java.util.Date")
        && access.getTarget().getFullName().endsWith("<init>()");
  }

  private static boolean makesSaltedCollection(JavaAccess<?> access) {
    if (owner(access).equals("java.util.stream.Collectors")) {
      return named(access, "toUnmodifiableSet|toUnmodifiableMap");
    }
    if (!owner(access).matches("java\\.util\\.(Set|Map)")) {
      return false;
    }
    // With at most one element there is no order.
    String target = access.getTarget().getFullName();
    return named(access, "copyOf|ofEntries")
        || (named(access, "of")
            && !target.matches(".*\\.of\\((|java\\.lang\\.Object)\\)")
            && !target.equals("java.util.Map.of(java.lang.Object, java.lang.Object)"));
  }

  private static boolean hashesIdentities(JavaField field) {
    String declared = field.getRawType().getName();
    boolean hashes =
        declared.matches(HASHED)
            || (declared.matches("java\\.util\\.(Map|Set|Collection|concurrent\\.ConcurrentMap)")
                && field.getOwner().getConstructorCallsFromSelf().stream()
                    .anyMatch(call -> owner(call).matches(HASHED)));
    return hashes
        && field.getType() instanceof JavaParameterizedType type
        && hashesByIdentity(type.getActualTypeArguments().getFirst());
  }

  private static boolean hashesByIdentity(JavaType keyType) {
    JavaClass key = keyType.toErasure();
    if (key.isEnum() || key.isArray()) {
      return true;
    }
    if (key.isRecord()) {
      return key.tryGetMethod("hashCode").isEmpty()
          || key.getFields().stream().anyMatch(component -> component.getRawType().isEnum());
    }
    boolean ours = key.getName().startsWith("io.distkv.");
    boolean ownHash =
        key.getAllMethods().stream()
            .anyMatch(method ->
                method.getName().equals("hashCode")
                    && method.getRawParameterTypes().isEmpty()
                    && !method.getOwner().isEquivalentTo(Object.class));
    return ours && !ownHash;
  }
}
