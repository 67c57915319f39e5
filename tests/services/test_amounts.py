"""One parser of typed amounts: a writing that we allow is its number; what could be read otherwise is refused."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.amounts import read_amount
from services.errors import InvalidRequest
from tests.worlds.operations.refusals import refused_at

WON = ("KRW", 12_000)
TAKEN = {
    WON: (
        "12,000", "12000", " 12000 ", "12,000원", "12,000 원", "12,000\u00a0원", "12,000\u2009원", "₩12,000",
        "￦12,000",
        "₩ 12,000", "\\12,000", "KRW 12,000", "krw12000", "12,000 KRW", "12,000won",
        "12,000 Won", "１２０００", "１２，０００", "１２，０００원",
        "\u00a012,000\u00a0", "12 000", "12\u202f000", "\u3000１２０００", "12,000\r\n", "12,000\t", "\ufeff12,000",
    ),
    ("KRW", 0): ("0",),
    ("KRW", 1_234_567): ("1,234,567", "1234567원"),
    ("USD", 695): ("6.95", "$6.95", "＄6.95", "USD 6.95", "US$6.95", "6.95 USD", "６．９５"),
    ("USD", 123_450): ("1,234.5", "1,234.50", "$1234.50"),
    ("USD", 1_200_000): ("12,000", "12000.00", "$12,000"),
    ("JPY", 500): ("¥500", "￥500", "500円", "JPY 500"),
}  # fmt: skip
NO_AMOUNT = (
    "-12,000", "−12000", "+5", "(5)", "1e3", "1E3", "0x10", "1_000", "NaN", "inf", "만원", "3천원", "1만", "twelve",
    "١٢٠٠٠", "१२०००", "12,00,000", "12,000,", ",000", "12,000 000", "12'000", "012", "01012345678", "12000 500",
    "12\t000", "12,000\n500", "원", "₩", "12 원 000", "--", "12\x00000", "12\ud800", "12\u200b000", "1.234.567,00",
    "9" * 16,
)  # fmt: skip
MEANT = {
    ("KRW", "12.000"): "Won have no decimals: 12,000?",
    ("KRW", "12.000원"): "Won have no decimals: 12,000?",
    ("KRW", "１２．０００"): "Won have no decimals: 12,000?",
    ("KRW", "1.234.567"): "Won have no decimals: 1,234,567?",
    ("KRW", "12000.00"): "Won have no decimals: 12,000?",
    ("KRW", "12,000.00"): "Won have no decimals: 12,000?",
    ("KRW", "12,000.0원"): "Won have no decimals: 12,000?",
    ("KRW", "1.234.567,00"): "Won have no decimals: 1,234,567?",
    ("KRW", "1.2E+11"): "This is not an amount: type it like 12,000.",
    ("USD", "12,000won"): "WON is the sign of another currency: this is in USD.",
    ("KRW", "1.5"): "Won have no decimals.",
    ("KRW", "12,000.5"): "Won have no decimals.",
    ("JPY", "12.000"): "JPY has no decimals: 12,000?",
    ("KRW", "1,00"): "A comma stands before three digits, as in 12,000.",
    ("KRW", "$12,000"): "$ is the sign of another currency: this is in KRW.",
    ("USD", "₩12,000"): "₩ is the sign of another currency: this is in USD.",
    ("USD", "12,000원"): "원 is the sign of another currency: this is in USD.",
    ("USD", "6,95"): "Decimals stand after a point: 6.95?",
    ("USD", "1.234"): "USD has 2 decimals at most.",
    ("EUR", "$5"): "$ is the sign of another currency: this is in EUR.",
}


@pytest.mark.parametrize(
    ("currency", "amount", "text"), [(*key, text) for key, texts in TAKEN.items() for text in texts]
)
def test_what_people_paste_is_the_number_they_see(currency: str, amount: int, text: str) -> None:
    assert read_amount(text, currency) == amount


@pytest.mark.parametrize("currency", ["KRW", "USD", "JPY"])
@pytest.mark.parametrize("text", NO_AMOUNT)
def test_what_is_no_amount_is_refused_beside_its_field(text: str, currency: str) -> None:
    with refused_at("tax_free"):
        read_amount(text, currency, "tax_free")


@pytest.mark.parametrize(("currency", "text"), MEANT)
def test_the_sentence_says_what_is_meant_and_takes_nothing(currency: str, text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_amount(text, currency)
    assert str(refused.value) == MEANT[currency, text]


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\ufeff"])
def test_nothing_typed_is_no_amount_and_no_zero(text: str) -> None:
    assert read_amount(text, "KRW") is None


_SIGNS = {"KRW": ("₩", "￦", "KRW", ""), "USD": ("$", "USD", "US$", "")}
_GAPS = ("", " ", "\u00a0", "\u2009")
_FULL = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@given(st.data(), st.integers(0, 10**14), st.sampled_from(["KRW", "USD"]))
def test_every_writing_of_an_amount_by_the_grammar_is_that_amount(data: st.DataObject, n: int, currency: str) -> None:
    def pick(options: Sequence[str]) -> str:
        return data.draw(st.sampled_from(options))

    major, minor = (n, None) if currency == "KRW" else divmod(n, 100)
    whole = pick([str(major), f"{major:,}", f"{major:,}".replace(",", pick([" ", "\u00a0", "\u202f"]))])
    number = whole if minor is None else f"{whole}.{minor:02d}"
    number = number.translate(_FULL) if data.draw(st.booleans()) else number
    sign, unit = pick(_SIGNS[currency]), pick(["", "원"] if currency == "KRW" else ["", "USD"])
    text = (
        pick(_GAPS) + sign + (pick(_GAPS) if sign else "") + number + (pick(_GAPS) if unit else "") + unit + pick(_GAPS)
    )
    assert read_amount(text, currency) == n


@given(st.integers(0, 10**12), st.integers(0, 999), st.sampled_from(["de", "in", "ch", "fr"]))
def test_what_another_country_writes_is_that_very_number_or_refused(n: int, part: int, country: str) -> None:
    grouped = f"{n:,}"
    written = {
        "de": [grouped.replace(",", "."), f"{grouped.replace(',', '.')},{part % 100:02d}", f"{n},{part:03d}"],
        "in": [re.sub(r"(?<=\d)(?=(\d\d)+\d{3}$)|(?<=\d)(?=\d{3}$)", ",", str(n))],
        "ch": [grouped.replace(",", "'"), grouped.replace(",", "’")],
        "fr": [grouped.replace(",", "\u202f"), f"{n},{part % 100:02d}"],
    }[country]
    for text in written:
        for currency, units in (("KRW", 1), ("USD", 100)):
            meant = n * units if not re.search(r"[.,]\d+$", text) or country == "in" else None
            try:
                found = read_amount(text, currency)
            except InvalidRequest:
                continue
            # Three digits behind a comma are thousands here: no won and no dollar is written so anywhere with decimals.
            allowed = {
                meant,
                int(text.replace(",", "")) * units if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", text) else None,
            }
            assert found in allowed - {None}, (text, currency)


@given(st.text(st.sampled_from("0123456789.,-+eE원₩$ ")))
def test_whatever_is_taken_is_a_writing_that_has_one_reading(text: str) -> None:
    try:
        found = read_amount(text, "KRW")
    except InvalidRequest:
        return
    if found is not None:
        assert not set(text) & set(".$-")
        assert found == int(re.sub(r"[^0-9]", "", text))
        assert len(re.findall(r"[0-9]", text)) <= 15
