"""Bytes become the text that was meant, whatever label they carry, as far as the bytes can tell."""

from __future__ import annotations

import codecs

import pytest

from broadsheet import charset, extract, sources

from .build import NOW, page, source

# A sentence of about the length of a headline with its teaser in each language, and the encodings it was written in.
TEXTS = {
    "German": ("Die Fähre fährt übers Meer; größere Schiffe müssen draußen bleiben.", "cp1252"),
    "French": ("Le traversier a été retardé à cause de la marée, déclare l’équipage.", "cp1252"),
    "Spanish": ("El puerto cerró ayer por la mañana; ¿cuándo abrirá el próximo año?", "cp1252"),
    "Portuguese": ("A balsa não saiu do cais; a tripulação esperou até amanhã de manhã.", "cp1252"),
    "Swedish": ("Färjan går till ön på våren, säger hamnkaptenen på Öland.", "cp1252"),
    "Danish": ("Færgen sejler på lørdag, når vejret bliver bedre på øen.", "cp1252"),
    "Polish": ("Prom odpłynął późno, gdyż kapitan czekał na większą łódź i żeglarzy.", "cp1250 iso8859-2"),
    "Czech": ("Přívoz přes řeku je zavřený, příští týden začne opět jezdit každý den.", "cp1250 iso8859-2"),
    "Turkish": ("Vapur geç kalktı, çünkü fırtına yüzünden liman kapalıydı; yolcular şaşırdı.", "cp1254"),
    "Russian": ("Паром вышел в море поздно ночью, капитан ждал прилива.", "cp1251 koi8-r iso8859-5"),
    "Ukrainian": ("Пором вийшов у море пізно вночі, капітан чекав на приплив і їхав далі.", "cp1251"),
    "Greek": ("Το πλοίο έφυγε αργά το βράδυ, γιατί ο καπετάνιος περίμενε την παλίρροια.", "cp1253"),
    "Hebrew": ("המעבורת יצאה מאוחר בלילה כי רב החובל חיכה לגאות", "cp1255"),
    "Arabic": ("غادرت العبارة الميناء في وقت متأخر من الليل بسبب العاصفة", "cp1256"),
    "Thai": ("เรือข้ามฟากออกจากท่าช้ากว่ากำหนดเพราะพายุ", "cp874"),
    "Japanese": ("フェリーは昨夜遅くに港を出ました。船長は満ち潮を待っていたのです。", "shift_jis euc-jp"),
    "Korean": ("여객선은 어젯밤 늦게 항구를 떠났다. 선장은 밀물을 기다리고 있었다.", "euc-kr"),
    "Chinese": ("渡轮昨晚很晚才离开港口，因为船长在等涨潮，乘客们都在船上等了三个小时。", "gb18030"),
    "Chinese of Taiwan": ("渡輪昨晚很晚才離開港口，因為船長在等漲潮，乘客們在船上等了三個小時。", "big5"),
}
WRITTEN = [(text, name) for text, names in TEXTS.values() for name in names.split()]
FEED = "<rss><channel><item><title>{}</title></item></channel></rss>"
WEB_PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{0} {0}</p></article></body></html>"


def label(codec: str) -> str:
    return {"cp874": "windows-874"}.get(codec, codec.replace("cp125", "windows-125").replace("iso8859", "iso-8859"))


@pytest.mark.parametrize(("text", "codec"), WRITTEN)
@pytest.mark.parametrize("said", ["right", "", "utf-8", "utf-7", "x-user-defined"])
def test_a_title_is_exact_with_the_right_label_with_none_and_with_one_that_cannot_be(text, codec, said):
    """A label that the bytes contradict, or that names no encoding of text, counts for nothing."""
    header = f"text/xml; charset={label(codec) if said == 'right' else said}" if said else ""

    listing = sources.read(page(FEED.format(text).encode(codec), content_type=header), source())

    assert [text] == [entry.title for entry in listing.entries]


@pytest.mark.parametrize(
    ("text", "codec"), [(text, codec) for text, codec in WRITTEN if codec in ("cp1251", "cp1253", "gb18030", "euc-jp")]
)
def test_a_server_that_calls_everything_latin_1_does_not_spoil_other_scripts(text, codec):
    """Where one reading is a language and the labelled one is nonsense, the label loses."""
    assert text == charset.decode(text.encode(codec), "text/html; charset=ISO-8859-1")


@pytest.mark.parametrize(
    "word", ["Æsir", "À la carte", "naïve façade", "Œuvre", "Ærø", "Þór", "ÿ", "Ação", "§ 5 ©", "±³"]
)
def test_a_right_label_is_believed_however_few_the_letters(word):
    """What could be another language by chance is not enough against a label."""
    assert word == charset.decode(word.encode("cp1252"), "text/plain; charset=iso-8859-1")


@pytest.mark.parametrize("text", [text for text, _ in TEXTS.values()])
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    ],
)
@pytest.mark.parametrize("header", ["", "text/xml; charset=windows-1251", "text/xml; charset=utf-16"])
def test_a_bom_and_valid_utf8_go_before_every_label(text, written, header):
    assert text == charset.decode(written(text), header)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_bom_is_known_by_its_zero_bytes(codec):
    text = FEED.format(TEXTS["Russian"][0])

    assert text == charset.decode(text.encode(codec), "text/xml; charset=utf-8")


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_that_was_cut_inside_its_last_character_is_still_utf8(cut):
    """The broken character alone is lost."""
    text = TEXTS["Japanese"][0]

    assert text[:-1] == charset.decode(text.encode()[:-cut], "text/xml; charset=shift_jis")


def test_a_few_bad_bytes_do_not_make_utf8_something_else():
    text = TEXTS["Russian"][0]

    assert f"{text}\ufffd{text}" == charset.decode(text.encode() + b"\xff" + text.encode(), "text/xml; charset=utf-8")


def test_iso_2022_jp_is_read_where_it_is_said_and_only_there():
    """It is 7 bits: without the label it is ASCII, so that no markup hides in its shifts."""
    text = TEXTS["Japanese"][0]
    body = text.encode("iso2022_jp")

    assert text == charset.decode(body, "text/xml; charset=ISO-2022-JP")
    assert text == charset.decode(b"<?xml version='1.0' encoding='iso-2022-jp'?>" + body).partition("?>")[2]
    assert body.decode("ascii") == charset.decode(body)


@pytest.mark.parametrize(
    ("where", "header"),
    [
        ("<?xml version='1.0' encoding='koi8-u'?>", ""),
        ('<meta charset="koi8-u">', "text/html"),
        ("<meta http-equiv=content-type content='text/html; charset=koi8-u'>", "text/html; charset=nonsense"),
        ('<meta charset="windows-1251">', 'text/html; charset="KOI8-U"'),
    ],
)
def test_the_header_goes_before_the_document(where, header):
    """The first label that is one counts, in any case, with or without quotes."""
    text = f"{where} Її ґанок"  # too few letters to tell by

    assert text == charset.decode(text.encode("koi8-u"), header)


@pytest.mark.parametrize("codec", sorted(set(charset.LABELS.values())))
def test_every_label_leads_to_a_codec_of_text(codec):
    """A codec that Python has for other things (zlib, idna, punycode, rot13, escapes) is behind no label."""
    assert isinstance(b"a".ljust(4).decode(codec, "replace"), str)
    assert codecs.lookup(codec)._is_text_encoding
    assert not {"utf-7", "zlib_codec", "rot13", "idna", "punycode", "unicode_escape", "raw_unicode_escape"} & {codec}


@pytest.mark.parametrize(
    "label",
    [
        "utf-7",
        "zlib_codec",
        "base64",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "mbcs",
        "hz-gb-2312",
        "iso-2022-kr",
        "replacement",
        "x-user-defined",
    ],
)
def test_other_labels_count_as_not_said(label):
    assert label not in charset.LABELS
    assert "+ADw-script+AD4-" == charset.decode(b"+ADw-script+AD4-", f"text/html; charset={label}")


@pytest.mark.parametrize(("text", "codec"), WRITTEN)
def test_utf8_is_what_decode_reads_and_the_body_itself_where_it_is_that(text, codec):
    body = text.encode()

    assert body is charset.utf8(body, "text/xml; charset=latin1")
    assert text.encode() == charset.utf8(text.encode(codec))


@pytest.mark.parametrize(("text", "codec"), [(text, codec) for text, codec in WRITTEN if codec in ("cp1251", "cp1250")])
def test_web_pages_are_decoded_in_the_same_way(text, codec):
    """A page without a label, and one that is labelled UTF-8 and is not."""
    for header in ("text/html", "text/html; charset=utf-8"):
        body = WEB_PAGE.format(text).encode(codec)
        found = extract.read(page(body, "https://harbour.example/2026/03/01/a", content_type=header), (), NOW)

        assert text.rstrip(".") in found.title
