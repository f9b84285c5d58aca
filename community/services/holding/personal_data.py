"""Personal data in a text: phone numbers, mail addresses, numbers of identity cards, of bank accounts and cards.

Numbers are read in every script of India, with spaces and hyphens in between. Where a number has a check digit it is
reckoned, so that an amount or a file number is no alarm. What is found is kept masked: the text itself may be
blanked later. Every pattern here runs in a time that grows with the length of the text alone.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Every decimal digit of every script, as 0 to 9.
_DIGITS = {
    sign: str(unicodedata.decimal(chr(sign)))
    for sign in range(0x80, sys.maxunicode)
    if unicodedata.category(chr(sign)) == "Nd"
}
#: Digits with at most two signs between any two of them.
_BETWEEN = r"[ \t\u00a0\u2009\u200b-\u200d().\-\u2010-\u2014]"
_NUMBER = re.compile(rf"\d(?:{_BETWEEN}{{0,2}}\d)*")
_TOKEN = re.compile(r"\d+")
_MONEY = re.compile(r"(?:₹|\brs\.?|\binr|रु\.?|रुपये)\s{0,2}\Z", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_UPI = re.compile(r"(?<![\w.-])[\w.-]{2,64}@(?:ok\w{2,12}|ybl|upi|paytm|apl|ibl|axl|sbi|barodampay)(?![\w.-])", re.I)
_PAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Za-z0-9])", re.IGNORECASE)
_IFSC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}0[A-Z0-9]{6}(?![A-Za-z0-9])")
_ACCOUNT = re.compile(r"a/c|\bacc(?:oun)?t\b|\bifsc\b|खाता|खाते", re.IGNORECASE)
#: Hosts whose addresses are those of offices, not of persons.
_OFFICES = (".gov.in", ".nic.in", "@gov.in", "@nic.in")
#: What stands between the first and last two signs of what is shown.
_MASK = "…"

# Verhoeff's check digit, which Aadhaar numbers end with: multiplication in the dihedral group D5, and permutations.
_TIMES = [
    [(a + b) % 5 if a < 5 and b < 5 else
     (a + b) % 5 + 5 if a < 5 else
     (a - b) % 5 + 5 if b < 5 else
     (a - b) % 5
     for b in range(10)]
    for a in range(10)
]  # fmt: skip
_PERMUTED = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    _PERMUTED.append([_PERMUTED[-1][_PERMUTED[1][digit]] for digit in range(10)])


@dataclass(frozen=True)
class Found:
    """A piece of personal data: of which kind, and its masked text."""

    what: str
    text: str


def mask(text: str) -> str:
    """Return what may be kept of a piece of personal data: its first and last two signs."""
    return f"{text[:2]}{_MASK}{text[-2:]}"


def has_verhoeff_digit(digits: str) -> bool:
    """Return whether the last of ``digits`` is Verhoeff's check digit of the others."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _TIMES[check][_PERMUTED[place % 8][int(digit)]]
    return check == 0


def has_luhn_digit(digits: str) -> bool:
    """Return whether the last of ``digits`` is Luhn's check digit of the others, as on bank cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def find(text: str) -> list[Found]:
    """Return the personal data in ``text``, each piece once, in the order of kinds."""
    plain = text.translate(_DIGITS)
    found = [
        *_numbers(plain),
        *(Found("mail", mask(hit)) for hit in _MAIL.findall(plain) if not hit.lower().endswith(_OFFICES)),
        *(Found("upi", mask(hit)) for hit in _UPI.findall(plain)),
        *(Found("pan", mask(hit)) for hit in _PAN.findall(plain)),
        *_accounts(plain),
    ]
    return list(dict.fromkeys(found))


def _numbers(text: str) -> Iterator[Found]:
    for run in _NUMBER.finditer(text):
        before = text[max(run.start() - 8, 0) : run.start()]
        if len(run[0]) < 8 or _MONEY.search(before) or before[-1:].isalnum():
            continue
        tokens = _TOKEN.findall(run[0])
        if what := _kind_of(tokens, before.endswith("+")):
            yield Found(what, mask("".join(tokens)))
            continue
        # A number may stand beside others: a house number, a year.
        for first in range(len(tokens)):
            for size in (1, 2, 3, 4):
                part = tokens[first : first + size]
                if len(part) == size and (what := _kind_of(part, False)):
                    yield Found(what, mask("".join(part)))


def _kind_of(tokens: list[str], is_international: bool) -> str:
    """Return what a number is, written as these groups of digits; empty where it is nothing that we know."""
    digits = "".join(tokens)
    if _is_phone(tokens, digits, is_international):
        return "phone"
    if len(digits) == 12 and digits[0] in "23456789" and len(tokens) in (1, 3, 12) and has_verhoeff_digit(digits):
        return "aadhaar"
    if len(digits) in (15, 16) and digits[0] in "3456" and len(tokens) in (1, 3, 4) and has_luhn_digit(digits):
        return "card"
    return ""


def _is_phone(tokens: list[str], digits: str, is_international: bool) -> bool:
    prefix = next((each for each in ("0091", "91", "0") if digits.startswith(each)), "")
    local = digits.removeprefix(prefix)
    if is_international and prefix == "91":
        return len(local) == 10
    # Groups of three digits and more, or each digit alone: neither amounts in a row nor a decimal is a number to call.
    groups = tokens[1:] if tokens[0] in ("0", "91") else tokens
    if (len(groups) > 4 or any(len(group) < 3 for group in groups)) and any(len(group) > 1 for group in groups):
        return False
    for number in (digits, local):
        if len(number) == 10 and number[0] in "6789":
            return True
    return prefix == "0" and len(local) == 10 and len(tokens) > 1  # a landline with its code: 0141-2345678


def _accounts(text: str) -> Iterator[Found]:
    for line in text.splitlines():
        if not _ACCOUNT.search(line):
            continue
        numbers = ["".join(_TOKEN.findall(run)) for run in _NUMBER.findall(line)]
        numbers = [number for number in numbers if 9 <= len(number) <= 18]
        yield from (Found("account", mask(each)) for each in [*numbers, *_IFSC.findall(line)])
