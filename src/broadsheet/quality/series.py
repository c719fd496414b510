"""Profile `standard`: what is made in series costs most of its points: market reports, listings, results."""

from __future__ import annotations

import re

from ..types import Article, Publication, Reason

SERIES = -55

_RANGE = r"\b20\d\d\s*(?:[-–—~]|to|bis|à|al?|до|至)\s*20\d\d\b"
_BY = r"\b(?:by|until|bis|d'ici|para|до)\s+20[2-9]\d\b"
_MONEY = r"(?:[$€£¥]|\b(?:USD|EUR|GBP)\b)\s?\d"
_MARKET = r"\b(?:markets?|markt|marché|mercados?|mercato|рын(?:ок|ка)|industry)\b|市场|市場"
_FORECAST = (
    r"\b(?:forecasts?|size|share|outlook|analysis|report|prognose|bericht|prévisions|rapport|pronóstico|informe|previsão"
    r"|relatório|previsioni|прогноз|отчет)\b|预测|報告|报告|予測"
)
_COUPONS = (
    r"\b(?:(?:promo|coupon|discount|voucher) codes?|gutschein(?:e|codes?)?|codes? promo|cup(?:ón|ones) de descuento"
    r"|codic[ei] sconto|deals? of the (?:day|week))\b|クーポン|优惠券|優惠券"
)
_HOROSCOPE = r"\b(?:horoscopes?|horoskope?|horóscopos?|oroscopo|гороскоп|burç yorum\w*)\b|星座运势|星占い"
_LOTTERY = r"\b(?:lotto|lottery|powerball|loter[ií]a|lotterie|лотере[яи])\b"
_DRAWN = r"\b(?:numbers?|results?|zahlen|résultats|resultados|estrazion[ei]|результаты)\b"
_TICKER = r"\((?-i:[A-Z]{2,10})\s?:\s?(?-i:[A-Z0-9.]{1,8})\)"
_SHARES = (
    r"\bprice (?:target|objective) (?:raised|lowered|cut|increased|boosted)\b|\bshares gap (?:up|down)\b"
    r"|\b(?:sells?|buys?|sold|bought|acquires?|purchases?) \d[\d,.]* shares\b"
)
_PUZZLE = r"\b(?:wordle|quordle|crossword|sudoku)\b"
_ANSWERS = r"\b(?:hints?|answers?|solutions?|clues?)\b"
# What it is, and patterns that must all stand in the title.
_TITLES = tuple(
    (name, tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns))
    for name, patterns in (
        ("market report", (r"\bCAGR\b",)),
        ("market report", (_MARKET, _FORECAST, _RANGE)),
        ("market report", (_MARKET, _MONEY, _BY)),
        ("market report", (r"\bmarket (?:size|insights|research report|analysis report)\b",)),
        ("stock listing", (_TICKER,)),
        ("stock listing", (_SHARES,)),
        ("coupons and deals", (_COUPONS,)),
        ("horoscope", (_HOROSCOPE,)),
        ("numbers drawn", (_LOTTERY, _DRAWN)),
        ("puzzle answers", (_PUZZLE, _ANSWERS)),
    )
)


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """-55 for a title made by formula."""
    title = article.title[:300]
    for name, patterns in _TITLES:
        found = [pattern.search(title) for pattern in patterns]
        if all(found):
            marks = ", ".join(f"“{match[0]}”" for match in found if match)
            return Reason(factor="series", value=f"{name}: {marks}", weight=weight, points=round(weight * SERIES))
    return Reason(factor="series", value="not of a series", weight=weight, points=0)
