#!/usr/bin/env python3
"""Makes rules/calendars/cn.json anew and compares it, day by day, with independent sources.

    pip install chinesecalendar==1.11.0 holidays==0.109
    python tests/calendars/compare.py                     # compares the table in the tree; writes nothing
    python tests/calendars/compare.py --write             # makes it anew first
    python tests/calendars/compare.py --notices DIR       # also against a checkout of per-year files `2026.json`
                                                          # of the shape {year, papers[], days[{name, date, isOffDay}]}
    python tests/calendars/compare.py --chinese-days FILE # also against dist/chinese-days.json of that npm package

The table is made from `chinesecalendar`, which reaches furthest back, with one day corrected. All sources named here agree with
the table on every day from 2004 to 2026 but that one, 31 December 2005 (CORRECTED); `holidays` has it right. Exit status 1 means that
the table differs from what `chinesecalendar` would make of it, that a day of it does not agree with at least two sources, that a source
differs on a day that KNOWN does not explain, or that rules/calendars/cn-papers.json names other papers than the table.
"""

import argparse
import datetime
import json
import pathlib
import sys

import chinese_calendar
from chinese_calendar import constants
import holidays

TABLE = pathlib.Path(__file__).resolve().parents[2] / "rules" / "calendars" / "cn.json"
PAPERS_BY_DATE = TABLE.with_name("cn-papers.json")
FIRST, LAST = datetime.date(2004, 1, 1), datetime.date(2026, 12, 31)
REVISION = "2025-11-04"  # the date of the notice for 2026

# Yearly notices of the General Office of the State Council, as published. Three years have a second one: 2015 (the holiday
# of 3 September), 2019 (four days of Labour Day) and 2020 (Spring Festival made longer when it had begun).
SITE = "https://www.gov.cn/zhengce/zhengceku/"
PAPERS = {
    2007: ["2008-03/28/content_1761.htm"],
    2008: ["2008-03/28/content_1645.htm"],
    2009: ["2008-12/10/content_1572.htm"],
    2010: ["2009-12/08/content_1476.htm"],
    2011: ["2010-12/10/content_1423.htm"],
    2012: ["2011-12/06/content_1411.htm"],
    2013: ["2012-12/10/content_1353.htm"],
    2014: ["2014-01/02/content_1194.htm"],
    2015: ["2014-12/16/content_9302.htm", "2015-05/13/content_9742.htm"],
    2016: ["2015-12/10/content_10394.htm"],
    2017: ["2016-12/01/content_5141603.htm"],
    2018: ["2017-11/30/content_5243579.htm"],
    2019: ["2018-12/06/content_5346276.htm", "2019-03/22/content_5375877.htm"],
    2020: ["2019-11/21/content_5454164.htm", "2020-01/27/content_5472352.htm"],
    2021: ["2020-11/25/content_5564127.htm"],
    2022: ["2021-10/25/content_5644835.htm"],
    2023: ["2022-12/08/content_5730844.htm"],
    2024: ["202310/content_6911528.htm"],
    2025: ["202411/content_6986383.htm"],
    2026: ["202511/content_7047091.htm"],
}

# Days on which chinesecalendar is not followed. The year files of most sources miss what a notice moves in the year before.
CORRECTED = {
    "2005-12-31": ("元旦", "the notice for 2006 (国办发明电〔2005〕35号) has this Saturday worked for Tuesday 3 January"),
}

# Days on which a source says otherwise, and why the table does not follow it.
KNOWN = {
    "chinesecalendar": {day: why for day, (_, why) in CORRECTED.items()},
    "chinese-days": {day: why for day, (_, why) in CORRECTED.items()},
}


def make():
    """The table as chinesecalendar has it."""
    name = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    within = lambda days: {d: days[d] for d in sorted(days) if FIRST <= d <= LAST}
    source = [
        "国务院办公厅关于部分节假日安排的通知, one a year; the days after chinesecalendar 1.11.0 (MIT)",
        "2006: 国办发明电〔2005〕35号, for 2005-12-31",
    ]
    source += [f"{year}: {SITE}{paper}" for year, papers in sorted(PAPERS.items()) for paper in papers]
    opened = {d.isoformat(): {"name": name[h]} for d, h in within(constants.workdays).items()}
    opened |= {day: {"name": why[0]} for day, why in CORRECTED.items()}
    return {
        "id": "cn",
        "revision": REVISION,
        "source": source,
        "coverage": {"from": FIRST.isoformat(), "to": LAST.isoformat()},
        "closed": {d.isoformat(): name[h] for d, h in within(constants.holidays).items()},
        "opened": dict(sorted(opened.items())),
    }


def write(table):
    """One line a day, so that a new notice is a small change to read."""
    parts = []
    for key, value in table.items():
        if isinstance(value, (dict, list)) and key != "coverage":
            pairs = value.items() if isinstance(value, dict) else ((None, entry) for entry in value)
            lines = [
                "    " + (f"{json.dumps(k)}: " if k else "") + json.dumps(v, ensure_ascii=False) for k, v in pairs
            ]
            opens, closes = "{}" if isinstance(value, dict) else "[]"
            parts.append(f"  {json.dumps(key)}: {opens}\n" + ",\n".join(lines) + f"\n  {closes}")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def works(table):
    """Whether the table has people work on a date."""

    def answer(date):
        day = date.isoformat()
        return day in table["opened"] or (day not in table["closed"] and date.weekday() < 5)

    return answer


def notices(folder):
    """Whether the per-year notices have people work. A day may stand in a neighbouring year's file."""
    days = {}
    for path in sorted(pathlib.Path(folder).glob("[12][0-9][0-9][0-9].json")):
        for day in json.loads(path.read_text(encoding="utf-8"))["days"]:
            days[day["date"]] = not day["isOffDay"]
    first = datetime.date.fromisoformat(min(days))
    return first, lambda date: days.get(date.isoformat(), date.weekday() < 5)


def chinese_days(path):
    """Whether the data file of the npm package chinese-days has people work."""
    data = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    answer = lambda date: date.isoformat() in data["workdays"] or (
        date.isoformat() not in data["holidays"] and date.weekday() < 5
    )
    return FIRST, answer


def papers_differ(table):
    """Whether the papers by date are not those of the table from 2015 on."""
    papers = json.loads(PAPERS_BY_DATE.read_text(encoding="utf-8"))
    listed = [f"{paper['year']}: {paper['paper']}" for paper in papers]
    sources = [source for source in table["source"] if source[:4].isdigit() and int(source[:4]) >= 2015]
    if listed != sources:
        print(f"{PAPERS_BY_DATE.name} does not list the papers of the table")
    return listed != sources


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--notices", metavar="DIR")
    arguments.add_argument("--chinese-days", metavar="FILE")
    arguments = arguments.parse_args()

    fresh = make()
    if arguments.write:
        write(fresh)
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    bad = table != fresh
    if bad:
        print("the table in the tree is not the one chinesecalendar makes: run with --write and read the change")

    ours = works(table)
    china = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    sources = {
        "chinesecalendar": (FIRST, chinese_calendar.is_workday),
        "holidays": (FIRST, china.is_working_day),
    }
    if arguments.notices:
        sources["notices"] = notices(arguments.notices)
    if arguments.chinese_days:
        sources["chinese-days"] = chinese_days(arguments.chinese_days)
    days = [FIRST + datetime.timedelta(n) for n in range((LAST - FIRST).days + 1)]
    print(f"{'source':<16} {'since':<10} {'days':>5} {'differ':>6} {'unexplained':>11}")
    reasons, agree = [], dict.fromkeys(days, 0)
    for source, (since, theirs) in sources.items():
        known = KNOWN.get(source, {})
        spoken = [day for day in days if day >= since]
        differ = [day for day in spoken if ours(day) != theirs(day)]
        for day in spoken:
            agree[day] += day not in differ
        unknown = [day for day in differ if day.isoformat() not in known]
        bad = bad or bool(unknown)
        print(f"{source:<16} {since} {len(spoken):>5} {len(differ):>6} {len(unknown):>11}")
        for day in differ:
            why = known.get(day.isoformat(), "UNEXPLAINED")
            reasons.append(f"  {day} {day:%a}: we {'work' if ours(day) else 'rest'}, {source} does not; {why}")
    print("\n".join(reasons))
    lonely = [day.isoformat() for day in days if agree[day] < 2]
    print(f"days on which fewer than two sources agree with the table: {', '.join(lonely) or 'none'}")
    bad = bad or any(day not in CORRECTED for day in lonely)
    bad = papers_differ(table) or bad
    for year in range(FIRST.year, LAST.year + 1):
        count = sum(ours(day) for day in days if day.year == year)
        print(f"  {year}: {count} working days", end="\n" if year % 4 == 3 or year == LAST.year else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
