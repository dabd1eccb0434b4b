#!/usr/bin/env python3
"""The seed's rule in DuckDB, as a person would write it there: duckdb_peer.py ROWS.jsonl OUT.jsonl THREADS

Each row is written whole with two members more, as `clayf eval` does. `pip install duckdb`.
"""
import sys

import duckdb

rows, out, threads = sys.argv[1:4]
PATHS = ["Employee Count", "Industry", "Job Title", "Work Email", "Phone Number"]
FIELDS = ", ".join(f"""json_extract_string(json, '$."{name}"') AS c{index}""" for index, name in enumerate(PATHS))


def any_of(column, needles):
    return " OR ".join(f"contains({column}, '{needle}')" for needle in needles)


SCORE = f"""
  CASE WHEN n > 1000 THEN 30 WHEN n > 200 THEN 25 WHEN n > 50 THEN 15 WHEN n > 10 THEN 5 ELSE 0 END
+ CASE WHEN lower(c1) IN ('software', 'technology', 'saas', 'information technology') THEN 30
       WHEN lower(c1) IN ('financial services', 'healthcare') THEN 20 ELSE 10 END
+ CASE WHEN {any_of('c2', ['CEO', 'CTO', 'VP', 'C-Suite'])} THEN 25
       WHEN {any_of('c2', ['Director', 'Head of'])} THEN 20
       WHEN {any_of('c2', ['Manager'])} THEN 10 ELSE 5 END
+ CASE WHEN trim(coalesce(c3, '')) <> '' THEN 10 ELSE 0 END
+ CASE WHEN trim(coalesce(c4, '')) <> '' THEN 5 ELSE 0 END"""
TIER = "CASE WHEN score >= 80 THEN 'A' WHEN score >= 60 THEN 'B' WHEN score >= 40 THEN 'C' ELSE 'D' END"

connection = duckdb.connect(config={"threads": int(threads), "preserve_insertion_order": True})
connection.execute(f"""
COPY (
  SELECT left(line, length(line) - 1) || ',"ICP Score":' || score || ',"Lead Tier":"' || {TIER} || '"}}'
  FROM (SELECT line, {SCORE} AS score
        FROM (SELECT *, try_cast(c0 AS DOUBLE) AS n
              FROM (SELECT CAST(json AS VARCHAR) AS line, {FIELDS} FROM read_ndjson_objects('{rows}'))))
) TO '{out}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')""")
