#!/usr/bin/env python3
"""Makes the tables of the United Kingdom, the United States and Korea in rules/calendars/ anew from the PyPI package `holidays`.

    pip install holidays==0.109
    python tests/calendars/others.py            # compares the tables in the tree; writes nothing; exit status 1 if they differ
    python tests/calendars/others.py --write    # makes them anew

Unlike China's, these tables rest on one source.
"""

import json
import pathlib
import sys

import holidays

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "rules" / "calendars"
FIRST, LAST = 2015, 2026
VERSION = holidays.__version__

UK = "bank holidays, Banking and Financial Dealings Act 1971, and those by proclamation or common law"
TABLES = {
    "uk-england": ("GB", "ENG", "en_GB", UK),
    "uk-wales": ("GB", "WLS", "en_GB", UK),
    "uk-scotland": ("GB", "SCT", "en_GB", UK),
    "uk-northern-ireland": ("GB", "NIR", "en_GB", UK),
    "us-federal": ("US", None, "en_US", "legal public holidays, 5 U.S.C. 6103"),
    "kr": ("KR", None, "ko", "관공서의 공휴일에 관한 규정, 공휴일에 관한 법률"),
}


def make(name, country, part, language, statute):
    days = holidays.country_holidays(country, subdiv=part, years=range(FIRST, LAST + 1), language=language)
    return {
        "id": name,
        "revision": f"holidays-{VERSION}",
        "source": [statute, f"the days after holidays {VERSION} (MIT), not compared with another source"],
        "coverage": {"from": f"{FIRST}-01-01", "to": f"{LAST}-12-31"},
        "closed": {day.isoformat(): what for day, what in sorted(days.items()) if FIRST <= day.year <= LAST},
    }


def text(table):
    lines = lambda pairs: ",\n".join(f"    {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in pairs)
    head = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table.items() if k != "closed"]
    return "{\n" + ",\n".join(head) + ',\n  "closed": {\n' + lines(table["closed"].items()) + "\n  }\n}\n"


def main():
    bad = False
    for name, row in TABLES.items():
        path, fresh = FOLDER / f"{name}.json", make(name, *row)
        if "--write" in sys.argv[1:]:
            path.write_text(text(fresh), encoding="utf-8")
        same = json.loads(path.read_text(encoding="utf-8")) == fresh
        bad = bad or not same
        print(f"{name}: {len(fresh['closed'])} days, {'as made' if same else 'DIFFERS'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
