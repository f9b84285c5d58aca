"""Personal data is found however it is written, and numbers that are none raise no alarm."""

import time

import pytest

from community.services.holding import personal_data

PHONE, MAIL, AADHAAR, PAN, CARD, ACCOUNT, UPI = "phone", "mail", "aadhaar", "pan", "card", "account", "upi"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Call me: 9876543210", PHONE),
        ("98765 43210 any time", PHONE),
        ("+91 98765-43210", PHONE),
        ("+91-987-654-3210", PHONE),
        ("0091 9876543210", PHONE),
        ("09876543210", PHONE),
        ("9 8 7 6 5 4 3 2 1 0", PHONE),
        ("फ़ोन ९८७६५ ४३२१०", PHONE),
        ("तमिल ௯௮௭௬௫௪௩௨௧௦", PHONE),
        ("98765\u200b43210", PHONE),
        ("House 12 98765 43210", PHONE),
        ("0141-2345678 is the shop", PHONE),
        ("Write to asha.k@example.org please", MAIL),
        ("आशा asha@example.co.in", MAIL),
        ("Aadhaar 2345 6789 0124", AADHAAR),
        ("२३४५६७८९०१२४", AADHAAR),
        ("My PAN is AFZPK7190K.", PAN),
        ("card 4111 1111 1111 1111", CARD),
        ("A/c no 123456789012 at the branch", ACCOUNT),
        ("IFSC SBIN0001234", ACCOUNT),
        ("खाता संख्या १२३४५६७८९०१", ACCOUNT),
        ("Pay to ravi.k@okaxis", UPI),
    ],
)
def test_it_is_found(text, what):
    assert what in {found.what for found in personal_data.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We lost ₹ 9876543210 last year",
        "Rs. 9876543210 in all",
        "In 2024-25 we had 40 units, 12 in 2023",
        "Sizes 65 40 12 30 45 in mm",
        "Aadhaar-like 2345 6789 0123 with a wrong check digit",
        "File 4111 1111 1111 1112",
        "GSTIN 27AAPFU0939F1ZV of the firm",
        "UDYAM-MH-12-1234567",
        "Pin code 302001, plot 14",
        "at 28.6139391, 77.20902120",
        "The office: dcmsme@nic.in or help.desk@msme.gov.in",
        "about 1,234,567,890 rupees",
        "ISBN 978-81-203-4567",
        "the DIC @ Jaipur",
    ],
)
def test_other_numbers_are_no_alarm(text):
    assert personal_data.find(text) == []


def test_what_is_kept_is_masked():
    found = personal_data.find("Call 98765 43210, asha@example.org")
    assert [each.text for each in found] == ["98…10", "as…rg"]


@pytest.mark.parametrize("digits", ["234567890124", "2363"])
def test_verhoeffs_digit(digits):
    assert personal_data.has_verhoeff_digit(digits)
    assert not personal_data.has_verhoeff_digit(digits[:-1] + str((int(digits[-1]) + 1) % 10))
    swapped = digits[1] + digits[0] + digits[2:]
    assert not personal_data.has_verhoeff_digit(swapped)


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "9-", "a@", "a.", "a@a.", "+91 ", "A/c ", "www.", "AB", "(.) 1", "९ ", "ok@ok", "@", ".-", "AAAPA1234"],
)
def test_hostile_text_of_the_greatest_length_is_read_in_a_moment(piece):
    text = (piece * 45_000)[:45_000]
    started = time.perf_counter()
    personal_data.find(text)
    assert time.perf_counter() - started < 3
