# Sourced by the launchers. Sets JAVA_HOME to a JDK of the wanted release, looking at JAVA_HOME first,
# then at the folders where JDKs usually live, then at the java on the PATH.
# usage: find_jdk RELEASE [TOOL]   prints the home; fails, printing nothing, where there is none
#
# TOOL is what has to be in its bin: javac by default; with java, a runtime without a compiler will do.

jdk_release() {
  # Every JDK since 9 has a file `release` with a line JAVA_VERSION="25.0.3"; reading it costs no process.
  [ -x "$1/bin/java" ] && [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r name value; do
    if [ "$name" = JAVA_VERSION ]; then
      value=${value#\"}
      value=${value%%[!0-9]*}
      echo "$value"
      return 0
    fi
  done < "$1/release"
  return 1
}

find_jdk() {
  jdk_tool=${2:-javac}
  if [ -n "${JAVA_HOME:-}" ] && [ "$(jdk_release "$JAVA_HOME" "$jdk_tool")" = "$1" ]; then
    echo "$JAVA_HOME"
    return 0
  fi
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/*; do
    if [ "$(jdk_release "$home" "$jdk_tool")" = "$1" ]; then
      echo "$home"
      return 0
    fi
  done
  java_on_path=$(command -v java 2>/dev/null) || return 1
  java_on_path=$(readlink -f "$java_on_path" 2>/dev/null) || return 1
  home=${java_on_path%/bin/java}
  [ "$(jdk_release "$home" "$jdk_tool")" = "$1" ] || return 1
  echo "$home"
}
