# Sourced by the launchers ./distkv and ./kvctl, with `here` set to the folder that holds them.
#
# In a source tree the module is built on first use, and again when a source is newer than what was
# built; all that Maven says goes to a log, its progress to standard error, so that standard output
# belongs to the program alone. In a distribution (no Maven wrapper beside the launcher) the jars of
# lib/ are run as they are.

. "$here/bin/find-jdk.sh"

# A launcher may define launch_train_MODULE FLAG: runs the program once, briefly, with the flag (and the
# flags of real runs), which makes the JVM record an AOT cache for faster starts.
#
# A launcher may set launch_folders to the modules it is built from; unset, an edit of any module counts.
#
# usage: launch MODULE MAIN_CLASS [JVM flag...] -- [argument...]   never returns
launch() {
  launch_module=$1 launch_main=$2 launch_name=${0##*/}
  shift 2
  launch_flags=
  while [ "$1" != -- ]; do
    launch_flags="$launch_flags $1"
    shift
  done
  shift
  launch_jdk=$(find_jdk 25) || {
    echo "$launch_name: no JDK 25 found; install one (for example from https://adoptium.net, or Debian's openjdk-25-jdk) or set JAVA_HOME to it" >&2
    exit 69
  }
  if [ -f "$here/mvnw" ]; then
    launch_lib=$here/$launch_module/target/launch
    if launch_stale; then launch_build; fi
  else
    launch_lib=$here/lib
  fi
  # A file made by the build, by this JDK: classes already parsed and linked, a third of the start-up time.
  if [ -f "$launch_lib/$launch_module.aot" ]; then
    launch_flags="$launch_flags -XX:AOTCache=$launch_lib/$launch_module.aot -Xlog:aot=off -Xlog:cds=off"
  fi
  # The flags are this script's callers' own and hold no spaces. shellcheck disable=SC2086
  exec "$launch_jdk/bin/java" $launch_flags -cp "$launch_lib/*" "$launch_main" "$@"
}

launch_stale() {
  [ -f "$launch_lib/built" ] || return 0
  (
    cd "$here" || exit 1
    if [ -z "${launch_folders:-}" ]; then launch_folders=$(ls -d */ | tr -d /); fi
    for launch_folder in $launch_folders; do
      find "$launch_folder/src/main" "$launch_folder/pom.xml" -newer "$launch_lib/built" -print 2>/dev/null | head -n 1
    done
    find pom.xml -newer "$launch_lib/built" -print
  ) | grep -q .
}

launch_build() {
  mkdir -p "$launch_lib"
  launch_log=$launch_lib/build.log
  if command -v flock >/dev/null 2>&1; then
    # Two first uses side by side: the second waits, and finds the work done.
    exec 9>"$here/$launch_module/target/launch.lock"
    flock 9
    launch_stale || { exec 9>&-; return 0; }
  fi
  echo "$launch_name: building (the first time takes a minute or two)" >&2
  touch "$launch_lib/started"
  rm -f "$launch_lib"/*.jar "$launch_lib"/*.aot "$launch_lib/built"
  (cd "$here" && JAVA_HOME=$launch_jdk && export JAVA_HOME &&
    { ./mvnw -B -pl "$launch_module" -am -Dlaunch -Dmaven.test.skip=true -Djacoco.skip -Dspotless.check.skip package 2>&1 || echo "launch: build failed"; } |
      tee "$launch_log" | sed -n "s/^\[INFO\] Building \(.*[^ ]\) [^ ][^ ]*  *\(\[.*\]\)$/$launch_name:   \2 \1/p" >&2)
  if grep -q '^launch: build failed$' "$launch_log" || ! cp "$here/$launch_module/target"/*.jar "$launch_lib/"; then
    grep -F '[ERROR]' "$launch_log" | head -n 20 >&2
    echo "$launch_name: the build failed; all it said is in $launch_log" >&2
    exit 70
  fi
  if command -v "launch_train_$launch_module" >/dev/null 2>&1; then
    echo "$launch_name:   preparing a fast start" >&2
    "launch_train_$launch_module" "-XX:AOTCacheOutput=$launch_lib/$launch_module.aot" >>"$launch_log" 2>&1 || rm -f "$launch_lib/$launch_module.aot"
  fi
  # Dated at the build's start: what was edited meanwhile counts as newer.
  mv "$launch_lib/started" "$launch_lib/built"
  if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}
