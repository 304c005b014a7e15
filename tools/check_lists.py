#!/usr/bin/env python3
"""Checks the value lists under datasets/lists/: python3 tools/check_lists.py [directory]. No dependencies."""
import collections
import pathlib
import re
import sys

if sys.flags.optimize:
    sys.exit("check_lists: run without -O, the checks are asserts")

DIR = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "datasets/lists"
# file: (columns, columns that make a row unique, fewest and most rows)
FILES = {
    "first_names.csv": (("name", "gender", "weight"), 2, 2000, 5000),
    "last_names.csv": (("name", "weight"), 1, 1000, 25000),
    "nicknames.csv": (("name", "nickname", "weight"), 2, 250, 5000),
    "places.csv": (("city", "state", "zip", "weight"), 3, 20000, 32000),
    "area_codes.csv": (("state", "area_code", "weight"), 2, 250, 600),
    "street_names.csv": (("name", "weight"), 1, 400, 5000),
    "street_types.csv": (("type", "weight"), 1, 13, 200),
    "postal_abbreviations.csv": (("word", "abbreviation"), 1, 20, 400),
    "company_words.csv": (("word", "weight"), 1, 250, 5000),
    "company_fields.csv": (("field", "weight"), 1, 60, 1000),
    "company_suffixes.csv": (("suffix", "weight"), 1, 8, 100),
    "jobs.csv": (("title", "level", "weight"), 1, 250, 5000),
    "username_words.csv": (("word", "weight"), 1, 150, 5000),
}
STATES = set("AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
             "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split())
NICKNAMES = {"John": "Jon", "Michael": "Mike", "William": "Bill", "Robert": "Bob", "James": "Jim",
             "Christopher": "Chris", "Matthew": "Matt", "Anthony": "Tony", "Elizabeth": "Liz", "Jennifer": "Jen"}
POSTAL = {"Street": "St", "Avenue": "Ave", "Boulevard": "Blvd", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct",
          "Place": "Pl", "Circle": "Cir", "Terrace": "Ter", "Parkway": "Pkwy", "Trail": "Trl", "Highway": "Hwy",
          "Apartment": "Apt", "Suite": "Ste", "North": "N", "South": "S", "East": "E", "West": "W"}


def load(name):
    columns, key, fewest, most = FILES[name]
    data = (DIR / name).read_bytes()
    assert data.isascii(), f"{name}: not ASCII"
    assert b"\r" not in data and data.endswith(b"\n") and b'"' not in data, f"{name}: line ends or quotes"
    lines = data.decode().splitlines()
    head = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    assert any(line.startswith("# source: ") for line in lines[:head]), f"{name}: no source line"
    assert lines[head] == ",".join(columns), f"{name}: columns are {lines[head]}"
    rows = []
    for number, line in enumerate(lines[head + 1:], head + 2):
        cells = line.split(",")
        where = f"{name}:{number}: {line!r}"
        assert len(cells) == len(columns), f"{where}: {len(cells)} cells"
        assert all(c and c == c.strip() and "  " not in c for c in cells), f"{where}: empty or padded cell"
        row = dict(zip(columns, cells))
        if "weight" in row:
            assert re.fullmatch(r"[1-9][0-9]*", row["weight"]), f"{where}: weight"
            row["weight"] = int(row["weight"])
            assert row["weight"] <= 2**31, f"{where}: weight too large"
        rows.append(row)
    twice = [k for k, n in collections.Counter(tuple(r[c] for c in columns[:key]) for r in rows).items() if n > 1]
    assert not twice, f"{name}: duplicates: {twice[:5]}"
    assert fewest <= len(rows) <= most, f"{name}: {len(rows)} rows"
    return rows


def every(name, rows, column, pattern):
    for row in rows:
        assert re.fullmatch(pattern, row[column]), f"{name}: {column} {row[column]!r}"


def main():
    lists = {name: load(name) for name in FILES}
    extra = {p.name for p in DIR.glob("*.csv")} - FILES.keys()
    assert not extra, f"lists nobody checks: {sorted(extra)}"

    names = lists["first_names.csv"]
    every("first_names.csv", names, "name", r"[A-Z][A-Za-z]+")
    every("first_names.csv", names, "gender", r"[FM]")
    for gender in "FM":
        assert sum(r["gender"] == gender for r in names) >= 500, f"first_names.csv: few of {gender}"
    every("last_names.csv", lists["last_names.csv"], "name", r"[A-Z][A-Za-z']+")

    known = {r["name"] for r in names}
    best = {}
    for r in lists["nicknames.csv"]:
        assert r["name"] in known, f"nicknames.csv: {r['name']} is not in first_names.csv"
        assert r["name"] != r["nickname"], f"nicknames.csv: {r['name']} is its own nickname"
        assert re.fullmatch(r"[A-Z][a-z]+", r["nickname"]), f"nicknames.csv: {r['nickname']}"
        best.setdefault(r["name"], []).append((r["weight"], r["nickname"]))
    for name, nick in NICKNAMES.items():
        ranked = sorted(best[name], reverse=True)
        assert ranked[0][1] == nick, f"nicknames.csv: heaviest of {name} is {ranked[0][1]}, not {nick}"
        assert len(ranked) == 1 or ranked[0][0] > ranked[1][0], f"nicknames.csv: {name}: two heaviest"

    places, codes = lists["places.csv"], lists["area_codes.csv"]
    every("places.csv", places, "zip", r"[0-9]{5}")
    every("places.csv", places, "city", r"[A-Z][A-Za-z' .-]+")
    every("area_codes.csv", codes, "area_code", r"[2-9][0-8][0-9]")
    assert len({r["zip"] for r in places}) == len(places), "places.csv: a ZIP twice"
    assert len({r["area_code"] for r in codes}) == len(codes), "area_codes.csv: a code in two states"
    assert {r["state"] for r in places} == STATES, "places.csv: states"
    assert {r["state"] for r in codes} == STATES, "area_codes.csv: states"

    canadian = {"204", "250", "289", "306", "403", "418", "506", "519", "604", "613", "705", "807", "819", "867", "905"}
    assert not canadian & {r["area_code"] for r in codes}, "area_codes.csv: a Canadian code"
    california = sum(r["weight"] for r in places if r["state"] == "CA") / sum(r["weight"] for r in places)
    assert 0.11 < california < 0.13, f"places.csv: California has {california:.3f} of the weight"

    types = {r["type"] for r in lists["street_types.csv"]}
    both = types & {r["name"] for r in lists["street_names.csv"]}
    assert not both, f"street names that are types: {both}"
    postal = {r["word"]: r["abbreviation"] for r in lists["postal_abbreviations.csv"]}
    assert len(set(postal.values())) == len(postal), "postal_abbreviations.csv: an abbreviation twice"
    assert not set(postal) & set(postal.values()), "postal_abbreviations.csv: an abbreviation is a word"
    assert "Unit" not in postal, "postal_abbreviations.csv: Unit"
    every("postal_abbreviations.csv", lists["postal_abbreviations.csv"], "word", r"[A-Z][a-z]+")
    every("postal_abbreviations.csv", lists["postal_abbreviations.csv"], "abbreviation", r"[A-Z][A-Za-z]*")
    for word, short in POSTAL.items():
        assert postal.get(word) == short, f"postal_abbreviations.csv: {word} is {postal.get(word)}"
    every("company_words.csv", lists["company_words.csv"], "word", r"[A-Z][a-z]+")
    every("username_words.csv", lists["username_words.csv"], "word", r"[a-z]+")

    jobs = lists["jobs.csv"]
    every("jobs.csv", jobs, "level", r"[1-5]")
    total = sum(r["weight"] for r in jobs)
    for level, share in zip("12345", (0.30, 0.30, 0.22, 0.13, 0.05)):
        got = sum(r["weight"] for r in jobs if r["level"] == level) / total
        assert abs(got - share) < 0.02, f"jobs.csv: level {level} has {got:.3f}"

    for name, rows in lists.items():
        weight = sum(r.get("weight", 0) for r in rows)
        print(f"{name}: {len(rows)} rows, " + (f"total weight {weight}" if weight else "no weights"))


if __name__ == "__main__":
    try:
        main()
    except (AssertionError, OSError, StopIteration) as e:
        sys.exit(f"check_lists: {e or 'no header row'}")
