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
  # What is built needs a runtime alone, as images of containers have it.
  if [ -f "$here/mvnw" ]; then launch_needs=JDK launch_tool=javac; else launch_needs="JDK or JRE" launch_tool=java; fi
  launch_jdk=$(find_jdk 25 "$launch_tool") || {
    echo "$launch_name: no $launch_needs 25 found; install one (for example from https://adoptium.net, or Debian's openjdk-25-jdk) or set JAVA_HOME to it" >&2
    exit 69
  }
  if [ -f "$here/mvnw" ]; then
    launch_home=$here/$launch_module/target/launch
    if launch_stale; then launch_build; fi
    launch_lib=$launch_home/$(cat "$launch_home/built")
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

# What is built stands in numbered folders; the file `built`, dated at its build's start, has the number of the
# one that is whole. So a build that breaks anywhere leaves nothing that could be run, and a program that runs
# while another is built keeps its files.
launch_stale() {
  [ -s "$launch_home/built" ] && [ -d "$launch_home/$(cat "$launch_home/built")" ] || return 0
  # Not piped into grep -q: whoever sources this with pipefail would get the fate of the finds that grep leaves behind.
  [ -n "$(
    cd "$here" || exit 1
    if [ -z "${launch_folders:-}" ]; then launch_folders=$(ls -d */ | tr -d /); fi
    for launch_folder in $launch_folders; do
      find "$launch_folder/src/main" "$launch_folder/pom.xml" -newer "$launch_home/built" -print 2>/dev/null | head -n 1
    done
    find pom.xml -newer "$launch_home/built" -print
  )" ]
}

launch_build() {
  mkdir -p "$launch_home" "$here/target"
  launch_log=$launch_home/build.log
  if command -v flock >/dev/null 2>&1; then
    # One build at a time in this tree, whichever launcher began it; who waited may find the work done.
    exec 9>"$here/target/launch.lock"
    if ! flock -n 9; then
      echo "$launch_name: waiting for another build in this folder" >&2
      flock 9
    fi
    launch_stale || { exec 9>&-; return 0; }
  fi
  echo "$launch_name: building (the first time takes a minute or two)" >&2
  if [ -f "$launch_home/started" ]; then
    # The last build broke: what it compiled may be half of something.
    (cd "$here" && for launch_folder in ${launch_folders:-*/}; do rm -rf "$launch_folder/target/classes"; done)
  fi
  launch_before=$(cat "$launch_home/built" 2>/dev/null)
  launch_number=$((${launch_before:-0} + 1))
  echo "$launch_number" >"$launch_home/started"
  rm -rf "$launch_home/$launch_number" "$here/$launch_module/target/dependencies" "$here/$launch_module/target"/*.jar
  (cd "$here" && JAVA_HOME=$launch_jdk && export JAVA_HOME &&
    { ./mvnw -B -pl "$launch_module" -am -Dlaunch -Dmaven.test.skip=true -Djacoco.skip -Dspotless.check.skip package 2>&1 || echo "launch: build failed"; } |
      tee "$launch_log" | sed -n "s/^\[INFO\] Building \(.*[^ ]\) [^ ][^ ]*  *\(\[.*\]\)$/$launch_name:   \2 \1/p" >&2)
  if grep -q '^launch: build failed$' "$launch_log" || ! launch_collect; then
    grep -E '^\[(ERROR|WARNING)\] ' "$launch_log" | grep -E '^\[ERROR\]|\.java:' | head -n 20 >&2
    echo "$launch_name: the build failed; all it said is in $launch_log" >&2
    exit 70
  fi
  if command -v "launch_train_$launch_module" >/dev/null 2>&1; then
    echo "$launch_name:   preparing a fast start" >&2
    "launch_train_$launch_module" "-XX:AOTCacheOutput=$launch_lib/$launch_module.aot" >>"$launch_log" 2>&1 || rm -f "$launch_lib/$launch_module.aot"
  fi
  mv "$launch_home/started" "$launch_home/built"
  for launch_old in "$launch_home"/[0-9]*; do
    case ${launch_old##*/} in "$launch_number" | "$launch_before") ;; *) rm -rf "$launch_old" ;; esac
  done
  if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}

# The jars of the program and of all it needs, in a folder of their own.
launch_collect() {
  launch_lib=$launch_home/$launch_number
  mkdir "$launch_lib" &&
    cp "$here/$launch_module/target/dependencies"/*.jar "$here/$launch_module/target"/*.jar "$launch_lib/"
}
