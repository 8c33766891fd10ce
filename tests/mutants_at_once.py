#!/usr/bin/env python3
"""Mutation testing, thousands of mutants in one build: each stands behind a number, and `MUTANT=17` picks the seventeenth.

    tests/mutants_at_once.py build 'src/case/**'     puts the mutants of these files into a copy, leaves out what does not compile, builds the tests
    tests/mutants_at_once.py run [MANY [SEED]]       tries so many of them, drawn by the seed; all, where nothing is said
    tests/mutants_at_once.py again                   builds the tests anew, so that `run` tries those that survived once more
    tests/mutants_at_once.py told                    what has come of them so far

cargo-mutants says which mutants there are and builds each by itself, which takes minutes; here one takes seconds. Functions that are `const` or give
`impl Trait`, and those that hold other functions, are left to it. Each test is run by itself once, so that a mutant meets only the tests that come to its
function: first those that have caught most in its file, then the quick, and after all mutants have met these, the slow. The copy and what came of each mutant
lie in target/mutants-at-once; a run that is stopped goes on where it was. Who survives is killed by a test, or explained in tests/MUTANTS.md.
"""

import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "target" / "mutants-at-once"
COPY, TARGET = BASE / "copy", Path(os.environ.get("CARGO_TARGET_DIR", BASE / "target"))
MUTANTS, PLACES, TESTS, REACHED, OUTCOMES = (
    BASE / f"{name}.json" for name in ("mutants", "places", "tests", "reached", "outcomes")
)
# Left out: `worlds` and `hostile`, which take long, `postgres`, and `readme`, which reads the sources.
BINARIES = ["laws", "field_bugs", "model", "workflow", "rules", "desk", "duty", "cli", "report", "stored", "time"]
BINARIES_AND_LIB = ["duly", *BINARIES]
# How many cases a property tries, and how many seconds it may take to be tried at all.
CASES, MOST = 8, 60
# Tests up to so many seconds together, one lot after the other; those up to QUICK are held against every mutant before any that is slower.
LOTS, QUICK = [0.1, 0.4, 1.5, 5, 15, MOST], 1.5

SWITCH = """
/// Which mutant is on. Told where it is asked for: which functions are reached.
#[doc(hidden)]
pub fn mutant(function: u32) -> u32 {
    use std::{collections::BTreeSet, fs::File, io::Write, sync::{Mutex, OnceLock}};
    static ON: OnceLock<u32> = OnceLock::new();
    static REACHED: OnceLock<Option<Mutex<(BTreeSet<u32>, File)>>> = OnceLock::new();
    let reached = REACHED.get_or_init(|| {
        let path = std::env::var_os("MUTANTS_REACHED")?;
        let file = File::options().append(true).create(true).open(path).ok()?;
        Some(Mutex::new((BTreeSet::new(), file)))
    });
    if let Some(reached) = reached
        && let Ok(mut reached) = reached.lock()
        && reached.0.insert(function)
    {
        writeln!(reached.1, "{function}").unwrap();
    }
    *ON.get_or_init(|| std::env::var("MUTANT").ok().and_then(|it| it.parse().ok()).unwrap_or(0))
}
"""


class Source:
    def __init__(self, text):
        self.text, self.lines = text, [0]
        self.lines += [at + 1 for at, char in enumerate(text) if char == "\n"]

    def at(self, place):
        return self.lines[place["line"] - 1] + place["column"] - 1

    def span(self, span):
        return self.at(span["start"]), self.at(span["end"])

    def body(self, span):
        """Where the body of a function begins; nothing for one that has no body to be put in several arms."""
        text = re.sub(r"(?m)//.*$", lambda found: " " * len(found[0]), self.text[span[0]:span[1]])
        depth = 0
        for at in range(re.search(r"\bfn\b", text).end(), len(text)):
            depth += (text[at] in "([") - (text[at] in ")]")
            if text[at] == "{" and depth == 0:
                head = text[:at]
                apart = re.search(r"\bconst\s+fn\b", head) or re.search(r"->\s*impl\b", head)
                return None if apart else span[0] + at
        return None


def put_in(file, mutants):
    """Puts the mutants of a file in, and gives where each stands."""
    source = Source((ROOT / file).read_text())
    functions = collections.defaultdict(list)
    for mutant in mutants:
        functions[source.span(mutant["function"]["span"])].append(mutant)
    text, at, places = "", 0, []
    for span in sorted(functions):
        if any(other != span and span[0] <= other[0] and other[1] <= span[1] for other in functions):
            continue
        begin, end = source.body(span), span[1]
        if begin is None:
            continue
        number = min(mutant["number"] for mutant in functions[span])
        text += source.text[at:begin] + f"{{ match crate::mutant({number}) {{\n"
        for mutant in functions[span]:
            start, stop = source.span(mutant["span"])
            if not begin <= start <= stop <= end:
                continue
            body = source.text[begin:start] + mutant["replacement"] + source.text[stop:end]
            if mutant["genre"] == "FnValue":
                body = "{ " + mutant["replacement"] + " }"
            first = text.count("\n") + 1
            text += f"{mutant['number']} => {body}\n"
            places.append((mutant["number"], file, first, text.count("\n"), number))
        text += f"_ => {source.text[begin:end]}\n}} }}"
        at = end
    (COPY / file).write_text(text + source.text[at:])
    return places


def cargo(*arguments):
    env = dict(os.environ, CARGO_TARGET_DIR=str(TARGET), RUSTFLAGS="--cap-lints allow", CARGO_INCREMENTAL="0")
    done = subprocess.run(["cargo", *arguments, "--features", "cli", "--message-format=json"], cwd=COPY, env=env, stdout=subprocess.PIPE)
    lines = done.stdout.decode().splitlines()
    return done.returncode, [json.loads(line) for line in lines if line.startswith("{")]


def wrong(messages, places):
    """The mutants in which the compiler finds an error."""
    found, elsewhere = set(), []
    for message in messages:
        message = message.get("message")
        if not isinstance(message, dict) or message["level"] != "error":
            continue
        spans = [span for span in message["spans"] if span["is_primary"]]
        its = set()
        while spans:
            span = spans.pop()
            its |= {number for number, file, first, last, _ in places
                    if file == span["file_name"] and first <= span["line_start"] <= last}
            spans += [span["expansion"]["span"]] if span.get("expansion") else []
        found |= its
        if not its and message["spans"]:
            elsewhere.append(message["rendered"])
    return found, elsewhere


def build(globs):
    shutil.rmtree(COPY, ignore_errors=True)
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    for file in files:
        (COPY / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, COPY / file)
    only = [argument for glob in globs for argument in ("-f", glob)]
    mutants = json.loads(subprocess.check_output(["cargo", "mutants", "--list", "--json", *only], cwd=ROOT))
    for number, mutant in enumerate(mutants, 1):
        mutant["number"] = number
        mutant.pop("diff", None)
    MUTANTS.write_text(json.dumps(mutants))
    (COPY / "src/lib.rs").write_text((ROOT / "src/lib.rs").read_text() + SWITCH)
    dropped = set()
    while True:
        # With none, too: what was tried in a file must leave it again.
        by_file = {mutant["file"]: [] for mutant in mutants}
        for mutant in mutants:
            if mutant.get("function") and mutant["number"] not in dropped:
                by_file[mutant["file"]].append(mutant)
        places = [place for file, its in by_file.items() for place in put_in(file, its)]
        code, messages = cargo("check", "--lib")
        if code == 0:
            break
        found, elsewhere = wrong(messages, places)
        if not found:
            sys.exit("\n".join(elsewhere) or "it does not compile, and no error says where")
        dropped |= found
    PLACES.write_text(json.dumps(places))
    print(f"{len(mutants)} mutants, {len(dropped)} do not compile, {len(places)} are in the build")
    build_tests()
    for file in (REACHED, OUTCOMES):
        file.unlink(missing_ok=True)


def build_tests():
    code, messages = cargo("test", "--no-run", "--lib", *(argument for name in BINARIES for argument in ("--test", name)))
    if code != 0:
        sys.exit("the tests do not build")
    made = [message for message in messages if message.get("executable") and message["profile"]["test"]]
    TESTS.write_text(json.dumps({message["target"]["name"]: message["executable"] for message in made}))


def again():
    """The tests as they are now, against the code as it was: who survived has not been tried."""
    shutil.rmtree(COPY / "tests")
    for file in subprocess.check_output(["git", "ls-files", "tests"], cwd=ROOT, text=True).splitlines():
        (COPY / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, COPY / file)
    build_tests()
    with OUTCOMES.open("a") as file:
        for number, what, *_ in outcomes():
            if what.startswith(("survived", "not reached")):
                file.write(json.dumps([number, None, "", ""]) + "\n")


def started(binary, names, **env):
    """Some tests of a binary, one after the other."""
    env = dict(os.environ, PROPTEST_CASES=str(CASES), PROPTEST_MAX_SHRINK_ITERS="0", INSTA_UPDATE="no", INSTA_WORKSPACE_ROOT=str(COPY),
               RUST_BACKTRACE="0", **env)
    return subprocess.Popen([binary, "--test-threads=1", "--exact", *names], cwd=COPY, env=env, start_new_session=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")


def ended(process, limit):
    """Which test failed first, or how else it ended; nothing where all passed. And whether it ran out of time."""
    out_of_time = threading.Event()

    def stop():
        out_of_time.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit, stop)
    timer.start()
    failed = None
    for line in process.stdout:
        if line.startswith("test ") and line.rstrip().endswith("FAILED"):
            failed = line.split()[1]
            break
    timer.cancel()
    if failed:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return failed or (f"ended with {process.returncode}" if process.returncode else None), out_of_time.is_set()


def at_once(work, items):
    """Works on all, as many at once as there are processors."""
    left, lock = list(items)[::-1], threading.Lock()

    def worker():
        while True:
            with lock:
                if not left:
                    return
                item = left.pop()
            work(item, lock)

    workers = [threading.Thread(target=worker) for _ in range(os.cpu_count() or 1)]
    for it in workers:
        it.start()
    for it in workers:
        it.join()


def reached(binaries):
    """Of each test by itself, without any mutant: how long it takes, and which functions it comes to. Known tests are not run again."""
    names, tests, left_out = [], json.loads(REACHED.read_text()) if REACHED.exists() else [], []
    known = {(test["binary"], test["name"]) for test in tests}
    for binary, path in binaries.items():
        listed = subprocess.check_output([path, "--list", "--format", "terse"], cwd=COPY, text=True).splitlines()
        names += [(binary, line.removesuffix(": test")) for line in listed if line.endswith(": test")]
    there = set(names)
    tests = [test for test in tests if (test["binary"], test["name"]) in there]

    def work(item, lock):
        binary, name = item
        file = BASE / f"reached-{binary}-{name.replace('::', '-')}"
        file.unlink(missing_ok=True)
        began = time.monotonic()
        failed, _ = ended(started(binaries[binary], [name], MUTANT="0", MUTANTS_REACHED=str(file)), 2 * MOST)
        took = time.monotonic() - began
        functions = sorted({int(line) for line in file.read_text().split()}) if file.exists() else []
        file.unlink(missing_ok=True)
        with lock:
            if failed or took > MOST:
                left_out.append(f"{binary}::{name} ({failed or f'{took:.0f} s'})")
                functions = []
            tests.append({"binary": binary, "name": name, "seconds": took, "functions": functions})

    at_once(work, [item for item in names if item not in known])
    come = [test["seconds"] for test in tests if test["functions"]]
    print(f"{len(names)} tests, of which {len(come)} come to a mutant, in {sum(come):.0f} s; left out now:", *sorted(left_out), sep="\n")
    REACHED.write_text(json.dumps(tests))
    return tests


def run(many, seed):
    mutants = {mutant["number"]: mutant for mutant in json.loads(MUTANTS.read_text())}
    binaries = json.loads(TESTS.read_text())
    tests = reached(binaries)
    by_function = collections.defaultdict(list)
    for test in sorted(tests, key=lambda test: test["seconds"]):
        for function in test["functions"]:
            by_function[function].append(test)
    functions = {place[0]: place[4] for place in json.loads(PLACES.read_text())}
    catches = collections.Counter()
    known = {}
    for number, what, binary, test in outcomes():
        known[number] = what
        catches[mutants[number]["file"], binary, test] += what == "caught"
    numbers = sorted(functions)
    random.Random(seed).shuffle(numbers)

    def tried(number, lots):
        """What came of a mutant: caught by which test, out of time in which, or survived."""
        file, rest = mutants[number]["file"], by_function[functions[number]]
        rest = [test for test in rest if lots[0] < test["seconds"] <= lots[-1]]
        likely = lambda test: catches[file, test["binary"], test["name"]]
        first = [test for test in sorted(rest, key=likely, reverse=True)[:4] if likely(test)]
        rest = [test for test in rest if test not in first]
        for lot in [first, *([test for test in rest if low < test["seconds"] <= high] for low, high in zip(lots, lots[1:]))]:
            for binary in sorted({test["binary"] for test in lot}, key=BINARIES_AND_LIB.index):
                its = [test for test in lot if test["binary"] == binary]
                limit = 20 + 5 * sum(test["seconds"] for test in its)
                failed, out_of_time = ended(started(binaries[binary], [test["name"] for test in its], MUTANT=str(number)), limit)
                if failed:
                    return ("hangs" if out_of_time else "caught"), binary, failed
        return "survived", "", ""

    for what, lots in (("quick", [0, *(it for it in LOTS if it <= QUICK)]), ("slow", [it for it in LOTS if it >= QUICK])):
        survived = "survived" if what == "slow" else "survived the quick tests"

        def work(number, lock):
            outcome = (survived, "", "") if by_function[functions[number]] else ("not reached", "", "")
            if outcome[0] == survived:
                outcome = tried(number, lots)
                outcome = (survived, "", "") if outcome[0] == "survived" else outcome
            with lock, OUTCOMES.open("a") as file:
                file.write(json.dumps([number, *outcome]) + "\n")
                known[number] = outcome[0]
                catches[mutants[number]["file"], outcome[1], outcome[2]] += outcome[0] == "caught"

        left = [it for it in numbers[:many] if known.get(it) == (None if what == "quick" else "survived the quick tests")]
        at_once(work, left)
    told()


def outcomes():
    """What came of each mutant last; not of those that are to be tried again."""
    lines = OUTCOMES.read_text().splitlines() if OUTCOMES.exists() else []
    return [outcome for outcome in {outcome[0]: outcome for outcome in map(json.loads, lines)}.values() if outcome[1]]


def told():
    mutants = {mutant["number"]: mutant for mutant in json.loads(MUTANTS.read_text())}
    counts = collections.Counter((mutants[number]["file"].split("/")[1], what) for number, what, *_ in outcomes())
    for (room, what), count in sorted(counts.items()):
        print(f"{room:>6} {what:<25} {count}")
    for what in ("not reached", "survived"):
        for name in sorted(mutants[number]["name"] for number, its, *_ in outcomes() if its == what):
            print(what, name)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", *globs] if globs:
            BASE.mkdir(parents=True, exist_ok=True)
            build(globs)
        case ["run", *rest]:
            run(int(rest[0]) if rest else None, int(rest[1]) if len(rest) > 1 else 7)
        case ["again"]:
            again()
        case ["told"]:
            told()
        case _:
            sys.exit(__doc__)
