"""Compares values that tailrace printed with those that Spark answered, by the Spark type of the column.

The rules are those of testdata/conformance/README.md: doubles up to 1e-9, floats up to 1e-6, times as
instants whatever zone they are printed in, decimals as numbers, maps as sets of entries.
"""
import decimal
import json
import re

TIME = re.compile(r"^([+-]?\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
                  r"(Z|[+-]\d\d:\d\d(?::\d\d)?)?$")
RELATIVE = {"double": 1e-9, "float": 1e-6}


def parse_json(text):
    """Keeps the digits of fractions, so that decimals are compared as they are written."""
    return json.loads(text, parse_float=decimal.Decimal)


def split_type(type_text):
    """The members of struct<...>, array<...> and map<...>, split at the commas of that level."""
    inner = type_text[type_text.index("<") + 1:-1]
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(inner):
        depth += letter in "<("
        depth -= letter in ">)"
        if letter == "," and depth == 0:
            parts.append(inner[start:at])
            start = at + 1
    return parts + [inner[start:]] if inner else []


def days_from_civil(year, month, day):
    """Proleptic Gregorian, any year: datetime stops at 1 and 9999."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def instant(text):
    """Microseconds since 1970, or the text itself if it is no time stamp."""
    match = TIME.match(text) if isinstance(text, str) else None
    if not match:
        return text
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    seconds = days_from_civil(int(year), int(month), int(day)) * 86400
    seconds += int(hour) * 3600 + int(minute) * 60 + int(second)
    if zone and zone != "Z":
        parts = [int(part) for part in zone[1:].split(":")]
        shift = sum(part * unit for part, unit in zip(parts, (3600, 60, 1)))
        seconds -= -shift if zone[0] == "-" else shift
    return seconds * 1000000 + int(((fraction or "") + "000000")[:6])


def is_number(value):
    return isinstance(value, (int, float, decimal.Decimal)) and not isinstance(value, bool)


def same_number(expected, got, relative):
    if not (is_number(expected) and is_number(got)):
        return type(expected) is type(got) and expected == got
    low, high = float(expected), float(got)
    return low == high or abs(low - high) <= relative * max(abs(low), abs(high))


def same_struct(type_text, expected, got):
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return False
    members = [part.split(":", 1) for part in split_type(type_text)]
    return ([name for name, _ in members] == list(got)
            and all(same(kind, expected.get(name), got[name]) for name, kind in members))


def same(type_text, expected, got):
    if expected is None or got is None:
        return expected is None and got is None
    if type_text in RELATIVE:
        return same_number(expected, got, RELATIVE[type_text])
    if type_text.startswith("decimal"):
        return is_number(expected) and is_number(got) and decimal.Decimal(expected) == decimal.Decimal(got)
    if type_text.startswith("timestamp"):
        return instant(expected) == instant(got)
    if type_text.startswith("struct<"):
        return same_struct(type_text, expected, got)
    if type_text.startswith("array<"):
        kind = split_type(type_text)[0]
        return (isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got)
                and all(same(kind, one, other) for one, other in zip(expected, got)))
    return type(expected) is type(got) and expected == got


def same_row(columns, expected, got):
    return ([column["name"] for column in columns] == list(got)
            and all(same(column["type"], expected.get(column["name"]), got[column["name"]])
                    for column in columns))


def rough_key(type_text, value):
    """A sort key under which equal values are neighbours: times as instants, doubles by few digits."""
    if value is None:
        return ""
    if type_text in RELATIVE and is_number(value):
        return "%.4e" % float(value)
    if type_text.startswith("timestamp"):
        return str(instant(value))
    if type_text.startswith("struct<") and isinstance(value, dict):
        return str([rough_key(kind, value.get(name)) for name, kind in
                    (part.split(":", 1) for part in split_type(type_text))])
    if type_text.startswith("decimal") and is_number(value):
        return str(decimal.Decimal(value).normalize())
    return json.dumps(value, default=str, sort_keys=True)


def same_rows(columns, expected, got, ordered):
    """None if they are the same, else a sentence."""
    if len(expected) != len(got):
        return f"{len(got)} rows where Spark has {len(expected)}"
    if not ordered:
        def key(row):
            return [rough_key(column["type"], row.get(column["name"])) for column in columns]
        expected, got = sorted(expected, key=key), sorted(got, key=key)
    for one, other in zip(expected, got):
        if not same_row(columns, one, other):
            return (f"row {json.dumps(other, default=str)} where Spark has "
                    f"{json.dumps({c['name']: one.get(c['name']) for c in columns}, default=str)}")
    return None
