#!/usr/bin/env bash
# The rest of `./run demo`, which has set up and built. One function a step: short, no server needed;
# a new step is one function and one line at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
synthmill=build/synthmill
python=.cache/venv/bin/python

# show COMMAND…: prints a command as one would type it, then runs it.
show() {
  printf '\n\033[1m$ %s\033[0m\n' "$*"
  "$@"
}
[[ -t 1 && -z ${NO_COLOR:-} ]] || show() { printf '\n$ %s\n' "$*"; "$@"; }

# A million customer records of three systems, with the truth beside them.
step_mdm() {
  show $synthmill generate mdm --total-records 1000000 --truth --to out/mdm --write-mode overwrite
  $python tools/demo_mdm.py out/mdm
}

# Three tables of a DDL, filled so that every key and check holds: DuckDB takes them with all of them on.
step_schema() {
  show $synthmill schema show tools/examples/shop.sql
  show $synthmill generate tools/examples/shop.sql --rows 10000 --rows order_items=40000 \
    --to out/shop --write-mode overwrite
  $python tools/demo_schema.py out/shop
}

step_next() {
  cat <<'TEXT'

what next
  build/synthmill plan mdm --total-records 1000000000     what a billion would be, before a byte
  build/synthmill generate mdm --noise hard --to out/hard matching that no equality join solves
  build/synthmill verify out/mdm                          are the files what was written?
  build/synthmill datasets show mdm > my.yaml             make it yours; generate my.yaml
  build/synthmill schema import YOUR.sql -o my.yaml       your tables as a dataset file
  build/synthmill generate --help                         formats, seeds, parts, threads
TEXT
}

step_mdm
step_schema
step_next
