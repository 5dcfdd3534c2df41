# Starts and watches the cluster's processes. Sourced by deploy/up and deploy/down.

SERVICES="apiserver scheduler controller-manager kubelet kube-proxy"

default_address() {
  local address=
  if command -v ip >/dev/null; then
    address=$(ip -4 route get 1.1.1.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
    [ -n "$address" ] || address=$(ip -4 -o addr show scope global up 2>/dev/null | sed -n 's/.* inet \([0-9.]*\).*/\1/p' | head -1)
  fi
  echo "${address:-127.0.0.1}"
}

# What is in it is root's alone, but whoever runs in a pod with users of its own has to get through to its file system in containerd's.
prepare_data_dir() {
  local own=("$DATA_DIR"/{run,log,store,kubelet,pod-logs})
  mkdir -p "${own[@]}" 2>/dev/null && chmod 700 "${own[@]}" && chmod 711 "$DATA_DIR" || {
    echo "error: cannot write to $DATA_DIR; choose another with --data-dir" >&2; return 1; }
}

save_settings() {
  local name
  for name in STORE MODE SIMULATED PORT NODE_NAME NODE_IP CLUSTER_CIDR SERVICE_CIDR CLUSTER_DNS; do
    printf '%s=%q\n' "$name" "${!name}"
  done > "$DATA_DIR/settings"
}

# The processes that a running cluster of these settings has.
expected_services() {
  if [ "$MODE" = one ]; then echo server; return; fi
  if [ "$SIMULATED" = 0 ]; then echo "$SERVICES"; else echo "apiserver scheduler controller-manager kubelet"; fi
}

cluster_is_up() {
  local service
  [ -f "$DATA_DIR/settings" ] || return 1
  ( source "$DATA_DIR/settings"
    for service in $(expected_services); do pid_alive "$DATA_DIR/run/$service.pid" || exit 1; done )
}

# The flags that say which cluster this is, for the vertikube command.
cluster_flags() {
  CLUSTER_FLAGS=(
    "--data-dir=$DATA_DIR" "--store=$STORE" "--port=$PORT" "--node-name=$NODE_NAME" "--node-ip=$NODE_IP"
    "--cluster-cidr=$CLUSTER_CIDR" "--service-cidr=$SERVICE_CIDR" "--cluster-dns=$CLUSTER_DNS" "--simulated=$SIMULATED"
  )
}

vertikube_java() { "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -cp "$(class_path)" io.vertikube.deploy.Vertikube "$@"; }

make_certificates() {
  java_flags; cluster_flags
  vertikube_java certificates "${CLUSTER_FLAGS[@]}" 2>>"$DATA_DIR/log/certificates.log" \
    || fail "could not make certificates; see $DATA_DIR/log/certificates.log"
  step "certificates are in $DATA_DIR/pki"
}

# start_process NAME COMMAND…: in the background, in a session of its own, logging to its file.
start_process() {
  local name=$1; shift
  setsid "$@" >>"$DATA_DIR/log/$name.log" 2>&1 </dev/null &
  write_pid "$DATA_DIR/run/$name.pid" $!
  disown
}

# start_etcd [CLIENT_PORT PEER_PORT [NAME]]: NAME is that of its folder and of its pid file.
start_etcd() {
  local port=${1:-2379} peer=${2:-2380} name=${3:-etcd}
  pid_alive "$DATA_DIR/run/$name.pid" && return
  mkdir -p -m 700 "$DATA_DIR/$name"
  local pki=$DATA_DIR/pki
  start_process $name env -i PATH="$PATH" /usr/bin/etcd --name vertikube --data-dir "$DATA_DIR/$name" \
    --listen-client-urls https://127.0.0.1:$port --advertise-client-urls https://127.0.0.1:$port \
    --listen-peer-urls https://127.0.0.1:$peer --initial-advertise-peer-urls https://127.0.0.1:$peer \
    --initial-cluster vertikube=https://127.0.0.1:$peer \
    --cert-file "$pki/etcd-server.crt" --key-file "$pki/etcd-server.key" --client-cert-auth --trusted-ca-file "$pki/etcd-ca.crt" \
    --peer-cert-file "$pki/etcd-server.crt" --peer-key-file "$pki/etcd-server.key" --peer-client-cert-auth --peer-trusted-ca-file "$pki/etcd-ca.crt" \
    --quota-backend-bytes 4294967296 --logger zap
  step "etcd starts"
}

start_services() {
  java_flags; cluster_flags
  rm -f "$DATA_DIR/run/progress"; : > "$DATA_DIR/run/progress"
  if [ "$MODE" = one ]; then
    start_process server "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -cp "$(class_path)" \
      io.vertikube.deploy.Vertikube server "${CLUSTER_FLAGS[@]}" "--progress=$DATA_DIR/run/progress"
    step "API server, scheduler, controllers and node start in one JVM"
    return
  fi
  local service jars
  for service in $(expected_services); do
    pid_alive "$DATA_DIR/run/$service.pid" && continue
    jars=$(class_path)
    case $service in
      apiserver) if [ "$SIMULATED" = 0 ] && [ "$(nproc)" -lt 4 ]; then java_flags frugal; else java_flags apiserver; fi;;
      kubelet) java_flags node; jars=$(class_path node);;
      *) java_flags warm;;
    esac
    start_process "$service" "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -cp "$jars" \
      io.vertikube.deploy.Vertikube run "$service" "${CLUSTER_FLAGS[@]}"
    step "$service starts"
  done
  start_process wait "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -cp "$(class_path)" \
    io.vertikube.deploy.Vertikube wait "${CLUSTER_FLAGS[@]}" "--progress=$DATA_DIR/run/progress"
}

# Shows what the cluster says of its start, until it is ready. Lines are "step WORDS", "ready WORDS" or "failed WORDS".
follow_progress() {
  local seen=0 word words deadline=$(( $(now_ms) + WAIT * 1000 )) service lines
  while :; do
    mapfile -t lines < "$DATA_DIR/run/progress"
    while [ $seen -lt ${#lines[@]} ]; do
      read -r word words <<<"${lines[$seen]}"
      seen=$((seen + 1))
      case $word in
        step) step "$words";;
        ready) step "$words"; return 0;;
        failed) echo "error: $words" >&2; return 1;;
      esac
    done
    for service in $(expected_services); do
      if ! pid_alive "$DATA_DIR/run/$service.pid"; then
        echo "error: $service ended; the end of $DATA_DIR/log/$service.log says:" >&2
        tail -5 "$DATA_DIR/log/$service.log" >&2
        return 1
      fi
    done
    if [ "$(now_ms)" -gt $deadline ]; then
      echo "error: not ready after $WAIT s. The logs are in $DATA_DIR/log; deploy/up again goes on from here, deploy/down stops it." >&2
      return 1
    fi
    sleep 0.02
  done
}

print_next() {
  local conf=$DATA_DIR/kubeconfig/admin.conf
  cat <<TXT

Next:
  export KUBECONFIG=$conf
  kubectl get nodes
TXT
  if [ "$SIMULATED" = 0 ]; then cat <<TXT
  $DEPLOY_DIR/images                      # builds the example images and hands them to the node
  kubectl apply -f $DEPLOY_DIR/examples/web.yaml
TXT
  fi
  echo "  $DEPLOY_DIR/down                        # stops it again"
}
