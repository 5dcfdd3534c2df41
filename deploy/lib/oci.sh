# Makes an OCI image archive of a folder, and fills the folder from Debian packages. Sourced by deploy/images.
# The format is the OCI image layout: https://github.com/opencontainers/image-spec

PACKAGE_CACHE=$DEPLOY_DIR/target/packages
# What a container needs nothing of: package management, init systems, documentation tools.
NOT_IN_IMAGES=" debconf debconf-2.0 cdebconf dpkg perl perl-base perl-modules-5.36 libperl5.36 adduser passwd login init-system-helpers lsb-base sysvinit-utils tar install-info sensible-utils ucf systemd systemd-sysv dbus iproute2 locales locales-all logrotate gpgv apt coreutils bash base-files libpam-modules libpam-modules-bin libpam-runtime ssl-cert openssl netbase procps media-types tzdata util-linux util-linux-extra mount fdisk e2fsprogs libllvm14 libicu72-dbg "

# build_image NAME TAG ARCHIVE: runs recipe_NAME on an empty root and packs the result.
build_image() {
  local name=$1 tag=$2 archive=$3
  WORK=$(mktemp -d)
  ROOT=$WORK/root
  mkdir -p "$ROOT" "$(dirname "$archive")"
  ENTRYPOINT='[]' COMMAND='[]' PORTS='{}'
  "recipe_$name"
  pack "vertikube.local/$name:$tag" "$archive.part"
  mv "$archive.part" "$archive"
  rm -rf "$WORK"
}

# base_files: busybox with a link for each of its commands, the accounts, and where names are looked up.
base_files() {
  command -v busybox >/dev/null || install_packages busybox-static
  mkdir -p "$ROOT"/{bin,sbin,etc,tmp,proc,sys,dev,root,run,var/tmp,usr/bin,usr/sbin,usr/local/bin,lib64,lib}
  chmod 1777 "$ROOT/tmp" "$ROOT/var/tmp"
  cp "$(command -v busybox)" "$ROOT/bin/busybox"
  local command
  for command in $("$ROOT/bin/busybox" --list | grep -vx busybox); do ln -s /bin/busybox "$ROOT/bin/$command"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$ROOT/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' > "$ROOT/etc/group"
  printf 'hosts: files dns\npasswd: files\ngroup: files\n' > "$ROOT/etc/nsswitch.conf"
}

add_user() {
  printf '%s:x:%s:%s::/:/bin/sh\n' "$1" "$2" "$2" >> "$ROOT/etc/passwd"
  printf '%s:x:%s:\n' "$1" "$2" >> "$ROOT/etc/group"
}

# add_packages NAME…: unpacks Debian packages and what they depend on; nothing of them is run.
add_packages() {
  local package file
  mkdir -p "$PACKAGE_CACHE"
  apt-cache show libc6 >/dev/null 2>&1 || apt-get update >/dev/null
  for package in $(closure "$@"); do
    file=$(find "$PACKAGE_CACHE" -name "${package}_*.deb" -print -quit)
    if [ -z "$file" ]; then
      ( cd "$PACKAGE_CACHE" && { apt-get download -q "$package" || { apt-get update && apt-get download -q "$package"; }; } ) >"$WORK/download.log" 2>&1 \
        || { cat "$WORK/download.log" >&2; fail "could not download the Debian package $package"; }
      file=$(find "$PACKAGE_CACHE" -name "${package}_*.deb" -print -quit)
    fi
    # Where /bin and the like are folders of ours, packages still find their place.
    dpkg-deb --fsys-tarfile "$file" | tar -x -C "$ROOT" --keep-directory-symlink --no-same-owner \
      --exclude './usr/share/doc/*' --exclude './usr/share/man/*' --exclude './usr/share/locale/*' --exclude './usr/share/info/*'
  done
}

# The packages and their dependencies, without what no container needs.
closure() {
  local package
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" \
    | sed -n 's/^\([a-z0-9][-a-z0-9+.]*\)$/\1/p' | sort -u | while read -r package; do
      [[ "$NOT_IN_IMAGES" == *" $package "* ]] || echo "$package"
    done
}

# run_as ENTRYPOINT COMMAND [PORT]: JSON arrays.
run_as() { ENTRYPOINT=$1; COMMAND=$2; [ $# -lt 3 ] || PORTS="{\"$3/tcp\":{}}"; }

# pack REFERENCE ARCHIVE
pack() {
  local layout=$WORK/layout layer config manifest architecture created=1970-01-01T00:00:00Z
  architecture=$(dpkg --print-architecture)
  mkdir -p "$layout/blobs/sha256"
  tar -c -C "$ROOT" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -f "$WORK/layer.tar" .
  layer=$(sha256sum "$WORK/layer.tar" | cut -d' ' -f1)
  local layer_size; layer_size=$(stat -c %s "$WORK/layer.tar")
  mv "$WORK/layer.tar" "$layout/blobs/sha256/$layer"
  printf '{"created":"%s","architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Entrypoint":%s,"Cmd":%s,"ExposedPorts":%s,"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"deploy/images"}]}' \
    "$created" "$architecture" "$ENTRYPOINT" "$COMMAND" "$PORTS" "$layer" "$created" > "$WORK/config.json"
  config=$(sha256sum "$WORK/config.json" | cut -d' ' -f1)
  local config_size; config_size=$(stat -c %s "$WORK/config.json")
  mv "$WORK/config.json" "$layout/blobs/sha256/$config"
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
    "$config" "$config_size" "$layer" "$layer_size" > "$WORK/manifest.json"
  manifest=$(sha256sum "$WORK/manifest.json" | cut -d' ' -f1)
  local manifest_size; manifest_size=$(stat -c %s "$WORK/manifest.json")
  mv "$WORK/manifest.json" "$layout/blobs/sha256/$manifest"
  printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"},"platform":{"architecture":"%s","os":"linux"}}]}' \
    "$manifest" "$manifest_size" "$1" "${1##*:}" "$architecture" > "$layout/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
  tar -c -C "$layout" -f "$2" oci-layout index.json blobs
}
