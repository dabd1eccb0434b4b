#!/usr/bin/env python3
"""A lookup by key over a million rows, in clayf and as a hash join in DuckDB, in turn: lookup_peer.py FOLDER CLAYF [ROUNDS]

Both read the same files, write each row with two members more, and their outputs are compared as sets of lines. FOLDER
is on a memory file system and gets 300 MB of files. `pip install duckdb`.
"""
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time

KEYS = ROWS = 1_000_000
OWNERS = ["Ada", "Ben", "Cy", "Dana", "Eve"]
RULE = """data Accounts = "accounts.csv" key domain
Points := COALESCE(Accounts[domain].points, 0)
Owner := Accounts[domain].owner
"""
# Keys are compared without letter case, as clayf compares them.
JOIN = """
COPY (
  SELECT left(line, length(line) - 1) || ',"Points":' || coalesce(points, 0)
    || ',"Owner":' || coalesce('"' || owner || '"', 'null') || '}}'
  FROM (SELECT CAST(json AS VARCHAR) AS line, lower(json_extract_string(json, '$.domain')) AS key
        FROM read_ndjson_objects('rows.jsonl'))
  LEFT JOIN (SELECT lower(domain) AS key, points, owner FROM read_csv('accounts.csv', header = true,
               columns = {{'domain': 'VARCHAR', 'points': 'BIGINT', 'owner': 'VARCHAR'}})) USING (key)
) TO 'duckdb.jsonl' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')"""


def write_files():
    dice = random.Random(1)
    with open("accounts.csv", "w") as file:
        file.write("domain,points,owner\n")
        for key in range(KEYS):
            file.write(f"company-{key}.example.com,{dice.randrange(100)},{dice.choice(OWNERS)}\n")
    with open("rows.jsonl", "w") as file:
        for row in range(ROWS):
            # One row in five is of no account, and one in ten spells the domain in capitals.
            domain = f"company-{dice.randrange(KEYS * 5 // 4)}.example.com"
            domain = domain.upper() if dice.randrange(10) == 0 else domain
            line = {"id": row, "domain": domain, "name": f"Company {row}", "employees": dice.randrange(5000)}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
    with open("points.clay", "w") as file:
        file.write(RULE)


def join(threads):
    import duckdb

    connection = duckdb.connect(config={"threads": threads, "preserve_insertion_order": True})
    connection.execute(JOIN.format())


def measured(command):
    """Wall time and CPU time in seconds, and peak memory in MB."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    start = time.perf_counter()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {command}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    folder, clayf = sys.argv[1], os.path.abspath(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    own = os.path.abspath(__file__)
    os.chdir(folder)
    if not os.path.exists("rows.jsonl"):
        write_files()
    runs = {}
    for threads in (2, 1):
        runs[f"DuckDB, {threads} threads"] = [sys.executable, own, "--join", str(threads)]
        runs[f"clayf, {threads} threads"] = [
            clayf, "eval", "points.clay", "rows.jsonl", "-o", "clayf.jsonl", "--threads", str(threads),
        ]
    results = {name: [] for name in runs}
    for _ in range(rounds):
        for name, command in runs.items():
            results[name].append(measured(command))
    same = sorted(open("duckdb.jsonl")) == sorted(open("clayf.jsonl"))
    base = statistics.median(wall for wall, _, _ in results["DuckDB, 2 threads"])
    base_cpu = statistics.median(cpu for _, cpu, _ in results["DuckDB, 2 threads"])
    for name, found in results.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*found))
        print(f"{name}: {wall:.2f} s, {wall / base:.2f} of the wall time, {cpu / base_cpu:.2f} of the CPU time, "
              f"{memory:.0f} MB, {ROWS / wall:,.0f} rows/s")
    print("the outputs have the same lines" if same else "THE OUTPUTS DIFFER")


if sys.argv[1] == "--join":
    join(int(sys.argv[2]))
else:
    main()
