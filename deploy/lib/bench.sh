# What benchmarks have in common. Sourced.

# free_ports COUNT: ports of this machine that nobody listens on, a line each.
free_ports() { python3 - "$1" 2>/dev/null <<'PY' || for ((i = 0; i < $1; i++)); do echo $((20000 + RANDOM % 10000)); done
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in held: s.bind(("127.0.0.1", 0))
print("\n".join(str(s.getsockname()[1]) for s in held))
PY
}

# The generator runs beside the server: a heap that does not grow, and both compilers.
OWN_JAVA=(-XX:+UseSerialGC -Xms512m -Xmx512m -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow)
# bench COMMAND FLAGS…
bench() { "$JAVA_HOME/bin/java" "${OWN_JAVA[@]}" -cp "$(class_path)" io.vertikube.deploy.Vertikube "$@"; }
