#!/usr/bin/env python3
"""Reads tests/calendars/deadlines.ics, as the library writes it of deadlines.json, with the Python package `icalendar` and compares.

    pip install icalendar==7.3.2
    python tests/calendars/deadlines.py            # exit status 1 if anything is read otherwise than it was given
    python tests/calendars/deadlines.py --given    # makes deadlines.json anew; then run the tests with DULY_WRITE=1

The file is written by the test `the_sample_is_what_is_written`.
"""

import datetime
import json
import pathlib
import random
import sys
import unicodedata

import icalendar

FOLDER = pathlib.Path(__file__).resolve().parent
BREAKS = "\r\u0085\u2028\u2029"


def given():
    """Deadlines with texts of every awkward kind, the same each time."""
    chance = random.Random(20261008)
    at = lambda: datetime.datetime.fromtimestamp(
        chance.randrange(-62135596800, 253402300800), datetime.timezone.utc
    ).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    texts = [
        "答复期限:关于XX路积水的来信(编号2026-0917)",
        "十五个工作日内答复;延期须经批准,并告知来信人\n承办单位:住建局、城管局\r\n联系人:王\\李",
        "",
        " leading and trailing ",
        "tab\tstays",
        "a,b;c:d\\e\"f\\n",
        "BEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        "\0\x01\x1b[31m\x7f\u0085\u2028\u2029\ufeff",
        "👩‍👩‍👧‍👦🇨🇳" * 40,
        "国" * 2000,
        "x" * 75,
        "é" * 37 + "国" * 30,
    ]
    pieces = ["国", "庆", "é", "e\u0301", "🎆", ",", ";", "\\", "\n", "\r", "\t", " ", ":", "\"", "x" * 20, "\u200f", "مرحبا"]
    texts += ["".join(chance.choices(pieces, k=chance.randrange(1, 120))) for _ in range(24)]
    return [
        {
            "uid": f"case-{n}/answer@city.example",
            "sequence": n,
            "stamp": at(),
            "due": at(),
            "summary": text,
            "description": texts[-1 - n],
            "reminders": [at() for _ in range(n % 4)],
            "cancelled": n % 5 == 4,
        }
        for n, text in enumerate(texts)
    ]


def held(text):
    """What of a text the format can hold."""
    text = text.replace("\r\n", "\n")
    text = "".join("\n" if char in BREAKS else char for char in text)
    return "".join("\ufffd" if unicodedata.category(char) == "Cc" and char not in "\n\t" else char for char in text)


def main():
    if "--given" in sys.argv[1:]:
        lines = ",\n".join("  " + json.dumps(deadline) for deadline in given())
        (FOLDER / "deadlines.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        return 0
    wanted = json.loads((FOLDER / "deadlines.json").read_text(encoding="utf-8"))
    calendar = icalendar.Calendar.from_ical((FOLDER / "deadlines.ics").read_bytes())
    events = calendar.walk("VEVENT")
    utc = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    bad = len(events) != len(wanted)
    for event, deadline in zip(events, wanted):
        alarms = event.walk("VALARM")
        read = {
            "uid": str(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "stamp": event.decoded("DTSTAMP"),
            "due": event.decoded("DTSTART"),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "reminders": [alarm.decoded("TRIGGER") for alarm in alarms],
            "cancelled": event["STATUS"] == "CANCELLED",
        }
        meant = deadline | {
            "stamp": utc(deadline["stamp"]),
            "due": utc(deadline["due"]),
            "summary": held(deadline["summary"]),
            "description": held(deadline["description"]),
            "reminders": [] if deadline["cancelled"] else [utc(at) for at in deadline["reminders"]],
        }
        for key, value in meant.items():
            if read[key] != value:
                bad = True
                print(f"{deadline['uid']}: {key} is read as {read[key]!r}, not {value!r}")
        bad = bad or event.errors != []
    print(f"icalendar {icalendar.__version__}: {len(events)} deadlines, {'DIFFER' if bad else 'all as given'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
