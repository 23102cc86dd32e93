"""The painter's vocabulary: what each kind, mood and wash is called in English and Chinese."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "zh"]

OBJECT_WORDS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "en": {
        "pine": ("pine tree", "pines", "pine"),
        "bare": ("bare tree", "bare branches"),
        "tree": ("tree", "trees"),
        "maple": ("red maple trees", "maple", "red leaves"),
        "blossom": ("peach blossom", "blossoming tree", "pink blossoms"),
        "willow": ("willow", "willow tree"),
        "bamboo": ("bamboo", "bamboo grove"),
        "reeds": ("reeds",),
        "lotus": ("lotus", "lotus flowers"),
        "rock": ("rocks", "rock"),
        "boat": ("fishing boat", "boat", "small boat with a fisherman"),
        "sail": ("sailing boat", "boat with a sail", "sail"),
        "person": ("person", "traveller", "people", "scholar with a staff"),
        "hut": ("hut", "thatched hut", "house"),
        "pavilion": ("pavilion",),
        "pagoda": ("pagoda", "tower"),
        "bridge": ("bridge", "arched bridge"),
        "birds": ("birds", "flying birds", "geese"),
        "clouds": ("clouds", "cloud"),
        "fall": ("waterfall",),
        "sun": ("sun", "red sun"),
        "moon": ("moon", "full moon"),
        "seal": ("red seal",),
    },
    "zh": {
        "pine": ("松树", "松", "古松"),
        "bare": ("枯树", "寒林"),
        "tree": ("树", "树木"),
        "maple": ("红叶", "枫树"),
        "blossom": ("桃花", "花树"),
        "willow": ("柳树", "柳"),
        "bamboo": ("竹子", "竹", "竹林"),
        "reeds": ("芦苇",),
        "lotus": ("荷花", "荷"),
        "rock": ("岩石", "石"),
        "boat": ("渔船", "小船", "船", "渔夫"),
        "sail": ("帆船", "帆"),
        "person": ("人", "旅人", "行人", "高士"),
        "hut": ("茅屋", "房子", "草屋"),
        "pavilion": ("亭子", "亭"),
        "pagoda": ("塔", "宝塔"),
        "bridge": ("桥", "石桥"),
        "birds": ("飞鸟", "鸟", "雁"),
        "clouds": ("云", "白云"),
        "fall": ("瀑布",),
        "sun": ("太阳", "红日"),
        "moon": ("月亮", "明月"),
        "seal": ("印章",),
    },
}
"""Names of objects; the first one is the plainest."""

PLACE_WORDS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "en": {
        "peaks": ("mountains", "high peaks", "mountain"),
        "hills": ("distant hills", "low hills", "hills"),
        "water": ("lake", "river", "water"),
        "shore": ("shore", "river bank"),
        "sky": ("empty sky", "sky"),
        "open_water": ("open water", "wide water"),
    },
    "zh": {
        "peaks": ("山", "高山", "山峰"),
        "hills": ("远山", "小山"),
        "water": ("水", "湖", "江"),
        "shore": ("岸", "江岸"),
        "sky": ("天空", "留白"),
        "open_water": ("水面", "江水"),
    },
}
"""Names of what a window is made of as a whole."""

MOOD_WORDS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "en": {
        "clear": ("clear day", "day", ""),
        "mist": ("mist", "misty", "fog"),
        "rain": ("rain", "rainy"),
        "dawn": ("dawn", "sunrise", "morning"),
        "dusk": ("dusk", "sunset", "evening"),
        "night": ("night", "moonlit night"),
        "snow": ("snow", "snowy", "winter"),
    },
    "zh": {
        "clear": ("晴天", "白天", ""),
        "mist": ("雾", "云雾", "烟雾"),
        "rain": ("雨", "雨天"),
        "dawn": ("清晨", "日出", "黎明"),
        "dusk": ("黄昏", "日落", "傍晚"),
        "night": ("夜晚", "夜", "月夜"),
        "snow": ("雪", "雪景", "冬天"),
    },
}
WASH_WORDS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "en": {
        "mono": ("black ink", "monochrome", ""),
        "bluegreen": ("blue-green", "green mountains", "blue and green"),
        "ochre": ("ochre", "light brown"),
        "autumn": ("autumn", "autumn red"),
        "spring": ("spring", "pink and green"),
    },
    "zh": {
        "mono": ("水墨", "黑白", ""),
        "bluegreen": ("青绿", "青绿山水", "绿色"),
        "ochre": ("赭石", "浅绛"),
        "autumn": ("秋天", "秋", "秋色"),
        "spring": ("春天", "春", "春色"),
    },
}
STYLE_WORDS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("painting", "beautiful", "masterpiece", "scroll", "Chinese painting", "art", "quiet", "old style"),
    "zh": ("国画", "手卷", "意境", "高清", "唯美", "一幅画", "中国画", "山水画"),
}
"""Words that people add and that say nothing about the content."""

FORM_WORDS: Final = ("ink wash landscape", "ink painting", "landscape", "shan shui")
"""What the sentence form of a caption calls the picture."""


def name_of(kind: str, language: Language) -> str:
    """Return the plainest name of an object or place. Raises KeyError for an unknown kind."""
    words = OBJECT_WORDS[language]
    return words[kind][0] if kind in words else PLACE_WORDS[language][kind][0]


def vocabulary(language: Language) -> list[str]:
    """Return every word and phrase that the painter's captions use in `language`, without repeats."""
    phrases: dict[str, None] = {}
    for table in (OBJECT_WORDS, PLACE_WORDS, MOOD_WORDS, WASH_WORDS):
        for words in table[language].values():
            phrases.update(dict.fromkeys(w for w in words if w))
    return list(phrases)
