#!/usr/bin/env python3
"""Compare clayf with IronCalc, an independent engine that follows Excel.

Random formulas, nested a few levels deep, are evaluated by both. Numbers are compared at nine digits, texts and Booleans
exactly, errors by their code. A formula that disagrees is cut down to the smallest part that does, with the parts below
replaced by their values, and shown in a group with others of the same functions. What docs/differences.md declares is
avoided by the generator or counted under its reason; what IronCalc is known to get wrong is counted apart.

    pip install ironcalc
    python3 tests/differential/excel.py target/release/clayf --count 2000 --seed 1

The same seed gives the same formulas. The exit code is 1 if a disagreement has no explanation.
"""
import argparse
import collections
import json
import math
import os
import random
import re
import subprocess
import tempfile
from decimal import Decimal

import ironcalc

CHUNK = 500
WORDS = ["a", "abc", "Sales", "head of sales", "New York", "  two  blanks ", "a-b-c", "banana", "BANANA", "O'Neil mcdonald", "x1y2",
         "Größe", "éclair", "ab, cd; ef", "3 pcs", "#1", "a*b?c", "e-mail@example.com", "2nd place", "aaaa"]
LETTERS = ["abc", "Abd", "sales", "Zeta", "banana", "band", "ABC"]
DELIMITERS = ["-", "a", "an", " ", ",", "b", "@", "zz"]
CODES = ["0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "0.00E+00", "000", "#", "0.0#", "$#,##0.00", "0.00;(0.00)", "+0;-0;0",
         "#,##0,", "0.#", "00.00", "#.##", "#,##0.0#;[Red]-#,##0.0#", "0.0,,", "@", "General"]
ERRORS = {"#DIV/0!": "1/0", "#N/A": "NA()", "#NUM!": "SQRT(-1)", "#VALUE!": 'VALUE("x"&1)'}


class Node:
    """A part of a formula: `shape` with `{}` for each of `parts`."""

    def __init__(self, shape, *parts):
        self.shape, self.parts = shape, parts
        self.text = shape.format(*(part.text for part in parts))

    def all(self):
        yield self
        for part in self.parts:
            # A list is no value of a cell.
            if not part.text.startswith("["):
                yield from part.all()


def text_literal(text):
    return Node('"' + text.replace("{", "{{").replace("}", "}}") + '"')


class Generator:
    """Formulas of a wanted kind; `depth` bounds the nesting."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def call(self, name, *parts):
        return Node(name + "(" + ", ".join("{}" for _ in parts) + ")", *parts)

    def several(self, kind, depth, most=4):
        return [kind(depth) for _ in range(self.random.randint(1, most))]

    def any(self, depth):
        return self.random.choice([self.number, self.number, self.text, self.boolean])(depth)

    def small(self, low, high):
        """A count, a position or a number of digits; now and then with a fraction, which is cut off."""
        value = self.random.randint(low, high)
        return Node(f"{value}.5" if value >= 0 and self.random.random() < 0.1 else str(value))

    def number_literal(self):
        r, roll = self.random, self.random.random()
        if roll < 0.45:
            return Node(str(r.randint(-12, 120)))
        if roll < 0.75:
            return Node(str(round(r.uniform(-50, 2000), r.randint(1, 4))))
        if roll < 0.85:
            return Node(r.choice(["0", "1", "-1", "0.5", "-0.5", "2.5", "-2.5", "1000000", "1e-7", "123456789.125", "1.005", "0.1"]))
        if roll < 0.91:
            return text_literal(r.choice(["12", "-3.5", "1e3", " 7 ", "1,234.5", "50%", "$5", ".5", "+4", "007"]))
        if roll < 0.95:
            return Node(r.choice(["TRUE", "FALSE"]))
        return Node(r.choice(["(1/0)", "NA()", "SQRT(-1)", 'VALUE("x"&1)', '("x"&"y")']))

    def numbers(self, count):
        """A list of numbers, which other engines write in braces."""
        one = lambda: str(self.random.choice([self.random.randint(-5, 9), round(self.random.uniform(-50, 200), 2)]))
        return Node("[" + ", ".join(one() for _ in range(count)) + "]")

    def of_list(self):
        """A function of a list of numbers."""
        r, count = self.random, self.random.randint(1, 7)
        numbers = self.numbers(count)
        item = Node(r.choice(numbers.text.strip("[]").split(", ")) if r.random() < 0.8 else "7.5")
        return r.choice([
            lambda: self.call(r.choice(["LARGE", "SMALL"]), numbers, self.small(0, count + 1)),
            lambda: self.call(r.choice(["RANK", "RANK.EQ"]), item, numbers, *[Node(r.choice("01"))][:r.randint(0, 1)]),
            lambda: self.call("PERCENTILE", numbers, Node(r.choice(["0", "0.1", "0.25", "0.3", "0.5", "0.9", "1", "1.1", "-0.1"]))),
            lambda: self.call("QUARTILE", numbers, self.small(0, 5)),
            lambda: self.call(r.choice(["STDEV", "STDEV.S", "MODE", "MODE.SNGL"]), numbers),
            self.of_range,
            lambda: self.call("SUMPRODUCT", numbers, self.numbers(count if r.random() < 0.9 else count + 1)),
        ])()

    def of_range(self):
        """A function that Excel has for ranges only, and SUMIF and AVERAGEIF with a condition in quotes."""
        r, numbers = self.random, self.numbers(self.random.randint(1, 7)).text
        if r.random() < 0.3:
            items = [r.choice(['""', '"a"', "0", "1.5", "-3"]) for _ in range(r.randint(1, 6))]
            return Node("COUNTBLANK([" + ", ".join(items) + "])")
        threshold = r.choice(numbers.strip("[]").split(", ") + ["0", "5"])
        condition = f"x, x {r.choice(['=', '<>', '<', '<=', '>', '>='])} {threshold}"
        return Node(f"{r.choice(['SUMIF', 'AVERAGEIF'])}({numbers}, {condition}{r.choice(['', ', x * 2'])})")

    def time_of_day(self):
        r = self.random
        times = ["6:30 PM", "18:00", "0:00:01", "12:00 AM", "12:59:59 pm", "13:00 PM", "6:75", "noon", "2026-01-31"]
        days = ["2026-01-31", "2024-02-29", "1999-12-31", "2001-06-01"]
        return r.choice([
            lambda: self.call("TIMEVALUE", text_literal(r.choice(times))),
            lambda: self.call("TIME", self.small(-1, 30), self.small(-70, 800), self.small(-5, 100)),
            lambda: Node(f'(DATEVALUE("{r.choice(days)}") - DATEVALUE("{r.choice(days)}"))'),
        ])()

    def number(self, depth):
        r, d = self.random, depth - 1
        if depth <= 0 or r.random() < 0.12:
            return self.number_literal()
        n, t = self.number, self.text
        needle = lambda: text_literal(r.choice(DELIMITERS)) if r.random() < 0.8 else t(d)
        return r.choice([
            lambda: Node("({} " + r.choice("+-*/") + " {})", n(d), n(d)),
            lambda: Node("({}^{})", n(d), self.small(-2, 3)),
            lambda: Node(r.choice(["(-{})", "(-{}^2)", "({}%)", "(2^-{}%)"]), n(d)),
            lambda: self.call(r.choice(["ABS", "INT", "TRUNC", "SIGN", "SQRT", "LN", "LOG10", "EVEN", "ODD"]), n(d)),
            lambda: self.call("EXP", Node("MOD({}, 30)", n(d))),
            lambda: self.call("LOG", n(d), *self.several(lambda _: n(0), 0, 2)[1:]),
            lambda: self.call(r.choice(["CEILING.MATH", "FLOOR.MATH"]), n(d), *self.several(lambda _: n(0), 0, 2)[1:]),
            lambda: self.call("N", self.any(d)),
            lambda: self.call("COUNTA", *self.several(self.any, d)),
            lambda: self.call(r.choice(["CODE", "UNICODE"]), t(d)),
            lambda: self.call("NUMBERVALUE", text_literal(r.choice(["1.234,5", "2,5", " 3 ", "7%", "-1.000", "x", "5%%"])),
                              text_literal(","), text_literal(".")),
            lambda: self.call(r.choice(["ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC"]), n(d), self.small(-2, 4)),
            lambda: self.call(r.choice(["MOD", "QUOTIENT", "CEILING", "FLOOR", "POWER"]), n(d), n(0)),
            lambda: self.call(r.choice(["MIN", "MAX", "SUM", "AVERAGE", "COUNT", "PRODUCT", "MEDIAN"]), *self.several(n, d)),
            lambda: self.call("MROUND", n(d), n(0)),
            self.of_list,
            self.time_of_day,
            lambda: self.call("LEN", t(d)),
            lambda: self.call(r.choice(["FIND", "SEARCH"]), needle(), t(d)),
            lambda: self.call(r.choice(["FIND", "SEARCH"]), needle(), t(d), self.small(0, 6)),
            lambda: self.call("SEARCH", text_literal(r.choice(["?", "a*", "n?n", "~*", "~?", "*b", "A?", "*"])), t(d)),
            lambda: self.call("VALUE", text_literal(r.choice(["12", " 8.5 ", "1,000", "$3.50", "75%", "-2", "1e2", "(5)", "1,2", "x", "--2"]))),
            lambda: self.call("VALUE", self.call("TEXT", n(d), text_literal(r.choice(["0.00", "0%", "#,##0", "0.0E+00"])))),
            *[lambda: self.choice(n, d)] * 2,
        ])()

    def text(self, depth):
        r, d = self.random, depth - 1
        if depth <= 0 or r.random() < 0.12:
            return text_literal(r.choice(WORDS)) if r.random() < 0.96 else Node(r.choice(["(1/0)", "NA()", "TRUE", "42"]))
        n, t = self.number, self.text
        tidy = lambda: self.call("ROUND", n(d), self.small(0, 3)) if r.random() < 0.5 else Node(str(r.choice([5, -3, 0.25, 1200, 33.5])))
        part = lambda: text_literal(r.choice(DELIMITERS))
        return r.choice([
            lambda: Node("({}&{})", t(d), r.choice([t, self.boolean])(d)),
            lambda: Node("({}&{})", t(d), tidy()),
            lambda: self.call(r.choice(["LEFT", "RIGHT"]), t(d), *self.several(lambda _: self.small(-1, 6), 0, 1)),
            lambda: self.call(r.choice(["LEFT", "RIGHT", "TRIM", "UPPER", "LOWER", "PROPER"]), t(d)),
            lambda: self.call("MID", t(d), self.small(0, 6), self.small(-1, 6)),
            lambda: self.call("SUBSTITUTE", t(d), part(), text_literal(r.choice(["", "X", "--"]))),
            lambda: self.call("SUBSTITUTE", t(d), part(), text_literal(r.choice(["", "X", "--"])), self.small(0, 3)),
            lambda: self.call("REPLACE", t(d), self.small(0, 5), self.small(-1, 4), t(d)),
            lambda: self.call("REPT", t(d), self.small(-1, 4)),
            lambda: self.call("CONCAT", *self.several(r.choice([t, self.boolean]), d), tidy()),
            lambda: self.call("TEXT", n(d), text_literal(r.choice(CODES))),
            lambda: self.call("TEXT", t(d), text_literal(r.choice(CODES))),
            lambda: self.call(r.choice(["TEXTBEFORE", "TEXTAFTER"]), t(d), part()),
            lambda: self.call(r.choice(["TEXTBEFORE", "TEXTAFTER"]), t(d), part(), self.small(-3, 3)),
            lambda: self.call("FIXED", n(d), self.small(-2, 4)),
            lambda: self.call("DOLLAR", n(d), self.small(-2, 4)),
            lambda: self.call("ENCODEURL", t(d)),
            lambda: Node("AT(TEXTSPLIT({}, {}), {})", text_literal(r.choice(WORDS)), part(), Node("1")),
            lambda: self.call(r.choice(["CHAR", "UNICHAR"]), Node(str(r.randint(32, 126)))),
            lambda: self.call("TEXTJOIN", text_literal(r.choice([",", "", "--"])), Node(r.choice(["TRUE", "FALSE"])),
                              *self.several(t, d), tidy()),
            lambda: self.call(r.choice(["T", "CLEAN"]), t(d)),
            lambda: self.call("FIXED", n(d), self.small(-2, 4), Node(r.choice(["TRUE", "FALSE"]))),
            lambda: self.choice(t, d),
        ])()

    def boolean(self, depth):
        r, d = self.random, depth - 1
        if depth <= 0 or r.random() < 0.1:
            return Node(r.choice(["TRUE", "FALSE"]))
        n, t, b = self.number, self.text, self.boolean
        true_number = lambda: Node("({}+0)", n(d))
        operator = r.choice(["=", "<>", "<", "<=", ">", ">="])
        return r.choice([
            lambda: Node("({} " + operator + " {})", true_number(), true_number()),
            lambda: Node("({} " + r.choice(["=", "<>"]) + " {})", Node('({}&"")', t(d)), Node('({}&"")', t(d))),
            lambda: Node("({} " + operator + " {})", text_literal(r.choice(LETTERS)), text_literal(r.choice(LETTERS))),
            lambda: self.call(r.choice(["AND", "OR", "XOR"]), *self.several(b, d, 3)),
            lambda: self.call("AND", b(d), true_number()),
            lambda: self.call("NOT", b(d) if r.random() < 0.8 else true_number()),
            lambda: self.call("EXACT", t(d), t(d)),
            lambda: self.call(r.choice(["ISEVEN", "ISODD"]), true_number()),
            lambda: self.call(r.choice(["ISNUMBER", "ISTEXT", "ISNONTEXT", "ISLOGICAL", "ISERROR", "ISERR", "ISNA"]), self.any(d)),
            lambda: self.choice(b, d),
        ])()

    def choice(self, kind, d):
        r, b = self.random, self.boolean
        return r.choice([
            lambda: self.call("IF", b(d) if r.random() < 0.8 else Node("({}+0)", self.number(d)), kind(d), kind(d)),
            lambda: self.call("IFS", b(d), kind(d), b(d), kind(d)),
            lambda: self.call(r.choice(["IFERROR", "IFERROR", "IFNA"]), kind(d), kind(d)),
            lambda: self.call("CHOOSE", self.small(0, 3), kind(d), kind(d)),
            lambda: self.call("SWITCH", Node("({}+0)", self.number(d)), Node(str(r.randint(-2, 3))), kind(d), Node("1"), kind(d), kind(d)),
            lambda: self.call("SWITCH", text_literal(r.choice(LETTERS)), text_literal(r.choice(LETTERS)), kind(d)),
        ])()


def by_clayf(binary, formulas):
    """Each formula's value; what is refused before it is run is `("refused", code)`."""
    values, open_ones = {}, list(range(len(formulas)))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.clay")
        while open_ones:
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(f"F{i} := {formulas[i]}\n" for i in open_ones)
            run = subprocess.run([binary, "eval", "-n", path, "--on-error", "keep"], capture_output=True, encoding="utf-8")
            if run.returncode == 0:
                for name, value in json.loads(run.stdout, parse_int=float).items():
                    values[int(name[1:])] = value["error"] if isinstance(value, dict) else value
                break
            refused = re.findall(r"^(clay::\w+)\n(?:.*\n)*?.*?╭─\[.*rules\.clay:(\d+):\d+\]", run.stderr, re.M)
            if not refused:
                raise SystemExit(f"clayf ended with {run.returncode}:\n{run.stderr[:2000]}")
            for code, line in refused:
                values.setdefault(open_ones[int(line) - 1], "#VALUE!" if code == "clay::type_mismatch" else ("refused", code))
            open_ones = [i for i in open_ones if i not in values]
    return [values[i] for i in range(len(formulas))]


RANGED = re.compile(r"(SUMIF|AVERAGEIF|COUNTBLANK)\((\[[^\]]*\])(?:, x, x ([<>=]+) ([-\d.]+)(, x \* 2)?)?\)")


def with_ranges(formula, cells):
    """The formula with ranges for the lists that Excel does not take written out; `cells` puts values into a new range."""
    def ranged(match):
        name, items, operator, threshold, doubled = match.groups()
        items = json.loads(items)
        arguments = [cells(items)]
        if operator:
            arguments.append(f'"{operator}{threshold}"')
        if doubled:
            arguments.append(cells([item * 2 for item in items]))
        return f"{name}({', '.join(arguments)})"
    return RANGED.sub(ranged, formula)


def as_excel(formula):
    """The formula as Excel writes it: lists in braces, and INDEX for AT."""
    parts = re.split(r'("(?:[^"]|"")*")', formula)
    outside = lambda part: re.sub(r"\bAT\(", "INDEX(", part.replace("[", "{").replace("]", "}"))
    return "".join(part if part.startswith('"') else outside(part) for part in parts)


def column_name(number):
    """`A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def by_ironcalc(formulas):
    model = ironcalc.create("differential")
    for row, formula in enumerate(formulas, 1):
        taken = 1

        def cells(values):
            nonlocal taken
            first = taken + 1
            for taken, value in enumerate(values, first):
                model.set_user_input(0, row, taken, str(value))
            return f"{column_name(first)}{row}:{column_name(taken)}{row}"

        model.set_user_input(0, row, 1, "=" + as_excel(with_ranges(formula, cells)))
    model.evaluate()
    return [model.get_cell_value(0, row, 1) for row in range(1, len(formulas) + 1)]


def by_both(binary, formulas):
    """A map from each formula to both values."""
    formulas = list(dict.fromkeys(formulas))
    values = {}
    for start in range(0, len(formulas), CHUNK):
        chunk = formulas[start:start + CHUNK]
        values.update(zip(chunk, zip(by_clayf(binary, chunk), by_ironcalc(chunk))))
    return values


def same(ours, theirs):
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return type(ours) is type(theirs) and ours == theirs


def literal(value):
    """A formula for a value, or None."""
    if isinstance(value, bool):
        return Node(str(value).upper())
    if isinstance(value, float):
        return Node(f"({value!r})" if value < 0 else repr(value))
    if isinstance(value, str) and value in ERRORS:
        return Node(f"({ERRORS[value]})")
    return text_literal(value) if isinstance(value, str) and '"' not in value and "\\" not in value else None


def minimised(binary, roots):
    """The smallest disagreeing part of each formula, with the parts below as literals where it still disagrees."""
    values = by_both(binary, [node.text for root in roots for node in root.all()])
    smallest = [next(node for node in reversed(list(root.all())) if not same(*values[node.text])) for root in roots]
    flat = [Node(node.shape, *(literal(values[part.text][0]) or part for part in node.parts)) for node in smallest]
    values.update(by_both(binary, [node.text for node in flat]))
    found = [short if not same(*values[short.text]) else node for node, short in zip(smallest, flat)]
    return {node.text: values[node.text] for node in found}


def is_error(value):
    return isinstance(value, str) and value.startswith("#")


def unlike_in_one_place(ours, theirs):
    """Whether two texts are the same number but for one unit of the last place."""
    if not isinstance(theirs, str):
        return False
    ours, theirs = (re.sub(r"[^\d.]", "", text).rstrip(".") or "0" for text in (ours, theirs))
    places = max(len(text.partition(".")[2]) for text in (ours, theirs))
    return abs(Decimal(ours) - Decimal(theirs)) <= Decimal(1).scaleb(-places)


def alike_in_14_digits(ours, theirs):
    """Whether two texts of more than 15 digits differ only behind those that a number has."""
    if not isinstance(theirs, str) or len(ours) != len(theirs):
        return False
    ours, theirs = (re.sub(r"\D", "", text).lstrip("0") for text in (ours, theirs))
    return len(ours) > 15 and ours[:14] == theirs[:14]


# Why the two may differ: a reason, what the minimised formula looks like, and how clayf's value and IronCalc's differ.
# The first that fits counts.
DECLARED = [
    ("AND and OR stop at the first that decides", r"\b(AND|OR)\(", lambda a, b: not is_error(a) and is_error(b)),
    ("text among numbers is skipped", r'^(SUM|AVERAGE|MIN|MAX|PRODUCT|MEDIAN)\(.*"xy"', lambda a, b: b == "#VALUE!"),
    ("COUNTA leaves out empty text", r'^COUNTA\(.*" *"', lambda a, b: isinstance(a, float) and a < b),
    ("QUOTIENT and MROUND take TRUE and FALSE", r"^(QUOTIENT|MROUND)\(.*(TRUE|FALSE)", lambda a, b: b == "#VALUE!"),
    ("numbers as text are written as in JSON", r"[&(]", lambda a, b: isinstance(a, str) and re.search(r"\de\d\d", a)),
    ("MOD is exact, as in Excel since 2010", r"^MOD\(", lambda a, b: isinstance(a, float) and isinstance(b, float)),
    ("TEXTJOIN skips white space", r'^TEXTJOIN\(.*TRUE.*" +"', lambda a, b: True),
    ("which of two errors", r'"x"&"y"|1/0|NA\(\)|SQRT\(-1\)|VALUE\("x"&1\)', lambda a, b: is_error(a) and is_error(b)),
]
IRONCALC = [
    ("an overflow of POWER or ^ is #DIV/0!", r"POWER|\^", lambda a, b: (a, b) == ("#NUM!", "#DIV/0!")),
    ("TEXT leaves numbers in texts as they are", r'^TEXT\("', lambda a, b: isinstance(b, str)),
    ("TEXT of a Boolean is a Boolean", r"^TEXT\((TRUE|FALSE)", lambda a, b: isinstance(b, bool)),
    ("TEXT rounds halves to even", r"^TEXT\(\(?-?[\d.]*5(\.0)?\)?,", lambda a, b: unlike_in_one_place(a, b)),
    ("TEXT by @ or General rounds", r'"(@|General)"\)$', lambda a, b: True),
    ("TEXT loses the sign", r"^TEXT\(\(-", lambda a, b: isinstance(b, str) and unlike_in_one_place(a.lstrip("-"), b)),
    ("TEXT by E+00 writes E-00, or loses the carry", r'^TEXT\([^"]*"0\.0+E\+00"', lambda a, b: isinstance(b, str) and 1 <= abs(float(a) / float(b)) <= 2),
    ("TEXT by E+00 misplaces exponents of three digits", r'^TEXT\([^"]*e[+-]\d{3}, "0\.0+E\+00"', lambda a, b: isinstance(b, str)),
    ("DOLLAR keeps the sign of what is rounded to 0", r"^DOLLAR\(", lambda a, b: not a.strip("$0.,") and b == f"({a})"),
    ("texts have more than 15 digits", r"^(TEXT|FIXED)\(", alike_in_14_digits),
    ("-0 in texts", r"[&(]", lambda a, b: isinstance(b, str) and a == re.sub(r"-(0[.0]*)(?![\d.])", r"\1", b)),
    ("TIMEVALUE refuses a date without a time", r'^TIMEVALUE\("\d+-\d+-\d+"\)', lambda a, b: (a, b) == (0, "#VALUE!")),
    ("DOLLAR rounds by digits beyond the 15 that are shown", r"^DOLLAR\(", lambda a, b: isinstance(b, str) and sum(map(str.isdigit, b)) > 13 and unlike_in_one_place(a, b)),
    ("FIXED and DOLLAR end at 2^64", r"^(FIXED|DOLLAR)\(", lambda a, b: isinstance(b, str) and b.replace(",", "").lstrip("-($").startswith("18446744073709551615")),
    ("FIXED does not round halves of whole places", r"^FIXED\(.*, \(?-", lambda a, b: isinstance(b, str) and unlike_in_one_place(a, b)),
    ("TEXTBEFORE and TEXTAFTER confuse #N/A and #VALUE!", r"^TEXT(BEFORE|AFTER)\(", lambda a, b: {a, b} == {"#N/A", "#VALUE!"}),
    ("TEXTBEFORE and TEXTAFTER miss the ends from behind", r"^TEXT(BEFORE|AFTER)\(.*\(-\d", lambda a, b: b == "#N/A" and not is_error(a)),
    ("TEXTJOIN keeps empty texts", r'^TEXTJOIN\(.*TRUE.*""', lambda a, b: True),
    ("VALUE can't read (5)", r'^VALUE\("\(5\)"\)', lambda a, b: b == "#VALUE!"),
    ("COUNT leaves out some numbers in texts", r'^COUNT\(.*"', lambda a, b: isinstance(a, float) and a > b),
    ("SEARCH and FIND miss what is empty", r'^(SEARCH|FIND)\(.*("", ""|"\*", ""|"", )', lambda a, b: b == "#VALUE!"),
    ("ISEVEN and ISODD fail on large numbers", r"^IS(EVEN|ODD)\(.*e\+", lambda a, b: True),
]


def explanation(formula, ours, theirs):
    for kind, rules in [("declared", DECLARED), ("IronCalc", IRONCALC)]:
        for reason, shape, holds in rules:
            if re.search(shape, formula) and holds(ours, theirs):
                return f"{kind}: {reason}"
    return None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("clayf", help="the program to test")
    options.add_argument("--count", type=int, default=2000, help="how many formulas")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--depth", type=int, default=4, help="how deep they nest")
    options.add_argument("--show", type=int, default=5, help="how many disagreements of a group to print")
    options = options.parse_args()

    generator = Generator(options.seed)
    roots = [generator.any(generator.random.randint(1, options.depth)) for _ in range(options.count)]
    values = by_both(options.clayf, [root.text for root in roots])
    differing = [root for root in roots if not same(*values[root.text])]
    explained, groups = collections.Counter(), collections.defaultdict(list)
    for formula, (ours, theirs) in minimised(options.clayf, differing).items():
        reason = explanation(formula, ours, theirs)
        if reason:
            explained[reason] += 1
        else:
            groups[" ".join(sorted(set(re.findall(r"[A-Z][A-Z0-9]*(?=\()", formula)))) or "operators"].append((formula, ours, theirs))
    print(f"{len(roots)} formulas, {len(differing)} differ")
    for reason, count in explained.most_common():
        print(f"  {count:5} {reason}")
    for group, found in sorted(groups.items(), key=lambda item: -len(item[1])):
        print(f"\n{group}: {len(found)}")
        for formula, ours, theirs in sorted(found, key=lambda item: len(item[0]))[:options.show]:
            print(f"  {formula}\n    clayf {ours!r}  IronCalc {theirs!r}")
    return 1 if groups else 0


if __name__ == "__main__":
    raise SystemExit(main())
