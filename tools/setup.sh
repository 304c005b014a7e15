# shellcheck shell=bash
# Sourced by ./run: makes sure that what a subcommand needs is there, and installs only what is not.

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
[[ -t 2 && -z ${NO_COLOR:-} ]] || say() { printf '== %s\n' "$*" >&2; }
die() { printf 'run: %s\n' "$*" >&2; exit 2; }

# Runs a command as root.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "need root or sudo for: $*"
  fi
}

# The words of list files: comments and blank lines left out.
words_of() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 "$@"; }

# need_apt LIST…: the packages named in tools/apt-LIST.txt.
need_apt() {
  local wanted installed missing fresh=''
  wanted=$(words_of "${@/#/tools/apt-}" | sort -u)
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian or Ubuntu: these must be there by other means: ${wanted//$'\n'/ }"
    return
  fi
  # shellcheck disable=SC2086  # a list of words
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    sed -n 's/^installed //p' | sort -u) || true
  missing=$(comm -23 <(echo "$wanted") <(echo "$installed"))
  [[ -n $missing ]] || return 0
  say "apt-get install ${missing//$'\n'/ }"
  # shellcheck disable=SC2086
  if ! apt-cache show $missing >/dev/null 2>&1; then
    apt_get update -qq >&2
    fresh=yes
  fi
  # shellcheck disable=SC2086
  if ! apt_get install -y -qq --no-install-recommends $missing >&2; then
    [[ -z $fresh ]] || return 1
    say "once more, with fresh package lists"
    apt_get update -qq >&2
    apt_get install -y -qq --no-install-recommends $missing >&2
  fi
}

# need_venv VENV LIST: the Python packages of tools/requirements-LIST.txt in .cache/VENV. A stamp in
# the venv holds the hash of what was installed, so that a second call does nothing.
need_venv() {
  local venv=$PWD/.cache/$1 list=tools/requirements-$2.txt python=/usr/bin/python3 stamp key
  [[ -x $python ]] || python=$(command -v python3) || die "no python3"
  key=$({ "$python" --version; cat tools/requirements-build.txt "$list"; } | sha256sum | cut -c1-16)
  stamp=$venv/.installed-$2
  [[ -f $stamp && $(<"$stamp") == "$key" ]] && return 0

  mkdir -p .cache
  exec 9>".cache/$1.lock"  # two runs at the same time take turns
  flock 9
  if [[ ! -f $stamp || $(<"$stamp") != "$key" ]]; then
    say "Python packages of $list into .cache/$1"
    if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
      "$python" -m venv --clear "$venv"
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$list" >&2
    echo "$key" >"$stamp"
  fi
  exec 9>&-
}

# need_go: a Go that builds the servers of tests/store: the machine's, or else one in
# .cache/venv-go, where tests/services looks first.
need_go() {
  local least=1.26 version
  version=$(go env GOVERSION 2>/dev/null | sed 's/^go//') || true
  if [[ -z $version || $(printf '%s\n' "$least" "$version" | sort -V | head -n 1) != "$least" ]]; then
    need_venv venv-go go
  fi
}

# need_hadoop: what tests/store gets Hadoop with.
need_hadoop() {
  command -v mvn >/dev/null || need_apt maven.txt
  command -v cargo >/dev/null || [[ -x $HOME/.cargo/bin/cargo ]] || need_apt cargo.txt
}

# need WHAT…: build, demo, quick, test, spark, store, python, bench or lint.
need() {
  local what
  for what in "$@"; do
    case $what in
      build) need_apt build.txt; need_venv venv build ;;
      demo) need_apt build.txt; need_venv venv demo ;;
      test) need_apt build.txt test.txt; need_venv venv test ;;
      store) need test; need_go; need_hadoop ;;
      spark)
        need_apt build.txt test.txt
        need_venv venv-spark spark
        need_venv venv-spark-delta spark-delta
        need_go
        need_hadoop
        ;;
      python)
        need_apt build.txt python.txt
        need_venv venv build
        need_venv venv-python python
        need_venv venv-old-arrow old-arrow
        ;;
      quick) need_apt build.txt; need_venv venv test ;;
      bench) need_apt build.txt bench.txt; need_venv venv build; need_venv venv-bench bench ;;
      lint) need_apt build.txt lint.txt; need_venv venv build ;;
      *) die "setup knows build, demo, quick, test, spark, store, python, bench and lint, not '$what'" ;;
    esac
  done
}

# One compiler needs up to 1.5 GB for Arrow's headers with sanitizers.
parallel_jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
  ((gigabytes < 1)) && gigabytes=1
  echo $((cores < gigabytes ? cores : gigabytes))
}

# folder_of PRESET: where it is built.
folder_of() { if [[ $1 == release ]]; then echo build; else echo "build-$1"; fi; }

# build PRESET TARGET… [-- CMAKE OPTION…]
build() {
  local preset=$1 targets=() folder
  folder=$(folder_of "$preset")
  shift
  while (($#)) && [[ $1 != -- ]]; do targets+=("$1"); shift; done
  if (($#)); then shift; fi
  # CMake runs by itself when its inputs change; it is called here for the first time, and for options.
  if [[ ! -f $folder/build.ninja || $# -gt 0 ]]; then
    say "configure $preset"
    cmake --preset "$preset" "$@" >".cache/cmake-$preset.log" 2>&1 ||
      { cat ".cache/cmake-$preset.log" >&2; return 1; }
  fi
  say "build $preset: ${targets[*]}"
  cmake --build "$folder" -j "$(parallel_jobs)" --target "${targets[@]}" >&2
}
