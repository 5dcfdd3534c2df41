# The machine's side of a node: its own containerd, the pause image, and what is left to clean up. Sourced.

CTR_NAMESPACE=k8s.io
PAUSE_IMAGE=vertikube.local/pause:1

# check_node: whether containers can run here; if not, says what is in the way.
check_node() {
  if ! { [ -d /sys/fs/cgroup ] && grep -q ' /sys/fs/cgroup' /proc/self/mounts; }; then
    echo "no cgroups are mounted at /sys/fs/cgroup"; return 1
  fi
  if ! ip link add vk-probe type bridge 2>/dev/null; then
    echo "this kernel or container allows no new network links (ip link add type bridge)"; return 1
  fi
  ip link delete vk-probe
  if ! nft list tables >/dev/null 2>&1; then
    echo "nftables does not work here (nft list tables)"; return 1
  fi
  local forward=/proc/sys/net/ipv4/ip_forward
  if [ "$(cat $forward 2>/dev/null)" != 1 ] && ! echo 1 2>/dev/null >$forward; then
    echo "net.ipv4.ip_forward cannot be switched on, so pods could not reach each other"; return 1
  fi
}

containerd_socket() { echo "$DATA_DIR/containerd/containerd.sock"; }

# Overlayfs where the data folder's file system carries it, else plain copies.
snapshotter() {
  local try=$DATA_DIR/containerd/try
  mkdir -p "$try"/{lower,upper,work,merged}
  if mount -t overlay overlay -o "lowerdir=$try/lower,upperdir=$try/upper,workdir=$try/work" "$try/merged" 2>/dev/null; then
    umount "$try/merged"; echo overlayfs
  else
    echo native
  fi
  rm -rf "$try"
}

# CAP_SYS_RESOURCE is bit 24: without it no process may lower its OOM score.
lacks_sys_resource() { (( (16#$(sed -n 's/^CapEff:\s*//p' /proc/self/status) >> 24 & 1) == 0 )); }

write_containerd_config() {
  local restrict=false
  lacks_sys_resource && restrict=true
  cat > "$DATA_DIR/containerd/config.toml" <<TXT
version = 2
root = "$DATA_DIR/containerd/root"
state = "$DATA_DIR/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "$(containerd_socket)"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = $restrict
  stream_server_address = "127.0.0.1"
  enable_selinux = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$DATA_DIR/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(snapshotter)"
    discard_unpacked_layers = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$DATA_DIR/containerd/certs.d"
TXT
}

start_containerd() {
  pid_alive "$DATA_DIR/run/containerd.pid" && return
  mkdir -p "$DATA_DIR"/containerd/certs.d "$DATA_DIR"/cni/net.d
  [ -f "$DATA_DIR/containerd/config.toml" ] || write_containerd_config
  rm -f "$(containerd_socket)"
  start_process containerd /usr/bin/containerd --config "$DATA_DIR/containerd/config.toml" --log-level warn
  step "containerd starts (its own: socket, root and state are in $DATA_DIR/containerd)"
  if [ ! -f "$DATA_DIR/containerd/pause-imported" ]; then
    wait_for_containerd
    "$DEPLOY_DIR/images" --data-dir "$DATA_DIR" --quiet pause || fail "could not import the pause image"
    touch "$DATA_DIR/containerd/pause-imported"
  fi
}

wait_for_containerd() {
  local tries=500
  until ctr_here version >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] && pid_alive "$DATA_DIR/run/containerd.pid" || fail "containerd did not start; see $DATA_DIR/log/containerd.log"
    sleep 0.02
  done
}

ctr_here() { ctr --address "$(containerd_socket)" --namespace $CTR_NAMESPACE "$@"; }

# Ends what the node left: shims and their containers, mounts, interfaces, rules, cgroups. Only what is ours.
clean_node() {
  local file mount_point
  # A shim names our socket on its command line.
  for file in $(grep -lsaF -- "$(containerd_socket)" /proc/[0-9]*/cmdline); do
    grep -qsa '^[^\x00]*containerd-shim' "$file" && kill_tree "$(basename "$(dirname "$file")")"
  done
  grep -F " $DATA_DIR/" /proc/self/mounts | cut -d' ' -f2 | sort -r | while read -r mount_point; do
    umount -l "$(printf '%b' "$mount_point")" 2>/dev/null
  done
  rm -rf "$DATA_DIR/containerd/state"
  nft delete table ip vertikube 2>/dev/null
  local link
  for link in vk0 vk-svc vk-sink; do ip link delete "$link" 2>/dev/null; done
  remove_cgroups
}

kill_tree() {
  local child
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do kill_tree "$child"; done
  kill -KILL "$1" 2>/dev/null
}

remove_cgroups() {
  local tries=20 left folder
  while [ $tries -gt 0 ]; do
    left=
    for folder in /sys/fs/cgroup/kubepods /sys/fs/cgroup/*/kubepods; do
      [ -d "$folder" ] || continue
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
    done
    [ -z "$left" ] && return
    tries=$((tries - 1)); sleep 0.05
  done
}
