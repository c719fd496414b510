"""Language tags and guesses."""

from __future__ import annotations

import pytest

from broadsheet import language
from broadsheet.language.words import WORDS


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-GB", "en"),
        ("de_AT", "de"),
        ("ZH-Hant-TW", "zh"),
        ("", ""),
        ("x-default", ""),
        ("<script>", ""),
        ("pt", "pt"),
        ("nb-NO", "no"),
    ],
)
def test_a_tag_gives_its_primary_subtag(tag, expected):
    assert expected == language.primary(tag)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The council has said that the ferry will not be sold and that it is for the island.", "en"),
        ("Der Rat hat am Montag beschlossen, dass die Fähre nicht verkauft wird und auf der Insel bleibt.", "de"),
        ("Le conseil a décidé que le ferry ne sera pas vendu et que les îles sont dans la région.", "fr"),
        ("El consejo ha decidido que el transbordador no se venda y que los barcos de la isla sigan.", "es"),
        ("Совет решил, что паром не будет продан и останется на острове до весны.", "ru"),
        ("島のフェリーは春まで運航を続けると町議会が決めた。", "ja"),
        ("市議會決定島上的渡輪將繼續營運至春季。", "zh"),
        ("قرر المجلس أن تستمر العبارة في العمل حتى الربيع.", "ar"),
        ("Το συμβούλιο αποφάσισε ότι το πλοίο δεν θα πουληθεί.", "el"),
        ("परिषद ने फैसला किया कि नौका वसंत तक चलती रहेगी।", "hi"),
        ("섬의 여객선은 봄까지 운항을 계속한다.", "ko"),
        ("Il consiglio ha deciso che il traghetto non sarà venduto e che le navi restano nell'isola.", "it"),
        ("De raad heeft besloten dat de veerboot niet wordt verkocht en op het eiland blijft.", "nl"),
        ("Meclis, vapurun satılmayacağını ve bahara kadar adaya sefer yapacağını bildirdi.", "tr"),
        ("İstanbul'da vapur seferleri fırtına nedeniyle bugün durduruldu, yolcular iskelede bekledi.", "tr"),
        ("Rada zdecydowała, że prom nie zostanie sprzedany i do wiosny będzie pływał na wyspę.", "pl"),
        ("O consello decidiu que o transbordador non se vende e que tamén haberá dúas viaxes á illa.", "gl"),
        ("Кеңес жаңа кеме аралға көктемге дейін жүреді деп шешті, құны жарияланған жоқ.", "kk"),
        ("Рада вирішила, що пором не продадуть і він ходитиме на острів до весни.", "uk"),
        ("מועצת העיר החליטה שהמעבורת תמשיך להפליג עד האביב.", "he"),
        ("สภาเมืองตัดสินใจให้เรือข้ามฟากวิ่งต่อไป", "th"),
        ("", ""),
        ("12345 %%% !!!", ""),
    ],
)
def test_a_text_tells_its_language_or_nothing(text, expected):
    assert expected == language.guess(text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Council says ferry will stay until spring", "en"),
        ("Warum die Fähre im Winter nicht fährt", "de"),
        ("Pourquoi le bac ne part plus en hiver", "fr"),
        ("El barco de la isla vuelve tras tres años", "es"),
        ("Barco da ilha não volta até março", "pt"),
        ("Il traghetto torna dopo due anni", "it"),
        ("Veerboot blijft varen na besluit van de raad", "nl"),
        ("Politiet siger, at færgen bliver solgt", "da"),
        ("Fergen går igjen etter to år", "no"),
        ("Vapur iki yıl sonra yeniden sefere başladı", "tr"),
    ],
)
def test_a_headline_is_enough_where_it_has_words_of_its_own_language(title, expected):
    """Common words, each weighed by how many languages have it, and the letters of the others."""
    assert expected == language.guess(title)


@pytest.mark.parametrize(
    "title",
    [
        "Harbour Post",
        "Kalamanda Trio",
        "Zubrek 3.0",
        "Ferry 2026",
        "Pro Maritimo",
        "QXZ Tidewatch API",
        "Marlow, Kim & Ortega",
    ],
)
def test_names_alone_tell_no_language(title):
    """A short text without a common word stays unguessed rather than wrong, whatever its letters look like."""
    assert "" == language.guess(title)


def test_a_long_text_in_a_language_without_a_list_is_not_called_another():
    """A word that happens to be in some list, one in dozens, is no sign."""
    line = "Keştî di biharê de vedigere giravê, şaredar dibêje, û rêwiyên wê bi vê nûçeyê gelek kêfxweş bûn. "

    assert "" == language.guess(line * 8)


def test_the_first_4000_characters_decide():
    """What comes later is not looked at, so that a long text costs no more."""
    german = "Der Rat hat am Montag beschlossen, dass die Fähre nicht verkauft wird. "

    assert "de" == language.guess(german * 60 + "The council has said that the ferry will not be sold. " * 600)


def test_every_word_is_spelled_as_a_text_is_read():
    """A word of a list that folding or splitting would change could never be found."""
    words = [word for text in WORDS.values() for word in text.split()]

    assert [] == [word for word in words if [word.casefold()] != language._WORD.findall(word.casefold())]
