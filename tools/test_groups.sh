# shellcheck shell=bash
# Sourced by ./run: the test groups and their runner.
#
# A group is one line: name | help | command. The command runs in a shell of its own and writes JUnit
# XML files named .cache/test/NAME*.xml, from which tests are counted; it fails when a test fails.
TEST_GROUPS=(
  "unit  | unit tests                                                    | unit_tests release"
  "cli   | the command line (tests/cli)                                  | py_tests cli"
  "data  | statistics, truth, determinism of the data (tests/data)       | py_tests data"
  "fault | kills, full disks, damaged files (tests/fault)                | py_tests fault"
  "delta | Delta tables beside deltalake, kills, writers that meet       | py_tests delta"
  "schema | DDL in, data out: DuckDB and PostgreSQL take all constraints | py_tests schema"
  "spark | Spark and a Hive metastore (tests/spark)                      | spark_tests"
  "python | the Python package, installed by pip (tests/python)          | python_tests"
  "store | buckets and HDFS on real servers (tests/store)                | store_tests"
  "asan  | all unit tests with address and undefined-behaviour sanitizer | unit_tests fuzz"
  "tsan  | unit tests of the threaded parts with the thread sanitizer    | unit_tests tsan"
  "fuzz  | every fuzzer, from its corpus in tests/fuzz/corpus            | fuzz_tests"
)
QUICK_GROUPS=(unit cli)
TEST_RESULTS=$PWD/.cache/test

# field LINE N: the Nth part of a registry line.
field() { cut -d'|' -f"$2" <<<"$1" | sed 's/^ *//; s/ *$//'; }

test_group_help() {
  local line
  for line in "${TEST_GROUPS[@]}"; do
    printf '    %-17s %s\n' "$(field "$line" 1)" "$(field "$line" 2)"
  done
}

# Runs a program that may be built with sanitizers: Arrow takes its buffers from malloc, so that their
# bounds are watched too, and the memory layout is the classic one (kernels that randomise more bits
# than the sanitizers of their day expect make them fail at start).
watched() {
  local classic=()
  if setarch "$(uname -m)" -R true 2>/dev/null; then classic=(setarch "$(uname -m)" -R); fi
  ARROW_DEFAULT_MEMORY_POOL=system \
  TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp detect_deadlocks=0 ${TSAN_OPTIONS:-}" \
  UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}" \
    "${classic[@]}" "$@"
}

# unit_tests PRESET: in as many processes as there are processors.
unit_tests() {
  local shard shards pid pids=() failed=0
  build "$1" synthmill_tests || return
  shards=$(nproc)
  for ((shard = 0; shard < shards; ++shard)); do
    GTEST_TOTAL_SHARDS=$shards GTEST_SHARD_INDEX=$shard \
      watched "$(folder_of "$1")/synthmill_tests" --gtest_brief=1 \
      --gtest_output="xml:$TEST_RESULTS/$group-$shard.xml" >"$TEST_RESULTS/$group-$shard.log" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  cat "$TEST_RESULTS/$group"-*.log
  return $failed
}

# py_tests FOLDER: tests/FOLDER against build/synthmill, whose path they find in SYNTHMILL_BIN; a
# file's tests one after the other (they share what they made), files side by side.
py_tests() {
  build release synthmill || return
  SYNTHMILL_BIN=$PWD/build/synthmill .cache/venv/bin/python -m pytest "tests/$1" -q \
    -n "$(nproc)" --dist loadfile \
    -o cache_dir="$PWD/.cache/pytest" --durations=5 --durations-min=5 \
    --junit-xml="$TEST_RESULTS/$group.xml"
}

# tests/store, whose servers are Go programs, and Hadoop.
store_tests() { need store && py_tests store; }

# tests/spark, in the venv that has pyspark.
spark_tests() {
  need spark
  build release synthmill || return
  SYNTHMILL_BIN=$PWD/build/synthmill .cache/venv-spark/bin/python -m pytest tests/spark -q \
    -o cache_dir="$PWD/.cache/pytest" --durations=5 --durations-min=5 \
    --junit-xml="$TEST_RESULTS/$group.xml"
}

# fuzz_one BINARY: from its committed corpus; what it finds goes to .cache/fuzz.
fuzz_one() {
  local binary=$1 name=${1##*/fuzz_} found seeds verdict='' result=0
  found=.cache/fuzz/$name
  seeds=tests/fuzz/corpus/$name
  mkdir -p "$found"
  if [[ -d $seeds ]]; then
    watched "$binary" -max_total_time="${SYNTHMILL_FUZZ_SECONDS:-60}" -timeout=10 \
      -rss_limit_mb=2048 -artifact_prefix="$found-" "$found" "$seeds" >"$found.log" 2>&1 || result=1
  else
    echo "ERROR: fuzz_$name has no corpus in $seeds" >"$found.log"
    result=1
  fi
  ((result == 0)) || { verdict='<failure/>'; tail -n 40 "$found.log"; }
  grep -E '^Done|ERROR|SUMMARY' "$found.log" | sed "s/^/fuzz_$name: /" || true
  echo "<testsuites><testcase name='fuzz_$name'>$verdict</testcase></testsuites>" \
    >"$TEST_RESULTS/$group-$name.xml"
  return $result
}

# python_package: pip makes the wheel of the package, as `pip install .` does, but in build-python and
# with the packages of our own environments and the compiler by its usual name, so that ccache knows
# what the program is made of.
python_package() {
  local python=$PWD/.cache/venv-python/bin/python folder
  rm -rf .cache/wheel
  CXX=c++ PATH=$PWD/.cache/venv-python/bin:$PATH "$python" -m pip wheel --quiet --disable-pip-version-check \
    --no-build-isolation --no-deps --wheel-dir .cache/wheel \
    --config-settings=cmake.define.SYNTHMILL_PYTHON="$PWD/.cache/venv/bin/python" . >&2 || return
  [[ -x .cache/venv-bare/bin/python ]] || /usr/bin/python3 -m venv --without-pip .cache/venv-bare
  for folder in venv-python venv-old-arrow venv-bare; do
    "$python" -m pip --python "$PWD/.cache/$folder/bin/python" install --quiet \
      --disable-pip-version-check --no-index --no-deps --force-reinstall .cache/wheel/*.whl >&2 || return
  done
}

# tests/python, with the package installed in a venv that has many Arrow libraries, in one with an old
# pyarrow, and in one with nothing.
python_tests() {
  need python
  python_package || return
  SYNTHMILL_PYTHON_BARE=$PWD/.cache/venv-bare/bin/python \
  SYNTHMILL_PYTHON_OLD_ARROW=$PWD/.cache/venv-old-arrow/bin/python \
    .cache/venv-python/bin/python -m pytest tests/python -q \
    -o cache_dir="$PWD/.cache/pytest" --durations=5 --durations-min=5 \
    --junit-xml="$TEST_RESULTS/$group.xml"
}

# Every fuzzer, as many at a time as there are processors.
fuzz_tests() {
  local binary pid pids=() failed=0
  build fuzz fuzzers || return
  for binary in build-fuzz/fuzz_*; do
    [[ -f $binary && -x $binary ]] || continue
    while (($(jobs -pr | wc -l) >= $(nproc))); do sleep 1; done
    fuzz_one "$binary" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}

# run_test_groups [quick|GROUP…]: one after the other; a failed group does not stop the others.
run_test_groups() {
  local line group chosen=("$@") known=() started result needs="quick"
  for line in "${TEST_GROUPS[@]}"; do known+=("$(field "$line" 1)"); done
  if [[ ${1:-} == quick ]]; then chosen=("${QUICK_GROUPS[@]}"); fi
  if (($# == 0)); then chosen=("${known[@]}"); fi
  for group in "${chosen[@]}"; do
    [[ " ${known[*]} " == *" $group "* ]] || die "no test group '$group'; there are: ${known[*]}"
    [[ " ${QUICK_GROUPS[*]} " == *" $group "* ]] || needs="test"
  done
  need "$needs"

  rm -rf "$TEST_RESULTS"
  mkdir -p "$TEST_RESULTS"
  for line in "${TEST_GROUPS[@]}"; do
    group=$(field "$line" 1)
    [[ " ${chosen[*]} " == *" $group "* ]] || continue
    say "test group $group: $(field "$line" 2)"
    started=$SECONDS
    result=0
    (eval "$(field "$line" 3)") || result=$?
    echo "$group $result $((SECONDS - started))" >>"$TEST_RESULTS/groups.txt"
  done
  .cache/venv/bin/python tools/test_report.py "$TEST_RESULTS"
}
