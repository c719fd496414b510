"""Publishers' dates become aware UTC, or nothing: never an exception, never an impossible time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import dates

from .build import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T10:30:00Z", "2026-03-02T10:30:00"),
        ("2026-03-02T10:30:00+01:00", "2026-03-02T09:30:00"),
        ("2026-03-02T10:30:00.123+0100", "2026-03-02T09:30:00"),
        ("2026-03-02 10:30:00 -0500", "2026-03-02T15:30:00"),
        ("2026-03-02T10:30", "2026-03-02T10:30:00"),
        ("2026-03-02", "2026-03-02T00:00:00"),
        ("20260302T103000Z", "2026-03-02T10:30:00"),
        ("Mon, 02 Mar 2026 10:30:00 GMT", "2026-03-02T10:30:00"),
        ("Mon, 02 Mar 2026 10:30:00 +0200", "2026-03-02T08:30:00"),
        ("02 Mar 2026 10:30 EST", "2026-03-02T15:30:00"),
        ("Mon, 2 Mar 26 10:30:00 PST", "2026-03-02T18:30:00"),
        ("1772447400", "2026-03-02T10:30:00"),
        ("1772447400000", "2026-03-02T10:30:00"),
        ("March 2, 2026", "2026-03-02T00:00:00"),
        ("2 March 2026", "2026-03-02T00:00:00"),
        ("2. März 2026", "2026-03-02T00:00:00"),
        ("2 mars 2026", "2026-03-02T00:00:00"),
        ("2026年3月2日", "2026-03-02T00:00:00"),
    ],
)
def test_written_dates_become_utc(text, expected):
    moment = dates.parse(text)

    assert moment is not None
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == moment.replace(microsecond=0)


def test_a_time_without_a_zone_takes_the_given_one():
    assert datetime(2026, 7, 1, 10, tzinfo=UTC) == dates.parse("2026-07-01T12:00:00", zone="Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00-12:00",
        "2026-02-30",
        "2026-13-01",
        "1789-07-14",
        "-1",
        "99999999999999",
        "2026-03-02T25:61:00Z",
        "٢٠٢٦",
        "\x00",
        "1" * 10_000,
    ],
)
def test_what_is_no_date_in_our_time_is_none(text):
    """Impossible, overflowing and ancient dates give nothing rather than a guess."""
    assert dates.parse(text) is None


@given(
    st.text(max_size=80) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?\d{0,2}:?\d{0,2}.{0,6}", fullmatch=True)
)
def test_any_text_gives_none_or_a_time_within_bounds(text):
    moment = dates.parse(text)

    assert moment is None or (moment.tzinfo is not None and 1990 <= moment.year <= 2100)


@given(
    st.datetimes(timezones=st.timezones() | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%d %B %Y %H:%M %z", "%Y%m%dT%H%M%S%z", "%s"]),
)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_every_written_moment_is_read_as_itself_or_not_at_all(moment, form):
    """All datetimes, all offsets, in the forms that feeds use: right within a minute's seconds, or None; never raised."""
    written = str(moment.timestamp()) if form == "%s" else moment.strftime(form)

    found = dates.parse(written)
    dates.sensible(moment, NOW)

    assert found is None or dates.EARLIEST <= found < dates.LATEST
    whole_minutes = not (moment.utcoffset() or timedelta()).seconds % 60
    if form.startswith(("%Y-", "%a")) and whole_minutes and moment.year >= 1000:
        told = moment.replace(microsecond=0).astimezone(UTC)  # a time that a zone has twice equals none elsewhere
        assert (told if dates.EARLIEST <= told < dates.LATEST else None) == found


_MONTHS = {
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "ar-EG": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar-LB": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "ar-TN": "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "he": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th-short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
}


@pytest.mark.parametrize("language", _MONTHS)
def test_every_month_of_a_language_is_known(language):
    """In the form that stands in a date, with the day before it and the year behind."""
    names = _MONTHS[language].split(" ")
    found = [dates.parse(f"2 {name.replace('_', ' ')} 2026", language=language) for name in names]

    assert [(2026, month, 2) for month in range(1, 13)] == [(m.year, m.month, m.day) if m else None for m in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026. március 2.", "2026-03-02T00:00"),
        ("2026 m. kovo 2 d.", "2026-03-02T00:00"),
        ("2026. gada 2. marts", "2026-03-02T00:00"),
        ("ngày 2 tháng 3 năm 2026", "2026-03-02T00:00"),
        ("lundi 2 mars 2026 à 10h30", "2026-03-02T10:30"),
        ("Понедельник, 2 марта 2026 г., 10:30 мск", "2026-03-02T07:30"),
        ("2 d'abril de 2026", "2026-04-02T00:00"),
        ("2 مارس/آذار 2026", "2026-03-02T00:00"),
        ("٢ مارس ٢٠٢٦", "2026-03-02T00:00"),
        ("२ मार्च २०२६", "2026-03-02T00:00"),
        ("2026年3月2日 20時01分", "2026-03-02T20:01"),
        ("2026年3月2日 午後6時30分", "2026-03-02T18:30"),
        ("2026. 3. 2. 오후 6:30", "2026-03-02T18:30"),
        ("令和8年3月2日", "2026-03-02T00:00"),
        ("令和元年5月1日", "2019-05-01T00:00"),
        ("民國115年3月2日", "2026-03-02T00:00"),
        ("2 มีนาคม พ.ศ. 2569", "2026-03-02T00:00"),
        ("2/3/2569", None),
        ("25/3/2569", "2026-03-25T00:00"),
        ("۱۲ فروردین ۱۴۰۵", "2026-04-01T00:00"),
        ("1404/01/01", "2025-03-21T00:00"),
        ("1403/01/01", "2024-03-20T00:00"),
        ("30 اسفند 1399", "2021-03-20T00:00"),
        ("1370/01/01", "1991-03-21T00:00"),
        ("1404-01-01T10:00:00Z", None),
        ("2569-01-01", None),
    ],
)
def test_other_scripts_orders_and_calendars_are_read(text, expected):
    """A calendar of another era counts only where no machine wrote the date."""
    found = dates.parse(text)

    assert expected == (f"{found:%Y-%m-%dT%H:%M}" if found else None)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("01/02/2026", "", None),
        ("01/02/2026", "en", None),
        ("01/02/2026", "en-US", "2026-01-02"),
        ("01/02/2026", "en-GB", "2026-02-01"),
        ("01/02/2026", "pt_BR", "2026-02-01"),
        ("01/02/2026", "ja", None),
        ("01-02-2026", "", None),
        ("01-02-2026", "vi", "2026-02-01"),
        ("01.02.2026", "", "2026-02-01"),
        ("13/02/2026", "", "2026-02-13"),
        ("02/13/2026", "fr", "2026-02-13"),
        ("02.03.26", "", None),
        ("02.03.26", "de", "2026-03-02"),
        ("listopada 3, 2026", "hr", "2026-10-03"),
        ("listopada 3, 2026", "pl", "2026-11-03"),
    ],
)
def test_what_is_two_days_is_read_only_where_the_language_tells(text, language, expected):
    found = dates.parse(text, language=language)

    assert expected == (f"{found:%Y-%m-%d}" if found else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ines Marsh, 2 March 2026, 10:30 am EST", ["2026-03-02T15:30"]),
        ("18:58 Uhr, 30.04.2024", ["2024-04-30T18:58"]),
        ("at 6.15 pm on March 2, 2026", ["2026-03-02T18:15"]),
        ("December 3, 2025. Updated: December 7, 2025", ["2025-12-03T00:00", "2025-12-07T00:00"]),
        ("05.04.2025 - Güncelleme : 06.04.2025", ["2025-04-05T00:00", "2025-04-06T00:00"]),
        ("Version 2.0.26, 12 of 2026 pages, 10:30, 30 February 2026", []),
        ("https://harbour.example/2026/03/02/ferries", []),
    ],
)
def test_dates_are_found_in_longer_texts(text, expected):
    assert expected == [f"{stamp.moment:%Y-%m-%dT%H:%M}" for stamp, _, _ in dates.within(text)]


def test_a_date_in_a_text_comes_with_what_is_around_it():
    ((_, before, after),) = dates.within("Posted on 2 March 2026 by Ines Marsh")

    assert ("Posted on ", " by Ines Marsh") == (before, after)


@pytest.mark.parametrize(
    ("text", "zone", "offset"),
    [
        ("2026-03-02T10:30:00Z", None, 0),
        ("2026-03-02T10:30:00+05:30", None, 330),
        ("Mon, 02 Mar 2026 10:30:00 -0330", None, -210),
        ("2026-07-02 10:30", "Europe/Berlin", 120),
        ("2026-03-02 10:30", None, None),
        ("2 March 2026, 10:30 UHR", None, None),
    ],
)
def test_a_stamp_has_the_offset_that_was_said(text, zone, offset):
    assert offset == dates.examine(text, zone=zone).offset


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            ["2", "March", "2026", ".", "/", "-", "03", "10:30", "de", "令和", "年", "月", "2569", "۱۴۰۵", "of"]
        ),
        max_size=40,
    ).map(" ".join)
)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_looking_through_a_text_never_fails(text):
    """Each date is aware and within bounds, and none is found twice."""
    found = list(dates.within(text))

    assert all(dates.EARLIEST <= stamp.moment < dates.LATEST for stamp, _, _ in found)
    assert sorted({len(after) for _, _, after in found}, reverse=True) == [len(after) for _, _, after in found]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(hours=23), True),
        (NOW + timedelta(hours=25), False),
        (datetime(1989, 12, 31, tzinfo=UTC), False),
    ],
)
def test_sensible_times_are_not_far_ahead(moment, expected):
    assert expected == dates.sensible(moment, NOW)
