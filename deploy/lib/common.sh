# Shared by the deploy commands: words on the terminal, the JDK, Debian packages, the build. Sourced, never run.

DEPLOY_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PROJECT_DIR=$(cd "$DEPLOY_DIR/.." && pwd)
DIST_DIR=$DEPLOY_DIR/target/dist

now_ms() { local t=$EPOCHREALTIME; echo $(( ${t%[.,]*} * 1000 + 10#${t#*[.,]} / 1000 )); }
START_MS=${START_MS:-$(now_ms)}

# step WORDS…: one line with the time since the command began.
step() {
  local ms=$(( $(now_ms) - START_MS ))
  printf '%3d.%03d s  %s\n' $((ms / 1000)) $((ms % 1000)) "$*"
}
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }

# Finds a JDK 25 or newer, where JAVA_HOME points or where Debian keeps them, and exports JAVA_HOME.
find_jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*2[6-9]* /usr/lib/jvm/*; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
    if [ "${version:-0}" -ge 25 ]; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  fail "no JDK 25 found: set JAVA_HOME to one, or install one below /usr/lib/jvm (openjdk-25-jdk, temurin-25-jdk)."
}

# install_packages NAME…: installs what is missing, without starting any service that comes with it.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  is_root || fail "these Debian packages are missing and only root can install them: ${missing[*]}"
  command -v apt-get >/dev/null || fail "missing: ${missing[*]} (this machine has no apt-get to install them with)"
  step "installing ${missing[*]}"
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy && chmod +x $policy && ours=1
  fi
  local log; log=$(mktemp)
  local ok=
  if apt_install "${missing[@]}" >"$log" 2>&1; then ok=1; fi
  [ -n "$ours" ] && rm -f $policy
  if [ -z "$ok" ]; then
    tail -5 "$log" >&2
    fail "could not install ${missing[*]}; the whole log is in $log"
  fi
  rm -f "$log"
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; }
}

# Whether the build's result is older than any source.
build_is_stale() {
  [ -f "$DIST_DIR/.built" ] || return 0
  [ -n "$(find "$PROJECT_DIR" \( -name target -o -name .git -o -path "$PROJECT_DIR/e2e-tests" \) -prune -o \
    -type f \( -name '*.java' -o -name 'pom.xml' -o -path '*/src/main/*' -o -path '*/src/build/*' \) \
    -newer "$DIST_DIR/.built" -print -quit)" ]
}

# The jars as a cache knows them: the JVM takes none whose jars have another time than in training, and says nothing.
jar_times() { stat -c '%n %s %Y' "$DIST_DIR"/lib/*.jar; }

# Builds the distribution if it is not there or older than the sources.
build_if_needed() {
  if ! build_is_stale; then
    [ "$(jar_times)" = "$(cat "$DIST_DIR/trained" 2>/dev/null)" ] && return
    step "training the ahead-of-time caches again: their jars have changed"
    "$DEPLOY_DIR/lib/train-cache"
    return
  fi
  command -v mvn >/dev/null || fail "Maven is missing: apt-get install maven"
  step "building (the first time takes some minutes)"
  "$DEPLOY_DIR/build" || fail "the build failed; see above."
}

# java_flags [SIZE]: the JVM flags that services run with; what was measured stands in DESIGN.md. "small" (the default)
# starts fast and stays small. "node" is small for an agent beside pods: its first heap does not grow with the machine's
# memory, as the JVM's own choice does, and a collection gives back what is free. "big" is for an API server that many clients
# keep busy: all compilers, without which TLS alone takes ten times the CPU, of which the second copies only small methods into
# their callers, as it takes twice the time otherwise and nothing is faster for it; a young generation in which requests in flight end before they are moved; from
# four processors on the collector that keeps pauses short; "apiserver" is the same with a cache of its own, "frugal"
# that without the second compiler, for an API server that shares fewer than four processors with pods. What the C library
# holds on to after compilers and threads have given it back goes to the machine again every ten seconds. Virtual threads have at least eight carriers: one that waits
# for a class that another is loading keeps its carrier, and where there are only two, all may wait for one that has none.
# Archived classes stay where the archive has them: to move them costs time and makes them memory of this process instead of
# pages of a file. Netty's events for the flight recorder are left out: to declare them loads the recorder.
# "warm" is small for what runs long beside pods; it, "node" and "frugal" have compiled after 128 calls what the training run had compiled. With the second
# compiler it would begin with all of that at once, and one JVM for all would take longer to start: those do not replay it.
# Without the second compiler nothing uses the processor's AES, and ChaCha20 takes a quarter of its time: such a service prefers it.
java_flags() {
  local suites=TLS_CHACHA20_POLY1305_SHA256,TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384 key suite
  for suite in CHACHA20_POLY1305_SHA256 AES_128_GCM_SHA256 AES_256_GCM_SHA384; do
    for key in ECDSA RSA; do suites+=,TLS_ECDHE_${key}_WITH_$suite; done
  done
  JAVA_FLAGS=(
    -XX:+UseCompactObjectHeaders -Xss512k -XX:MaxRAMPercentage=50
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
    -XX:+ExitOnOutOfMemoryError -Djava.awt.headless=true -XX:TrimNativeHeapInterval=10000
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Dio.netty.jfr.enabled=false
    -XX:-AOTRecordTraining
  )
  if [ "$(nproc)" -lt 8 ]; then JAVA_FLAGS+=(-Djdk.virtualThreadScheduler.parallelism=8); fi
  case ${1:-small} in
    warm|node|frugal) JAVA_FLAGS+=(-XX:+AOTReplayTraining);;
    *) JAVA_FLAGS+=(-XX:-AOTReplayTraining);;
  esac
  case ${1:-small} in
    small|warm|node) JAVA_FLAGS+=(-XX:+UseSerialGC -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25);;&
    small|warm|node|frugal) JAVA_FLAGS+=(-XX:TieredStopAtLevel=1
      -Djdk.tls.client.cipherSuites=$suites -Djdk.tls.server.cipherSuites=$suites);;&
    node) JAVA_FLAGS+=(-XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10 -XX:-ShrinkHeapInSteps -Xms16m -Xmn4m -Xmx256m
      -XX:ReservedCodeCacheSize=48m -Dvertx.eventLoopPoolSize=1 -Dio.netty.allocator.numDirectArenas=1
      -Dio.netty.allocator.numHeapArenas=1 -Dio.netty.allocator.maxOrder=3);;
    big|apiserver) JAVA_FLAGS+=(-XX:InlineSmallCode=250);;&
    big|apiserver|frugal)
      if [ "$(nproc)" -ge 4 ]; then JAVA_FLAGS+=(-XX:+UseG1GC)
      else JAVA_FLAGS+=(-XX:+UseSerialGC -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -Xmn128m -XX:SurvivorRatio=2); fi;;
  esac
  local cache=$DIST_DIR/vertikube.aot
  case ${1:-} in
    node|apiserver) cache=$DIST_DIR/$1.aot;;
    frugal) cache=$DIST_DIR/apiserver.aot;;
  esac
  if [ -f "$cache" ]; then
    JAVA_FLAGS+=(-XX:AOTCache="$cache" -Xlog:aot=off -Xlog:cds=off)
  fi
}

# class_path [node]: of all commands, or of a kubelet alone.
class_path() { cat "$DIST_DIR/classpath${1:+.$1}"; }

# pid_alive FILE: whether the process that a pid file names is alive and the one that wrote it.
pid_alive() {
  local pid started
  [ -s "$1" ] || return 1
  read -r pid started < "$1" || return 1
  [ -r "/proc/$pid/stat" ] && [ "$(process_start "$pid")" = "$started" ] && ! grep -q ') [ZX] ' "/proc/$pid/stat" 2>/dev/null
}

# The kernel's start time of a process: with it, a pid that was used again is not mistaken.
process_start() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# write_pid FILE PID
write_pid() { echo "$2 $(process_start "$2")" > "$1"; }

# stop_pid FILE SECONDS: ends the process with SIGTERM, then SIGKILL.
stop_pid() {
  local pid rest tries=$(( $2 * 20 ))
  pid_alive "$1" || { rm -f "$1"; return 0; }
  read -r pid rest < "$1"
  kill -TERM "$pid" 2>/dev/null
  while [ $tries -gt 0 ] && pid_alive "$1"; do sleep 0.05; tries=$((tries - 1)); done
  if pid_alive "$1"; then kill -KILL "$pid" 2>/dev/null; sleep 0.1; fi
  rm -f "$1"
}
