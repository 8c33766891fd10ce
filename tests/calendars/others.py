#!/usr/bin/env python3
"""Makes the tables of the United Kingdom, the United States and Korea in rules/calendars/ anew and compares them, day by day.

    pip install holidays==0.109 govuk-bank-holidays==0.19 pandas==3.1.1 workalendar==17.0.0 kr-holidays==1.0.0
    npm install date-holidays@3.37.0 @hyunbinseo/holidays-kr@5.2027.1
    python tests/calendars/others.py                     # compares the tables in the tree; writes nothing
    python tests/calendars/others.py --write             # makes them anew first
    python tests/calendars/others.py --node DIR          # also with the two npm packages, from the folder they were installed in

The tables are made from `holidays`. Compared are the days from Monday to Friday: sources differ in whether they list a holiday that
falls on a weekend, and nobody works on it either way. Exit status 1 means that a table differs from what `holidays` makes of it, or from
another source on a day that KNOWN does not explain.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import warnings

import govuk_bank_holidays.bank_holidays as govuk
import holidays
import kr_holidays
import pandas.tseries.holiday
import workalendar.europe
import workalendar.usa

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "rules" / "calendars"
FIRST, LAST = 2015, 2026
VERSION = holidays.__version__
DAYS = [datetime.date(FIRST, 1, 1) + datetime.timedelta(n) for n in range((datetime.date(LAST + 1, 1, 1) - datetime.date(FIRST, 1, 1)).days)]

UK = "bank holidays, Banking and Financial Dealings Act 1971, and those by proclamation or common law"
GOVUK = "govuk-bank-holidays 0.19, date-holidays 3.37"
TABLES = {
    "uk-england": ("GB", "ENG", "en_GB", UK, GOVUK),
    "uk-wales": ("GB", "WLS", "en_GB", UK, GOVUK),
    "uk-scotland": ("GB", "SCT", "en_GB", UK, GOVUK),
    "uk-northern-ireland": ("GB", "NIR", "en_GB", UK, GOVUK),
    "us-federal": ("US", None, "en_US", "legal public holidays, 5 U.S.C. 6103", "pandas 3.1, date-holidays 3.37"),
    "kr": ("KR", None, "ko", "관공서의 공휴일에 관한 규정, 공휴일에 관한 법률", "kr-holidays 1.0, @hyunbinseo/holidays-kr 5.2027"),
}

CORONATION = "proclaimed under s. 1(3) of the Act of 1971 for the coronation of Charles III; the package has not got it"
WORLD_CUP = "proclaimed in February 2026 under s. 1(3) of the Act of 1971, for Scotland alone; the package is older or has not got it"
JUNETEENTH = "Juneteenth, in 5 U.S.C. 6103(a) since Pub. L. 117-17 of 17 June 2021; the package has not got it"

# Days on which a source says otherwise, and why the table does not follow it.
KNOWN = {
    ("uk-england", "workalendar"): {"2023-05-08": CORONATION},
    ("uk-wales", "workalendar"): {"2023-05-08": CORONATION},
    ("uk-northern-ireland", "workalendar"): {"2023-05-08": CORONATION},
    ("uk-scotland", "govuk-bank-holidays"): {"2026-06-15": WORLD_CUP},
    ("uk-scotland", "date-holidays"): {"2026-06-15": WORLD_CUP},
    ("us-federal", "workalendar"): {
        day: JUNETEENTH
        for day in ("2021-06-18", "2022-06-20", "2023-06-19", "2024-06-19", "2025-06-19", "2026-06-19")
    },
    ("kr", "kr-holidays"): {
        "2015-08-14": "temporary holiday (규정 art. 2 no. 11) by the cabinet of 4 August 2015, 70 years after liberation; the package has not got it",
        "2026-05-01": "Labour Day is a public holiday since 2026; the package is older, @hyunbinseo/holidays-kr has it",
        "2026-07-17": "Constitution Day is a public holiday again since the Act was amended in February 2026; the package is older, "
        "@hyunbinseo/holidays-kr has it",
    },
}


def make(name, country, part, language, statute, others):
    days = holidays.country_holidays(country, subdiv=part, years=range(FIRST, LAST + 1), language=language)
    return {
        "id": name,
        "revision": f"holidays-{VERSION}",
        "source": [statute, f"the days after holidays {VERSION} (MIT), compared with {others}"],
        "coverage": {"from": f"{FIRST}-01-01", "to": f"{LAST}-12-31"},
        "closed": {day.isoformat(): what for day, what in sorted(days.items()) if FIRST <= day.year <= LAST},
    }


def text(table):
    lines = lambda pairs: ",\n".join(f"    {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in pairs)
    head = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table.items() if k != "closed"]
    return "{\n" + ",\n".join(head) + ',\n  "closed": {\n' + lines(table["closed"].items()) + "\n  }\n}\n"


def node(folder):
    """The days of the npm packages, by table."""
    script = """
        import { createRequire } from 'node:module';
        const Holidays = createRequire(process.cwd() + '/')('date-holidays');
        const kr = await import(process.cwd() + '/node_modules/@hyunbinseo/holidays-kr/dist/all.js');
        const places = { 'uk-england': ['GB', 'ENG'], 'uk-wales': ['GB', 'WLS'], 'uk-scotland': ['GB', 'SCT'],
            'uk-northern-ireland': ['GB', 'NIR'], 'us-federal': ['US'] };
        const out = { kr: Object.values(kr).flatMap((year) => Object.keys(year ?? {})) };
        for (const [id, place] of Object.entries(places)) {
            const all = new Holidays(...place);
            const years = Array.from({ length: LAST - FIRST + 1 }, (_, n) => FIRST + n);
            out[id] = years.flatMap((year) => all.getHolidays(year))
                .filter((day) => day.type === 'public' || day.type === 'bank').map((day) => day.date.slice(0, 10));
        }
        console.log(JSON.stringify(out));
    """.replace("FIRST", str(FIRST)).replace("LAST", str(LAST))
    run = ["node", "--input-type=module", "-e", script]
    out = json.loads(subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True).stdout)
    return {id: {datetime.date.fromisoformat(day) for day in days} for id, days in out.items()}


def sources(npm):
    """Yields a table's id, a source's name, its holidays, and the first day of which it speaks."""
    begin = DAYS[0]
    bank = govuk.BankHolidays(use_cached_holidays=True)
    division = {"uk-england": "england-and-wales", "uk-wales": "england-and-wales", "uk-scotland": "scotland"}
    for id in ("uk-england", "uk-wales", "uk-scotland", "uk-northern-ireland"):
        listed = bank.get_holidays(division=division.get(id, "northern-ireland"))
        yield id, "govuk-bank-holidays", {day["date"] for day in listed}, begin
    # workalendar's Scotland keeps city holidays instead of bank holidays, and its Korea has neither substitutes nor elections.
    calendars = {
        "uk-england": workalendar.europe.UnitedKingdom,
        "uk-wales": workalendar.europe.UnitedKingdom,
        "uk-northern-ireland": workalendar.europe.UnitedKingdomNorthernIreland,
        "us-federal": workalendar.usa.UnitedStates,
    }
    for id, calendar in calendars.items():
        yield id, "workalendar", {day for year in range(FIRST, LAST + 1) for day, _ in calendar().holidays(year)}, begin
    federal = pandas.tseries.holiday.USFederalHolidayCalendar().holidays(f"{FIRST}-01-01", f"{LAST}-12-31")
    yield "us-federal", "pandas", {day.date() for day in federal}, begin
    yield "kr", "kr-holidays", {day for year in range(FIRST, LAST + 1) for day in kr_holidays.get_holidays(year)}, begin
    if npm:
        for id, days in node(npm).items():
            yield id, "@hyunbinseo/holidays-kr" if id == "kr" else "date-holidays", days, max(begin, min(days))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--node", metavar="DIR")
    arguments = arguments.parse_args()
    warnings.simplefilter("ignore")

    bad, ours = False, {}
    for name, row in TABLES.items():
        path, fresh = FOLDER / f"{name}.json", make(name, *row)
        if arguments.write:
            path.write_text(text(fresh), encoding="utf-8")
        table = json.loads(path.read_text(encoding="utf-8"))
        ours[name] = {datetime.date.fromisoformat(day) for day in table["closed"]}
        bad = bad or table != fresh
        print(f"{name}: {len(fresh['closed'])} days, {'as made' if table == fresh else 'DIFFERS from what holidays makes'}")
    print(f"\n{'table':<20} {'source':<24} {'since':<10} {'days':>5} {'differ':>6} {'unexplained':>11}")
    rows = sorted(sources(arguments.node), key=lambda row: (list(TABLES).index(row[0]), row[1]))
    reasons = []
    for id, source, theirs, since in rows:
        known = KNOWN.get((id, source), {})
        week = [day for day in DAYS if day >= since and day.weekday() < 5]
        differ = [day for day in week if (day in ours[id]) != (day in theirs)]
        unknown = [day for day in differ if day.isoformat() not in known]
        bad = bad or bool(unknown)
        print(f"{id:<20} {source:<24} {since} {len(week):>5} {len(differ):>6} {len(unknown):>11}")
        for day in differ:
            why = known.get(day.isoformat(), "UNEXPLAINED")
            reasons.append(f"  {id} {day} {day:%a}: we {'rest' if day in ours[id] else 'work'}, {source} does not; {why}")
    print("\n" + "\n".join(reasons))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
