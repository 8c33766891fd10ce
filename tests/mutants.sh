#!/usr/bin/env bash
# Mutation testing: cargo-mutants changes the code in one place at a time, and the tests of that room must notice. By hand; a gate would take days.
# For thousands at once see tests/mutants_at_once.py.
#
#   tests/mutants.sh                      what differs from the last commit, or else from the branch `main`
#   tests/mutants.sh FILE...              those files
#   SHARD=0/10 tests/mutants.sh FILE...   every tenth mutant of them
#   JOBS=2 TIMEOUT=300                    so many at once; so many seconds for the tests of one, 60 where nothing is said
#
# What is in src/time imports nothing of the rest, so it is tried as a crate of its own: seconds a mutant. For src/plan, src/case and what lies
# beneath, the library is built without default features and held against `laws`, which need no pack; where a rule is made, `rules` need `script`.
# Outcomes lie in target/mutants-out, one folder a room; what survives is told at the end, and explained in tests/MUTANTS.md or killed by a test.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(git diff --name-only HEAD -- src; git diff --name-only main -- src)
fi
time_files=() rule_files=() case_files=()
for file in "${files[@]}"; do
    case $file in
        src/time/*) time_files+=("$file") ;;
        src/plan/*) rule_files+=("$file") ;;
        src/*) case_files+=("$file") ;;
    esac
done

out=${CARGO_TARGET_DIR:-$root/target}/mutants-out
mkdir -p "$out"
# Properties try fewer cases where they let themselves be told, and none looks for the smallest that fails: what a mutant needs is one.
export PROPTEST_CASES=${PROPTEST_CASES:-32} PROPTEST_MAX_SHRINK_ITERS=0 CARGO_INCREMENTAL=1 CARGO_PROFILE_TEST_OPT_LEVEL=1 INSTA_UPDATE=no
shard=(); [ -z "${SHARD:-}" ] || shard=(--shard "$SHARD" --sharding round-robin)
status=0

# room, folder, files...; further arguments in $args
run() {
    local room=$1 folder=$2; shift 2
    local globs=()
    for file in "$@"; do globs+=(-f "$file"); done
    echo "== $room: $* =="
    (cd "$folder" && cargo mutants --output "$out/$room" --no-shuffle --jobs "${JOBS:-1}" --baseline skip --timeout "${TIMEOUT:-60}" \
        "${shard[@]}" "${globs[@]}" "${args[@]}") || status=1
}

if [ ${#time_files[@]} -gt 0 ]; then
    alone=$out/time-alone
    rm -rf "$alone"; mkdir -p "$alone/src" "$alone/tests" "$alone/rules"
    cp -r src/time "$alone/src/"; cp -r tests/time tests/calendars "$alone/tests/"; cp -r rules/calendars "$alone/rules/"; cp Cargo.lock "$alone/"
    echo "pub mod time;" >"$alone/src/lib.rs"
    # The same dependencies, without those of other rooms.
    {
        sed -n '/^\[package\]/,/^rust-version/p' Cargo.toml
        echo '[dependencies]'
        grep -E '^(chrono|chrono-tz|serde|serde_json|thiserror|strsim) = ' Cargo.toml
        echo '[dev-dependencies]'
        grep -E '^(ical_vcard|insta|proptest|sha2) = ' Cargo.toml
        printf '[profile.dev]\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n'
        echo '[workspace]'
    } >"$alone/Cargo.toml"
    args=(-- --lib --test time)
    run time "$alone" "${time_files[@]}"
fi
if [ ${#rule_files[@]} -gt 0 ]; then
    args=(-- --test laws --test rules)
    run plan "$root" "${rule_files[@]}"
fi
if [ ${#case_files[@]} -gt 0 ]; then
    args=(--no-default-features -- --test laws --test field_bugs)
    run case "$root" "${case_files[@]}"
fi
for missed in "$out"/*/mutants.out/missed.txt; do
    [ -s "$missed" ] && { echo "survived:"; cat "$missed"; }
done
exit "$status"
