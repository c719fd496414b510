"""A topic tree of a technology paper, in ten languages, for a stream whose topics have no keywords of their own."""

# ruff: noqa: E501

from __future__ import annotations

from broadsheet.types import Rule, Topic

_KEYWORDS = {
    "space": "rocket; satellite; spacecraft; orbit; astronaut; space telescope; space station; lunar; moon lander; launch pad;"
    " Rakete; Satellit; Raumfahrt; Raumsonde; fusée; satellite; astronaute; cohete; satélite; foguete; uzay; uydu; roket;"
    " 火箭; 卫星; 航天; ракета; спутник; космос; космический аппарат; 衛星; ロケット; 宇宙; صاروخ; قمر صناعي; فضاء",
    "sport": "football; footballer; tennis; marathon; championship; Olympic; goalkeeper; striker; cyclist; tournament; referee;"
    " penalty; Fußball; Meisterschaft; Torwart; Trainer; football club; championnat; gardien de but; fútbol; campeonato;"
    " portero; futebol; goleiro; futbol; şampiyona; 足球; 冠军; футбол; чемпионат; вратарь; サッカー; 選手権; كرة القدم; بطولة",
    "security": "hacker; ransomware; malware; vulnerability; data breach; phishing; cyberattack; cyber attack; security flaw;"
    " exploit; password; stolen data; patch; Sicherheitslücke; Hackerangriff; Datenleck; Cyberangriff; cyberattaque; rançongiciel;"
    " faille; ciberataque; vulnerabilidad; ataque cibernético; vazamento de dados; siber saldırı; fidye yazılımı; güvenlik açığı;"
    " 漏洞; 黑客; 勒索; уязвимость; хакер; кибератака; утечка данных; 脆弱性; サイバー攻撃; 情報漏洩; ثغرة; اختراق",
    "cloud": "cloud computing; cloud provider; cloud region; cloud service; data centre; data center; cloud outage; server farm;"
    " Rechenzentrum; Cloud-Dienst; Cloud; nuage informatique; centre de données; centro de datos; nube; nuvem; veri merkezi; bulut;"
    " 云服务; 数据中心; 云计算; облако; дата-центр; центр обработки данных; クラウド; データセンター; مركز بيانات; السحابة",
    "games": "video game; videogame; game studio; console; gamer; esports; indie game; multiplayer; remake; Videospiel;"
    " Spielkonsole; Spielestudio; jeu vidéo; jeux vidéo; videojuego; consola; video oyunu; oyun; 游戏; 电竞; игра; игровая консоль;"
    " ゲーム; لعبة فيديو; ألعاب",
    "software": "software; open source; developer; programming language; release candidate; operating system; app; library;"
    " framework; source code; Betriebssystem; Entwickler; Quelltext; logiciel; développeur; programa; desarrollador; código abierto;"
    " código aberto; yazılım; geliştirici; açık kaynak; 软件; 开源; 开发者; программное обеспечение; разработчик;"
    " открытый код; ソフトウェア; オープンソース; برنامج; برمجيات",
    "transport": "train; railway; ferry; tram; metro; airline; airport; electric car; bus; self-driving; driverless; carmaker;"
    " shuttle; motorway; Bahn; Zug; Flughafen; Elektroauto; train; aéroport; voiture électrique; tren; aeropuerto; coche eléctrico;"
    " trem; aeroporto; tramvay; tren; havalimanı; otobüs; 地铁; 高铁; 列车; 机场; поезд; метро; аэропорт; трамвай; 電車; 鉄道; 空港; قطار; مطار",
    "ai": "AI; artificial intelligence; machine learning; neural network; language model; chatbot; KI; künstliche Intelligenz; IA;"
    " intelligence artificielle; inteligencia artificial; inteligência artificial; yapay zeka; 人工智能; 大模型; искусственный интеллект;"
    " нейросеть; 人工知能; ذكاء اصطناعي; الذكاء الاصطناعي",
    "culture": "museum; exhibition; novel; film; theatre; opera; orchestra; concert; painting; sculptor; artist; festival; Museum;"
    " Ausstellung; Roman; Konzert; musée; exposition; museo; exposición; museu; exposição; müze; sergi; 博物馆; 展览; 电影;"
    " музей; выставка; 美術館; 展覧会; 映画; متحف; معرض",
    "chips": "semiconductor; microchip; chip; chipmaker; wafer; silicon; processor; foundry; Halbleiter; Chipwerk; Chip; puce;"
    " semi-conducteur; semiconductor; chip; yarı iletken; çip; 芯片; 半导体; 晶圆; чип; полупроводник; процессор; 半導体; チップ; رقائق; شريحة",
    "policy": "regulation; regulator; bill; parliament; lawmaker; antitrust; legislation; ban; commission; ministry; fine;"
    " Gesetz; Verordnung; Aufsicht; Bundestag; Verbot; règlement; loi; régulateur; ley; regulador; parlamento; lei; regulação;"
    " yasa; düzenleme; 监管; 法案; 法规; закон; регулятор; законопроект; 規制; 法案; قانون; تنظيم",
    "computer-vision": "computer vision; facial recognition; face recognition; image recognition; object detection; camera surveillance;"
    " Gesichtserkennung; Bilderkennung; reconnaissance faciale; vision par ordinateur; reconocimiento facial; visión por computadora;"
    " reconhecimento facial; yüz tanıma; 人脸识别; 计算机视觉; распознавание лиц; компьютерное зрение; 顔認識; 画像認識; التعرف على الوجه",
}  # fmt: skip
_AMBIGUOUS = (
    "train",
    "app",
    "bus",
    "library",
    "patch",
    "fine",
    "bill",
    "ban",
    "console",
    "film",
    "orbit",
    "Zug",
    "Cloud",
    "nube",
    "bulut",
    "игра",
    "oyun",
)


def _topic(name: str, keywords: str) -> Topic:
    phrases = tuple(phrase.strip() for phrase in keywords.split(";"))
    rules = tuple(Rule(keyword=phrase, ambiguous=True) for phrase in dict.fromkeys(phrases) if phrase in _AMBIGUOUS)
    return Topic(id=name, name=name, parent="technology", keywords=phrases, rules=rules)


TREE = (Topic(id="technology", name="technology"), *(_topic(name, words) for name, words in _KEYWORDS.items()))
