#!/usr/bin/env bash
# Proves that a plain Debian 12 needs nothing but git and ./run: makes a minimal root, clones this
# repository into it, and runs the demo twice (and the tests) there. Root only. Prints the seconds.
#
#   tools/prove_fresh.sh [--test] [--work-tree] [--keep] [COMMAND…]
#     --test       ./run test too, after the demo
#     --work-tree  the files as they lie here, not HEAD
#     --keep       leave the root (its place is printed)
#     COMMAND…     arguments of ./run instead of the demo, one word list each: "setup test" "test quick"
set -euo pipefail
cd "$(dirname "$0")/.."

keep='' tests='' work_tree='' commands=()
for argument in "$@"; do
  case $argument in
    --keep) keep=yes ;;
    --test) tests=yes ;;
    --work-tree) work_tree=yes ;;
    -*) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) commands+=("$argument") ;;
  esac
done
[[ ${#commands[@]} -gt 0 ]] || commands=(demo demo)
[[ -z $tests ]] || commands+=(test)
[[ $(id -u) -eq 0 ]] || { echo "prove_fresh: needs root (chroot, mount)" >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap

suite=bookworm
root=$(mktemp -d "${TMPDIR:-/var/tmp}/synthmill-fresh.XXXXXX")
chmod 755 "$root"  # apt drops its privileges to download
report=()

# Only what is really mounted is unmounted, innermost first, before anything is removed.
cleanup() {
  local mounted
  mounted=$(awk -v root="$root/" 'index($2, root) == 1 {print $2}' /proc/mounts | sort -r)
  for mounted in $mounted; do umount "$mounted" || umount -l "$mounted"; done
  if grep -qF " $root/" /proc/mounts; then
    echo "prove_fresh: $root still has mounts, left in place" >&2
  elif [[ -n $keep ]]; then
    echo "left: $root"
  else
    rm -rf --one-file-system "$root"
  fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# timed NAME COMMAND…: runs it and notes the seconds; the first failure ends the proof.
timed() {
  local name=$1 started=$SECONDS code=0
  shift
  printf '\n#### %s\n' "$name"
  "$@" || code=$?
  report+=("$(printf '%6d s  exit %d  %s' $((SECONDS - started)) "$code" "$name")")
  [[ $code -eq 0 ]] || { print_report; exit 1; }
}

print_report() { printf '\n#### seconds\n'; printf '%s\n' "${report[@]}"; }

# The mirror this machine itself uses for the suite.
mirror() {
  awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null ||
    awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' \
      /etc/apt/sources.list
}

minimal_root() {
  debootstrap --variant=minbase "$suite" "$root" "$(mirror)" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log"; return 1; }
  rm -f "$root.log"
}

# The package clients' settings of this machine: without them, nothing can be installed at all.
copy_client_settings() {
  local file
  rm -f "$root/etc/apt/sources.list"  # debootstrap's own
  for file in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/apt.conf \
    /etc/apt/auth.conf.d /etc/apt/keyrings /usr/share/keyrings /etc/pip.conf /etc/ssl/certs \
    /usr/share/ca-certificates /usr/local/share/ca-certificates /etc/ca-certificates.conf \
    /etc/resolv.conf /etc/hosts; do
    [[ -e $file ]] || continue
    mkdir -p "$root$(dirname "$file")"
    if [[ -d $file ]]; then
      rm -rf "${root:?}$file"
      cp -a "$file" "$root$file"
    else
      cp -L "$file" "$root$file"
    fi
  done
  # Hooks of this machine's own programs (such as package caches) have no place there.
  grep -lE 'Pre-Invoke|Post-Invoke|Pre-Install' "$root"/etc/apt/apt.conf.d/* 2>/dev/null |
    xargs -r rm -f
}

# in_root COMMAND…: in the minimal root, with an empty environment but for the clients' variables.
in_root() {
  local keep_variables=()
  mapfile -t keep_variables < <(env |
    grep -E '^(PIP_[A-Z_]+|[A-Za-z_]*_(CERT|CA_BUNDLE|CERT_FILE|CERT_DIR|CAINFO)|[A-Za-z]+_(proxy|PROXY))=' |
    grep -vE '^PIP_FIND_LINKS=')
  chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${keep_variables[@]}" "$@" </dev/null
}

clone() {
  if [[ -n $work_tree ]]; then
    mkdir -p "$root/root/synthmill"
    git ls-files -z -co --exclude-standard | tar -c --null -T - --ignore-failed-read |
      tar -x -C "$root/root/synthmill"
  else
    git clone --quiet --no-local . "$root/root/synthmill"
  fi
}

timed "debootstrap $suite" minimal_root
for point in proc sys dev dev/pts; do
  mount --bind "/$point" "$root/$point"
done
copy_client_settings
du -sh "$root" --one-file-system | cut -f1
timed "install git" in_root sh -c \
  'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git >/dev/null'
timed clone clone
for words in "${commands[@]}"; do
  # shellcheck disable=SC2086  # a command of several words
  timed "./run $words" in_root /root/synthmill/run $words
done
print_report
