#!/usr/bin/env python3
"""Mutation testing, thousands of mutants in one build: each stands behind a number, and `MUTANT=17` picks the seventeenth.

    tests/mutants_at_once.py build 'src/case/**'     puts the mutants of these files into a copy, leaves out what does not compile, builds the tests
    tests/mutants_at_once.py run [MANY [SEED]]       tries so many of them, drawn by the seed; all, where nothing is said
    tests/mutants_at_once.py told                    what has come of them so far

cargo-mutants says which mutants there are and builds each by itself, which takes minutes; here one takes seconds. Functions that are `const` or give
`impl Trait`, and those that hold other functions, are left to it. The copy and what came of each mutant lie in target/mutants-at-once. Who survives the quick
tests is tried against the slow ones; who survives both is killed by a test, or explained in tests/MUTANTS.md.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "target" / "mutants-at-once"
COPY, TARGET = BASE / "copy", Path(os.environ.get("CARGO_TARGET_DIR", BASE / "target"))
MUTANTS, PLACES, TESTS, OUTCOMES = (
    BASE / f"{name}.json" for name in ("mutants", "places", "tests", "outcomes")
)
BINARIES = ["laws", "field_bugs", "model", "workflow", "rules", "desk"]

# A test binary, what is run of it, how many cases a property tries, and how long it may take.
MODEL = ("model", ["decide_says"], 64, 60)
WORKFLOW = ("workflow", [], 8, 60)
FIELD = ("field_bugs", [], 8, 30)
RULES = ("rules", ["--skip", "shipped::no_number", "--skip", "hostile", "--skip", "differ::nothing", "--skip", "mistakes",
                   "--skip", "diagrams::rules_that", "--skip", "clauses::clauses_answer"], 12, 120)
SLOW_RULES = ("rules", ["differ", "diagrams", "mistakes", "clauses"], 12, 200)
DESK = ("desk", ["adopt", "parts", "parted", "links", "dates", "facts", "derived", "outgoing", "submit"], 6, 200)
LAWS = ("laws", ["--skip", "reach::", "--skip", "published_table", "--skip", "time_alone"], 6, 400)


def tests_of(file):
    """Quick ones first: most mutants fall there."""
    if file.startswith("src/plan"):
        return [WORKFLOW, MODEL, RULES, FIELD, SLOW_RULES, DESK, LAWS]
    return [MODEL, WORKFLOW, FIELD, DESK, LAWS]


SWITCH = """
/// Which mutant is on.
#[doc(hidden)]
pub fn mutant() -> u32 {
    static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
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
        text += source.text[at:begin] + "{ match crate::mutant() {\n"
        for mutant in functions[span]:
            start, stop = source.span(mutant["span"])
            if not begin <= start <= stop <= end:
                continue
            body = source.text[begin:start] + mutant["replacement"] + source.text[stop:end]
            if mutant["genre"] == "FnValue":
                body = "{ " + mutant["replacement"] + " }"
            first = text.count("\n") + 1
            text += f"{mutant['number']} => {body}\n"
            places.append((mutant["number"], file, first, text.count("\n")))
        text += f"_ => {source.text[begin:end]}\n}} }}"
        at = end
    (COPY / file).write_text(text + source.text[at:])
    return places


def cargo(*arguments):
    env = dict(os.environ, CARGO_TARGET_DIR=str(TARGET), RUSTFLAGS="--cap-lints allow", CARGO_INCREMENTAL="0")
    done = subprocess.run(["cargo", *arguments, "--features", "sqlite", "--message-format=json"], cwd=COPY, env=env, stdout=subprocess.PIPE)
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
            its |= {number for number, file, first, last in places
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
        by_file = collections.defaultdict(list)
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
    code, messages = cargo("test", "--no-run", *(argument for name in BINARIES for argument in ("--test", name)))
    if code != 0:
        sys.exit("the tests do not build")
    made = [message for message in messages if message.get("executable") and message["profile"]["test"]]
    TESTS.write_text(json.dumps({message["target"]["name"]: message["executable"] for message in made}))
    OUTCOMES.unlink(missing_ok=True)


def tried(binaries, number, steps):
    """What came of a mutant: caught by which test, out of time in which, or survived."""
    for name, arguments, cases, limit in steps:
        env = dict(os.environ, MUTANT=str(number), PROPTEST_CASES=str(cases), PROPTEST_MAX_SHRINK_ITERS="0", INSTA_UPDATE="no", RUST_BACKTRACE="0")
        process = subprocess.Popen([binaries[name], "--test-threads=1", *arguments], cwd=COPY, env=env, start_new_session=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")
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
        if failed or process.returncode != 0:
            return ("hangs" if out_of_time.is_set() else "caught"), name, failed or f"ended with {process.returncode}"
    return "survived", "", ""


def run(many, seed):
    mutants = {mutant["number"]: mutant for mutant in json.loads(MUTANTS.read_text())}
    binaries = json.loads(TESTS.read_text())
    for steps in (tests_of("src/plan"), tests_of("src/case")):
        what, binary, test = tried(binaries, 0, steps)
        if what != "survived":
            sys.exit(f"without any mutant, `{binary}` {what}: {test}; nothing can be learnt from it")
    known = {outcome[0] for outcome in outcomes()}
    numbers = [place[0] for place in json.loads(PLACES.read_text())]
    random.Random(seed).shuffle(numbers)
    left = [number for number in numbers[:many] if number not in known][::-1]
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                if not left:
                    return
                number = left.pop()
            outcome = tried(binaries, number, tests_of(mutants[number]["file"]))
            with lock, OUTCOMES.open("a") as file:
                file.write(json.dumps([number, *outcome]) + "\n")

    workers = [threading.Thread(target=work) for _ in range(os.cpu_count() or 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    told()


def outcomes():
    return [json.loads(line) for line in OUTCOMES.read_text().splitlines()] if OUTCOMES.exists() else []


def told():
    mutants = {mutant["number"]: mutant for mutant in json.loads(MUTANTS.read_text())}
    counts = collections.Counter((mutants[number]["file"].split("/")[1], what) for number, what, *_ in outcomes())
    for (room, what), count in sorted(counts.items()):
        print(f"{room:>6} {what:<9} {count}")
    for name in sorted(mutants[number]["name"] for number, what, *_ in outcomes() if what == "survived"):
        print(name)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", *globs] if globs:
            BASE.mkdir(parents=True, exist_ok=True)
            build(globs)
        case ["run", *rest]:
            run(int(rest[0]) if rest else None, int(rest[1]) if len(rest) > 1 else 7)
        case ["told"]:
            told()
        case _:
            sys.exit(__doc__)
