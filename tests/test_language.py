"""Language tags and guesses."""

from __future__ import annotations

import pytest

from broadsheet import language


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
        ("", ""),
        ("12345 %%% !!!", ""),
    ],
)
def test_a_text_tells_its_language_or_nothing(text, expected):
    assert expected == language.guess(text)
