"""What agencies promises: agency copy is known by its byline, dateline or credit line, and a mention is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import agencies, providers

ROWS = [[column.strip() for column in row.split("|")] for row in agencies.TABLE.strip().splitlines()]
SIGNS = [(row[0], sign.strip()) for row in ROWS for column in row[2:] for sign in column.split(",") if sign.strip()]
PROSE = "The harbour master counted the ferries on the day when the storm passed."


@pytest.mark.parametrize(("domain", "sign"), SIGNS)
def test_every_agency_of_the_table_is_known_by_each_of_its_signs(domain, sign):
    """As a byline, in a byline, in a dateline and in a credit line; and no two agencies share a sign."""
    assert domain == agencies.named(sign)
    assert (domain,) == agencies.in_byline(f"By {sign}")
    assert (domain,) == agencies.in_byline(f"Ines Marsh, {sign}")
    assert (domain,) == agencies.in_dateline(f"NORHAVEN, March 3 ({sign.strip('/')}) - {PROSE}")
    assert (domain,) == agencies.in_credit(f"{PROSE}\n\n({sign.strip('/')})")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_domain_of_the_table_is_one_that_an_article_can_have(row):
    """Registrable, so that it equals a provider's; each belongs to one agency."""
    for domain in [row[0], *filter(None, (other.strip() for other in row[1].split(",")))]:
        assert domain == providers.domain(f"https://www.{domain}/")
        assert row[0] == agencies.of_domain(domain)


@pytest.mark.parametrize(
    ("domains", "line"),
    [
        (("reuters.com",), "By Jane Doe, Reuters"),
        (("reuters.com",), "Jane Doe and Li Wei | Reuters"),
        (("reuters.com",), "Reuters Staff"),
        (("apnews.com",), "By JANE DOE and LI WEI, Associated Press"),
        (("apnews.com",), "JANE DOE, AP Sports Writer"),
        (("apnews.com",), "By The Associated Press"),
        (("afp.com", "dpa.com"), "AFP/dpa"),
        (("dpa.com",), "jm/dpa"),
        (("dpa.com",), "Von Jana Müller, dpa"),
        (("dpa.com",), "Quelle: dpa"),
        (("afp.com",), "Par AFP"),
        (("afp.com",), "Jean Dupont (AFP)"),
        (("efe.com",), "Agencia EFE"),
        (("lusa.pt",), "Agência Lusa"),
        (("reuters.com", "apnews.com"), "Reuters and AP"),
        (("tass.com",), "ТАСС"),
        (("yna.co.kr",), "연합뉴스"),
    ],
)
def test_a_byline_names_its_agencies_in_order(domains, line):
    assert domains == agencies.in_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ines Marsh",
        "Harbour Post staff with Reuters",
        "By Ines Marsh with AP",
        "Ines Marsh and Reuters",
        "Ines Marsh mit dpa",
        "Ines Marsh, mit Material von dpa",
        "La rédaction avec AFP",
        "Redacción con información de EFE",
        "With inputs from PTI",
        "Ines Marsh, with additional reporting by Jane Doe, Reuters",
        "Ines Marsh; contributions from Norhaven: Jane Doe, AP",
        "Photo: AP",
        "Foto: Jana Müller/dpa",
        "Photograph by Li Wei, Reuters",
        "Staff and wire reports",
        "Ap Nguyen",
        "ap",
        "Ana Lusardi",
        "Apa Sherpa",
        "The Reuters Institute",
        "AP Stylebook editors' guild",
        "",
    ],
)
def test_somebody_elses_byline_is_no_agencys(line):
    """Own work with agency material, pictures, people who are called alike."""
    assert () == agencies.in_byline(line)


@pytest.mark.parametrize(
    ("domain", "start"),
    [
        ("reuters.com", "BERLIN (Reuters) - "),
        ("reuters.com", "NEW DELHI/MUMBAI, March 3 (Reuters) - "),
        ("reuters.com", "(Reuters) - "),
        ("apnews.com", "WASHINGTON (AP) — "),
        ("apnews.com", "ST. JOHN'S, Newfoundland (AP) — "),
        ("afp.com", "PARIS, March 3 (AFP) — "),
        ("afp.com", "(AFP) "),
        ("dpa.com", "Berlin (dpa) - "),
        ("dpa.com", "Frankfurt am Main (dpa/lhe) - "),
        ("apa.at", "Wien (APA/dpa) - "),
        ("keystone-sda.ch", "Bern (sda) - "),
        ("efe.com", "Madrid, 3 mar (EFE).- "),
        ("europapress.es", "MADRID, 3 Mar. (EUROPA PRESS) - "),
        ("ansa.it", "(ANSA) - ROMA, 03 MAR - "),
        ("lusa.pt", "Lisboa, 03 mar 2026 (Lusa) – "),
        ("belga.be", "BRUSSEL (BELGA) - "),
        ("mti.hu", "Budapest, 2026. március 3., kedd (MTI) – "),
        ("news.cn", "BEIJING, March 3 (Xinhua) -- "),
        ("news.cn", "新华社北京3月3日电 "),
        ("cna.com.tw", "（中央社記者王小明台北3日電）"),
        ("cna.com.tw", "Taipei, March 3 (CNA) "),
        ("kyodonews.net", "TOKYO, March 3 (Kyodo) -- "),
        ("kyodonews.net", "【ロンドン共同】"),
        ("jiji.com", "【ワシントン時事】"),
        ("reuters.com", "［ロンドン ３日 ロイター］ - "),
        ("yna.co.kr", "SEOUL, March 3 (Yonhap) -- "),
        ("yna.co.kr", "(서울=연합뉴스) "),
        ("ptinews.com", "New Delhi, Mar 3 (PTI) "),
        ("aninews.in", "New Delhi [India], March 3 (ANI): "),
        ("ians.in", "New Delhi, March 3 (IANS) "),
        ("tass.com", "MOSCOW, March 3. /TASS/. "),
        ("tass.com", "МОСКВА, 3 марта. /ТАСС/. "),
        ("interfax.ru", "MOSCOW. March 3 (Interfax) - "),
        ("ria.ru", "МОСКВА, 3 мар - РИА Новости. "),
        ("aa.com.tr", "ANKARA (AA) - "),
        ("bernama.com", "KUALA LUMPUR, March 3 (Bernama) -- "),
        ("antaranews.com", "Jakarta (ANTARA) - "),
        ("wam.ae", "ABU DHABI, 3rd March, 2026 (WAM) -- "),
        ("spa.gov.sa", "Riyadh, March 03, 2026, SPA -- "),
        ("prnewswire.com", "NEW YORK, March 3, 2026 /PRNewswire/ -- "),
        ("globenewswire.com", "NEW YORK, March 03, 2026 (GLOBE NEWSWIRE) -- "),
        ("businesswire.com", "NEW YORK--(BUSINESS WIRE)--"),
    ],
)
def test_a_dateline_gives_its_agency(domain, start):
    """Each agency's own habit, after a headline and a teaser that the reader may have left in the text."""
    assert domain == agencies.in_dateline(f"{start}{PROSE}\n\n{PROSE}")[0]
    assert domain == agencies.in_dateline(f"Ferries return\n\nFour days of storm.\n\n{start}{PROSE}")[0]


@pytest.mark.parametrize(
    "start",
    [
        "Reuters reported that the ferries return.",
        "The Associated Press (AP) said on Tuesday that the ferries return.",
        "A spokesman told the agency (AFP) that the ferries return.",
        "Die Nachrichtenagentur (dpa) meldete, die Fähren kehrten zurück.",
        "Wie die dpa berichtet, kehren die Fähren zurück.",
        "Selon l'AFP, les ferries reviennent.",
        "Según informó EFE, los transbordadores regresan.",
        "По данным ТАСС, паромы возвращаются.",
        "ロイターによると、フェリーが戻った。",
        "据新华社报道，渡轮恢复航行。",
        "Norhaven (PA) has a new pier.",
        "The trade group (TT) - which speaks for ferries - agreed.",
        "NORHAVEN, March 3 (Harbour Post) - The ferries return.",
        "Norhaven (not the one in the north) - the ferries return.",
        "Ferries return - Reuters",
        "In the MENA region - from Oman to Libya - ferries are few.",
        "What AP, AFP and Reuters say of ferries",
    ],
)
def test_an_agency_in_prose_is_a_mention(start):
    """Who reports what an agency said does it on his own account, in any language."""
    assert () == agencies.in_dateline(f"{start}\n\n{PROSE}")
    assert () == agencies.in_credit(f"{PROSE}\n\n{start}")


def test_a_dateline_in_the_middle_of_a_text_is_none():
    assert () == agencies.in_dateline("\n\n".join([PROSE, PROSE, PROSE, f"BERLIN (Reuters) - {PROSE}"]))


@pytest.mark.parametrize(
    ("domain", "end"),
    [
        ("dpa.com", "(dpa)"),
        ("dpa.com", f"{PROSE} (dpa)"),
        ("apa.at", f"„{PROSE}“ (APA/dpa)"),
        ("dpa.com", "(kle/dpa)"),
        ("dpa.com", "Quelle: harbour.example, mau/dpa"),
        ("dpa.com", "© dpa-infocom, dpa:260303-99-123456/3"),
        ("afp.com", "Source: AFP"),
        ("afp.com", "© 2026 AFP"),
        ("efe.com", "Fuente: EFE"),
        ("pap.pl", "(PAP)"),
        ("apnews.com", "Copyright 2026 The Associated Press. All rights reserved. This material may not be published."),
        ("bernama.com", "-- Bernama"),
        ("reuters.com", "— Reuters"),
        ("reuters.com", "Reuters"),
        ("kyodonews.net", "（共同）"),
        ("yna.co.kr", "출처: 연합뉴스"),
    ],
)
def test_a_credit_line_gives_its_agency(domain, end):
    """At the end of the last sentence or in a line of its own, last or last but one."""
    assert domain == agencies.in_credit(f"{PROSE}\n\n{end}")[0]
    assert domain == agencies.in_credit(f"{PROSE}\n\n{end}\n\nRead more about ferries in our guide to the harbour.")[0]


@pytest.mark.parametrize(
    "end",
    [
        "The figures came from the Saudi Press Agency (SPA).",
        "He spoke to Reuters.",
        "(Photo: Reuters)",
        "Foto: dpa",
        "(With inputs from ANI)",
        "Sources: Reuters, company statements",
        "Copyright 2026 The Harbour Post.",
        "(Norhaven)",
        "Ines Marsh reports for the Harbour Post (and once did for AFP).",
    ],
)
def test_a_last_line_that_credits_nobody_is_none(end):
    assert () == agencies.in_credit(f"{PROSE}\n\n{end}")


@given(st.text(max_size=300), st.sampled_from([sign for _, sign in SIGNS]))
def test_any_text_is_read_without_an_error(noise, sign):
    for line in (noise, f"{noise}({sign}){noise}", f"{noise}\n\n{sign}", f"{noise} /{sign}/ - "):
        for found in (agencies.in_byline(line), agencies.in_dateline(line), agencies.in_credit(line)):
            assert all(agencies.of_domain(domain) == domain for domain in found)
