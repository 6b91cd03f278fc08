package io.distkv.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Joins what the file, the environment and the command line say, each overriding the one before,
 * and checks it. Reports everything that is wrong at once.
 */
public final class ConfigurationReader {
  private static final String KEYSPACE_PREFIX = "keyspaces.";
  private static final String COMMAND_LINE = "--set";
  private static final String VARIABLE_PREFIX = "DISTKV_";
  private static final String KEYSPACE_VARIABLE_PREFIX = "DISTKV_KEYSPACES_";

  /** Variables that the launcher and kvctl read. */
  private static final Set<String> OTHER_VARIABLES = Set.of("DISTKV_JAVA_OPTS", "DISTKV_ADDRESS");

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, RawSetting> keyspaceOrigins = new LinkedHashMap<>();
  private final Map<String, SettingValues> keyspaces = new LinkedHashMap<>();
  private SettingValues settings = SettingValues.defaults(ServerSettings.TABLE);

  private ConfigurationReader() {}

  /**
   * Reads and checks a configuration.
   *
   * @param file the configuration file, if there is one
   * @param environment the process's environment
   * @param assignments {@code name=value} each, from the command line
   * @throws ConfigurationException if anything in it is unknown or not allowed
   */
  public static Configuration read(
      Optional<Path> file, Map<String, String> environment, List<String> assignments)
      throws ConfigurationException {
    ConfigurationReader reader = new ConfigurationReader();
    List<RawSetting> raw = new ArrayList<>();
    file.ifPresent(path -> raw.addAll(YamlSource.read(path, reader.problems)));
    raw.addAll(reader.fromEnvironment(environment));
    raw.addAll(reader.fromAssignments(assignments));
    for (RawSetting setting : raw) {
      reader.accept(setting);
    }
    List<SettingValues> all = reader.allKeyspaces();
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return new Configuration(reader.settings, all, List.copyOf(reader.warnings));
  }

  private List<RawSetting> fromEnvironment(Map<String, String> environment) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Setting<?> setting : ServerSettings.TABLE.settings()) {
      names.put(setting.environmentName(), setting.name());
    }
    List<RawSetting> found = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach((variable, text) -> {
          String name = names.get(variable);
          if (name != null) {
            found.add(new RawSetting(name, text, variable));
          } else if (variable.startsWith(KEYSPACE_VARIABLE_PREFIX)) {
            found.add(new RawSetting(keyspaceSetting(variable), text, variable));
          } else if (variable.startsWith(VARIABLE_PREFIX) && !OTHER_VARIABLES.contains(variable)) {
            // Kubernetes makes variables of the names of services: not worth refusing to start.
            warnings.add("the environment variable " + variable + " names no setting: ignored");
          }
        });
    return found;
  }

  /** The setting that a variable such as {@code DISTKV_KEYSPACES_SESSIONS_MAX_BYTES} names. */
  private static String keyspaceSetting(String variable) {
    for (Setting<?> setting : KeyspaceSettings.TABLE.settings()) {
      String ending = "_" + setting.environmentName().substring(VARIABLE_PREFIX.length());
      int end = variable.length() - ending.length();
      if (variable.endsWith(ending) && end > KEYSPACE_VARIABLE_PREFIX.length()) {
        String keyspace = variable.substring(KEYSPACE_VARIABLE_PREFIX.length(), end);
        return KEYSPACE_PREFIX + keyspace.toLowerCase(Locale.ROOT) + "." + setting.name();
      }
    }
    String path = variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
    return path.replace('_', '.');
  }

  private List<RawSetting> fromAssignments(List<String> assignments) {
    List<RawSetting> found = new ArrayList<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        problems.add("--set " + assignment + ": not of the form name=value");
      } else {
        String name = assignment.substring(0, equals).strip();
        found.add(new RawSetting(name, assignment.substring(equals + 1), COMMAND_LINE));
      }
    }
    return found;
  }

  private void accept(RawSetting raw) {
    if (!raw.name().startsWith(KEYSPACE_PREFIX)) {
      settings = assign(ServerSettings.TABLE, raw.name(), raw, settings);
      return;
    }
    int dot = raw.name().indexOf('.', KEYSPACE_PREFIX.length());
    String keyspace =
        raw.name().substring(KEYSPACE_PREFIX.length(), dot < 0 ? raw.name().length() : dot);
    if (dot < 0 || KeyspaceSettings.NAME.parse(keyspace) == null) {
      problems.add(
          raw.place()
              + ": a keyspace's setting is named keyspaces.NAME.SETTING; allowed names: "
              + KeyspaceSettings.NAME.type().allowed());
      return;
    }
    keyspaceOrigins.putIfAbsent(keyspace, raw);
    SettingValues before = keyspaces.getOrDefault(keyspace, newKeyspace(keyspace));
    keyspaces.put(
        keyspace, assign(KeyspaceSettings.TABLE, raw.name().substring(dot + 1), raw, before));
  }

  private static SettingValues newKeyspace(String name) {
    SettingValues values =
        SettingValues.defaults(KeyspaceSettings.TABLE).with(KeyspaceSettings.NAME, name);
    return name.equals("default") ? values.with(KeyspaceSettings.NUMBER, 0) : values;
  }

  private SettingValues assign(
      SettingTable table, String name, RawSetting raw, SettingValues values) {
    Optional<Setting<?>> setting = table.find(name);
    if (setting.isEmpty()) {
      problems.add(raw.place() + ": " + table.unknown(name));
      return values;
    }
    return assign(setting.get(), raw, values);
  }

  private <T> SettingValues assign(Setting<T> setting, RawSetting raw, SettingValues values) {
    T value = setting.parse(raw.text());
    if (value == null) {
      problems.add(
          raw.place()
              + ": \""
              + raw.text()
              + "\" is not allowed; allowed: "
              + setting.type().allowed());
      return values;
    }
    return values.with(setting, value);
  }

  /** The listed keyspaces, and the numbered ones that nothing listed takes the place of. */
  private List<SettingValues> allKeyspaces() {
    Map<Integer, String> byNumber = new TreeMap<>();
    List<SettingValues> all = new ArrayList<>();
    int databases = settings.get(ServerSettings.DATABASES);
    for (Map.Entry<String, SettingValues> entry : keyspaces.entrySet()) {
      String name = entry.getKey();
      SettingValues values = entry.getValue();
      int number = values.get(KeyspaceSettings.NUMBER);
      if (number == KeyspaceSettings.NO_NUMBER) {
        number = defaultNumber(name, databases);
        values = values.with(KeyspaceSettings.NUMBER, number);
      }
      String other = number == KeyspaceSettings.NO_NUMBER ? null : byNumber.put(number, name);
      if (number == KeyspaceSettings.NO_NUMBER) {
        problems.add(numberProblem(name, "missing; allowed: 0 to 9999"));
      } else if (other != null) {
        problems.add(
            numberProblem(
                name, number + " is the number of " + other + "; allowed: one of its own"));
      }
      all.add(values);
    }
    for (int number = 0; number < databases; number++) {
      if (!byNumber.containsKey(number)) {
        String name = number == 0 ? "default" : "db" + number;
        all.add(newKeyspace(name).with(KeyspaceSettings.NUMBER, number));
      }
    }
    all.sort(Comparator.comparingInt(values -> values.get(KeyspaceSettings.NUMBER)));
    return List.copyOf(all);
  }

  private String numberProblem(String keyspace, String problem) {
    RawSetting origin = keyspaceOrigins.get(keyspace);
    String where = origin == null ? "" : origin.where() + ": ";
    return where + "keyspaces." + keyspace + ".number: " + problem;
  }

  private static int defaultNumber(String name, int databases) {
    for (int number = 1; number < databases; number++) {
      if (name.equals("db" + number)) {
        return number;
      }
    }
    return KeyspaceSettings.NO_NUMBER;
  }
}
