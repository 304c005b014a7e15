"""What the golden fingerprints are of: golden.json holds them, renew_golden.py writes them."""
import json
import pathlib
import re

FILE = pathlib.Path(__file__).parent / "golden.json"
SEEDS = [42, 7, 20260101]
PROFILES = ["classic", "hard"]
ARGS = ["mdm", "--total-records", "20000", "--truth"]


def cases():
    return [f"{profile}, seed {seed}" for profile in PROFILES for seed in SEEDS]


def fingerprints_of(synthmill, case, env=None):
    """{table: fingerprint} of a case, and of all tables together."""
    profile, seed = re.fullmatch(r"(\w+), seed (\d+)", case).groups()
    result = synthmill("generate", *ARGS, "--noise", profile, "--seed", seed, "--to", "null:",
                       "--json", "--quiet", env=env).json()
    found = {t["table"]: t["fingerprint"] for t in result["tables"]}
    found["all tables"] = result["fingerprint"]
    return found


def generator_version(synthmill):
    findings = synthmill("doctor", "--json").json()["findings"]
    text = next(f["found"] for f in findings if f["check"] == "synthmill")
    return int(re.search(r"generator version (\d+)", text).group(1))


def read():
    return json.loads(FILE.read_text())
