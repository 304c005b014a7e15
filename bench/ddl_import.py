#!/usr/bin/env python3
"""`synthmill schema import` of a 10 MB dump against sqlglot.

Two dumps of 5 MB, one as pg_dump writes it, one as mysqldump does: tables with keys, checks and
comments, and INSERTs with most of the bytes. CPU seconds on both sides; sqlglot's leave out its
imports and the reading of the files, and it is told the dialects; ours are the whole process, which
guesses them and also writes the dataset. Both must find every table.
"""

import json
import random
import sys

import _common as c

WORDS = ["alpha", "beta's", "gamma; delta", "epsilon", "zeta (eta)", "theta", "iota -- kappa"]


def postgres(number, rng):
    rows = ",\n".join(
        "  ({}, '{}', {:.2f}, '20{:02}-0{}-1{} 12:00:00')".format(
            i + 1, rng.choice(WORDS).replace("'", "''"), rng.uniform(0, 9999), rng.randrange(30),
            rng.randrange(1, 9), rng.randrange(9)) for i in range(120))
    parent = f"""
ALTER TABLE ONLY public.t{number}
    ADD CONSTRAINT t{number}_fk FOREIGN KEY (parent_id) REFERENCES public.t{number - 1}(id);
""" if number else ""
    return f"""
CREATE TABLE public.t{number} (
    id bigint NOT NULL,
    parent_id bigint,
    name character varying(60) DEFAULT 'it''s'::character varying NOT NULL,
    amount numeric(12,2),
    tags text[],
    status text,
    created timestamp without time zone DEFAULT now() NOT NULL,
    CONSTRAINT t{number}_status CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text]))),
    CONSTRAINT t{number}_amount CHECK ((amount >= (0)::numeric))
);
COMMENT ON COLUMN public.t{number}.name IS 'a name; of something';
ALTER TABLE ONLY public.t{number}
    ADD CONSTRAINT t{number}_pkey PRIMARY KEY (id);
{parent}
INSERT INTO public.t{number} (id, name, amount, created) VALUES
{rows};
"""


def mysql(number, rng):
    rows = ",".join("({},'{}',{:.2f},'20{:02}-0{}-1{}')".format(
        i + 1, rng.choice(WORDS).replace("'", "\\'"), rng.uniform(0, 9999), rng.randrange(30),
        rng.randrange(1, 9), rng.randrange(9)) for i in range(150))
    return f"""
DROP TABLE IF EXISTS `m{number}`;
CREATE TABLE `m{number}` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `parent_id` int(10) unsigned DEFAULT NULL,
  `name` varchar(60) NOT NULL DEFAULT '' COMMENT 'a name',
  `kind` enum('a','b','c') DEFAULT 'a',
  `amount` decimal(12,2) DEFAULT NULL,
  `day` date DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `by_name` (`name`),
  KEY `by_day` (`day`),
  CONSTRAINT `m{number}_fk` FOREIGN KEY (`parent_id`) REFERENCES `m{max(number - 1, 0)}` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=151 DEFAULT CHARSET=utf8mb4;
INSERT INTO `m{number}` (`id`,`name`,`amount`,`day`) VALUES {rows};
"""


def dump(path, make, size):
    rng = random.Random(42)
    parts, length = [], 0
    while length < size:
        parts.append(make(len(parts), rng))
        length += len(parts[-1])
    path.write_text("".join(parts))
    return len(parts)


def measure():
    args = c.arguments(__doc__)
    size = 500_000 if args.small else 5_000_000
    about = c.versions("sqlglot")
    claim = c.Claim("schema import of a 10 MB dump vs sqlglot", "MB/CPU s", **c.at_least(20))
    with c.Scratch(10 * size) as scratch:
        files = {"postgres": scratch / "pg_dump.sql", "mysql": scratch / "mysqldump.sql"}
        there = dump(files["postgres"], postgres, size) + dump(files["mysql"], mysql, size)
        megabytes = sum(path.stat().st_size for path in files.values()) / 1e6
        c.note(f"{megabytes:.1f} MB, {there} tables")
        for _ in range(args.rounds):
            ours = c.run(c.synthmill(), "schema", "import", *files.values(), "--json", "--force",
                         "-o", scratch / "dataset.yaml")
            words = [word for dialect, path in files.items() for word in (dialect, path)]
            peer = json.loads(c.run(sys.executable, c.BENCH / "_sqlglot_ddl.py", *words).output)
            report = json.loads(ours.output)
            if report["tables_read"] < there or peer["tables"] < there:
                raise c.CannotMeasure(f"of {there} tables ours are {report['tables_read']}, "
                                      f"sqlglot's {peer['tables']}")
            claim.add(megabytes / ours.cpu, megabytes / peer["cpu_seconds"])
    claim.state(about, args.small, tables=there, megabytes=megabytes)


if __name__ == "__main__":
    c.main(measure)
