"""The spelling rules behind `fold`, as data: which letters stand for which sound in each spelling tradition.

Changing a line here changes stored index keys: raise `FOLD_VERSION` in `folding.py` with it.

Sources (knowledge of these systems, not their wording):

- BGN/PCGN 1947 romanisation of Russian (zh, kh, ts, ch, sh, shch, ye, yu, ya; an apostrophe for the soft sign).
- ICAO Doc 9303 part 3, recommended transliteration of Cyrillic in travel documents (ie, iu, ia; no soft sign).
- BGN/PCGN 1979 for Turkmen in Cyrillic, and the Turkmen Latin alphabets of 1993 (with the signs that computers of
  the time had: dollar or cent for Ş, yen or ÿ for Ý, pound or long s for Ž) and of 1999 (Ş, Ý, Ž).
- Romanian orthography after 1993 (â inside a word, î at its edges) and before (î everywhere, still met in Moldova);
  Romanian written with the Moldovan Cyrillic alphabet.
- French-like spelling in Soviet travel documents (tch, ou).
- ISO 9:1995 and the scholars' Latin of Slavic studies (û, â, ŝ; j, c, ch), GOST 7.79 (shh), ALA-LC.
- How Russian renders foreign names (Gilyarevsky and Starostin's tradition: Дж for J and G, Х or Г for H, У for W, Ц for Z),
  and the Polish, German, French, Czech and pinyin spellings that it renders.
- Plain keyboards: diacritics left out, so that Ş meets S, Ž meets Z and Ț meets T.
"""

from typing import Final

CYRILLIC: Final[dict[str, str]] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    # Turkmen in Cyrillic, 1940 to 1993
    "ә": "a", "җ": "j", "ң": "n", "ө": "o", "ү": "u",
    # Moldovan and neighbouring alphabets, met in papers of people who moved
    "ӂ": "j", "є": "e", "і": "i", "ї": "i", "ґ": "g", "ғ": "g", "қ": "k", "ҳ": "h", "һ": "h", "ў": "u", "ұ": "u",
}  # fmt: skip

LATIN: Final[dict[str, str]] = {
    # Turkmen 1999
    "ä": "a", "ç": "ch", "ž": "zh", "ň": "n", "ö": "o", "ş": "sh", "ü": "u", "ý": "i",
    # Turkmen 1993
    "$": "sh", "¢": "sh", "¥": "i", "ÿ": "i", "£": "zh", "ñ": "n",
    # Romanian, with comma below and with the cedilla of older fonts
    "ă": "a", "â": "i", "î": "i", "ș": "sh", "ț": "ts", "ţ": "ts",
    # ISO 9 of 1995, one letter for one letter
    "û": "iu", "ŝ": "shch", "ë": "e", "è": "e",
    # Neighbours: Turkish and Azerbaijani, and scholars' Latin
    "ı": "i", "ə": "a", "ğ": "g", "č": "ch", "ć": "ch", "š": "sh", "đ": "dj", "ł": "l", "ř": "rzh", "ż": "zh", "ę": "en",
    "ą": "on", "ø": "o", "œ": "e", "æ": "ae", "þ": "th", "ð": "d",
}  # fmt: skip

LONG_S: Final = {"ſ": "ž"}
"""Small Ž of the 1993 alphabet; Unicode's own folding would make it an S, so it is read first."""

CURRENCY_LETTERS: Final = "$¢¥£"

LOOK_ALIKES: Final[dict[str, str]] = {
    "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "i": "і", "k": "к", "m": "м", "o": "о", "p": "р", "t": "т",
    "x": "х", "y": "у",
}  # fmt: skip
"""Latin letters that stand in a Cyrillic word because somebody forgot to change the keyboard."""

ISO_9_EDGES: Final = r"^â|â$"
"""Я of ISO 9 at the edges of a name, where the Romanian Â never stands."""

ROMANIAN_SIGNS: Final = r"[ăâîșțţ]|(?:escu|eanu)$"
"""What tells that a word is spelt as Romanian, where *ch* before e and i is K. (Ş with cedilla is Turkmen as well.)"""

PLAIN_TURKMEN_SIGNS: Final = r"[wy]"
"""Letters that Romanian lacks and plain-keyboard Turkmen has: then a bare C before a vowel is Ç (Caryyewa), else K (Catana)."""

DROPPED: Final = "'’‘”“`´ʹʺʼʻ\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Signs inside a word that carry no letter: apostrophes for the soft sign, soft hyphens, invisible joiners."""

SOUNDS: Final[tuple[tuple[str, str], ...]] = (
    # Pattern and what replaces it, in this order, on small Latin letters; repeated until nothing changes.
    (r"t+s*ch|cz", "ch"),  # Tchary, Tschary; Polish Czesław
    (r"sh?ch|shh|sz", "s"),  # BGN shch, German sch, GOST shh; Polish Szymon
    (r"dzh|dj", "j"),  # Джемал, Dzhemal, Djemal; Turkmen J
    (r"(?<=[aeiou])j(?=[^aeiou]|$)|(?<=i)j", "i"),  # scholars' and Slavic Sergej, Julija
    (r"sh", "s"),  # Ş on a plain keyboard is S
    (r"zh", "z"),  # Ž on a plain keyboard is Z
    (r"kh", "h"),
    (r"^wr", "r"),  # Wright, Райт
    (r"gh(?=t)", ""),
    (r"gh", "g"),  # Romanian Serghei
    (r"ph", "f"),
    (r"th", "t"),
    (r"(?<=a)h$", ""),  # Sarah, Сара; Abdullah, Абдулла
    (r"ck(?=ij?$|ii$|aja$|aia$)", "tk"),  # Polish Wysocki, Высоцкий
    (r"ck", "k"),
    (r"(?<=[oe][vw]i)c$", "ch"),  # Amanowic for Amanowiç; Jovanovic for Jovanović
    (r"ch(?=[lr])", "k"),  # Christian
    (r"c(?=[eiy])", "ch"),  # Romanian Ceban; English soft C is rarer here
    (r"c(?!h)", "k"),
    (r"t[sz]", "t"),  # Ț on a plain keyboard is T
    (r"q", "k"),
    (r"^wh|^u(?=[aeio])", "v"),  # White, Уайт; William, Уильям
    (r"w", "v"),
    (r"x", "ks"),
    (r"y", "i"),
    (r"(?<=[oe])ff$", "v"),  # Romanoff
    (r"ou|oo", "u"),  # Gouliev; Moor, Мур
    (r"ea", "ia"),  # Romanian Veaceslav
    (r"i+o", "e"),  # Fyodor, Fiodor, Фёдор and Федор
    (r"i+(?=e)", ""),  # BGN Berdiyeva, ICAO Berdieva; Grigor'yev, Grigorev
    (r"(?<=.)i+(?=u)", ""),  # Lyudmila, Liudmila, Ludmila; Гюльнара, Gülnara
    (r"(ch)(?:ch)+", r"\1"),
    (r"(.)\1+", r"\1"),  # Анна, Ana
)
"""How the fold hears plain Latin letters."""

LATIN_READINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # A sound in a word of plain Latin letters, and the classes that it may stand for, the likeliest first. The first
    # pattern that fits wins. "." is a vowel inside a word, "" is silent.
    (r"^(?:kn|gn)", ("KN", "N")),  # Knut; Knight
    (r"^wh", ("F",)),  # White, Уайт
    (r"^w?rh?(?=[aeiouy])", ("R",)),  # Wright, Райт; Rhodes
    (r"^wu", ("F", "A")),  # pinyin Wu, У
    (r"^mc", ("MK",)),
    (r"^h[aeiouy]+", ("K.", "A")),  # Harry, Гарри; Henri, Анри
    (r"^j[aeiouy]*", ("S.", "A", "K.")),  # Jemal; Jakob, Якоб; Juan, Хуан
    (r"^x", ("S", "KS", "K")),  # pinyin Xu, Сюй; Xenia; Uzbek Xudoyberdi
    (r"^cs|^c(?=ae)", ("S",)),  # Hungarian Csaba; Caesar, Цезарь
    (r"^g(?=eorges?$)", ("S",)),  # George, Georges, though Georg is K
    (r"^[aeiouy]+", ("A",)),
    (r"(?<=o)h(?=n)|(?<=[aeo])h$", ("", "K")),  # Johnson, Noah
    (r"w(?=n$|[ks])|(?<=a)(?<!la)w$", (".", "F")),  # Brown, Hawking, Shaw
    (r"(?<=[aeiouy])j(?=[^aeiouy]|$)|(?<=i)j", (".", "S")),  # Andrej, Wojciech, Julija
    (r"[aeiouy]+", (".",)),
    (r"t+s*ch|shch|sch|dzh|drz|dj|(?<=[aeiouy])dg(?=e)|sh|zh|cz|sz|dz", ("S",)),
    (r"t[sz]", ("S", "T")),  # Țurcanu, Turcanu
    (r"(?<=[bgkpt])rz", ("S", "RS")),  # Grzegorz, Гжегож
    (r"rz(?=[aeiouy]|$)", ("RS", "S")),  # Herzen; Jerzy, Ежи
    (r"chs", ("KS", "S")),  # Sachs, Закс
    (r"cch|ch(?=[rlt])|(?<=[dnlt]ri)ch$|(?<=[lo])ch$|(?<=eri)ch$", ("K", "S")),  # Christian, Brecht, Heinrich, Koch
    (r"cc(?=[ei])", ("S",)),  # Puccini
    (r"ck(?=ij?$|ii$|aja$|aia$)", ("SK", "K")),  # Wysocki
    (r"kh|ck|cq", ("K",)),
    (r"ch", ("S", "K")),
    (r"c(?=[eiy])|(?<=[oe]vi)c$", ("S", "K")),
    (r"c(?=v|oj)", ("S", "K")),  # scholars' Cvetkov, Coj
    (r"c$", ("K", "S")),  # Marc; Slavic Franc, Франц
    (r"ng(?=[eiy])", ("N", "NS")),  # Angela, Анджела
    (r"n(?:gh?|h$)", ("N",)),  # Zhang, Чжан; Меңли, Менгли
    (r"g(?=es?$)", ("S", "K")),  # Serge, Серж
    (r"g(?=[eiy])", ("K", "S")),
    (r"gh(?=[^aeiouy]|$)", ("", "K")),  # Wright, Leigh
    (r"gh", ("K",)),
    (r"ph", ("F",)),
    (r"th", ("T",)),
    (r"qu(?=[ei])", ("K", "KF")),  # Quentin, Квентин
    (r"q", ("K", "S")),  # pinyin Qian, Цянь
    (r"(?<=au)lt$", ("LT", "")),  # Renault, Рено
    (r"(?<=[nr])[td]$", ("T", "")),  # Albert; Flaubert, Флобер
    (r"j", ("S", ".")),
    (r"x", ("KS", "K")),
    (r"(?<=[aeiouy])w(?=[^aeiouy])|(?<=[hr]e)w$|(?<=[dgst])w", ("F", ".")),  # Newton; Matthew, Мэтью; Dwight, Дуайт
    (r"[bp]", ("P",)),
    (r"[fvw]", ("F",)),
    (r"[dt]", ("T",)),
    (r"[cgkh]", ("K",)),
    (r"[sz]", ("S",)),
    (r"l", ("L",)),
    (r"m", ("M",)),
    (r"n", ("N",)),
    (r"r", ("R",)),
)

CYRILLIC_READINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # The same for words in Cyrillic letters, which leave less to guess.
    (r"^у(?=[аеиоэя])", ("F",)),  # Уайт, White; Уильям, William
    (r"^[аәеёєиіїйоөуүұўыьъэюя]+", ("A",)),
    (r"(?<=[аоэ])у(?=[аеиоэ])", (".", "F")),  # Оуэн, Owen
    (r"[аәеёєиіїйоөуүұўыьъэюя]+", (".",)),
    (r"дж|дз|тч|[жҗӂзсшщ]", ("S",)),
    (r"ч(?=т)", ("S", "K")),
    (r"т?ц|тс", ("S", "T")),
    (r"ч", ("S",)),
    (r"нг|ң", ("N",)),
    (r"[гґғкқхҳһ]", ("K",)),
    (r"[бп]", ("P",)),
    (r"[вф]", ("F",)),
    (r"[дт]", ("T",)),
    (r"л", ("L",)),
    (r"м", ("M",)),
    (r"н", ("N",)),
    (r"р", ("R",)),
)

SHORTEST: Final = 2
"""Sounds that a skeleton has left at the least when one is taken out: fewer tell nobody from another."""

FAMILY_ENDINGS: Final = (
    # Of a folded family name: what tells a woman's from a man's.
    (r"([oe]v|.in)a$", r"\1"),  # Çaryýewa; Pușkina
    (r"([st]k)(?:aia|aja|oi|ii|i|a)$", r"\1"),  # Высоцкая, Wysocka
    (r"(?<=..)(?:aia|aja|ii|oi)$", ""),  # Белая, Толстой
)

FATHER_ENDINGS: Final = r"(?:[oe]v)?(?:ichi?|it|na)$|(?:ini)?chna$|[oe]va?$"
"""Of a folded patronymic: Amanowiç, Amanowna, Амановна, Amanovici, Ильинична; Aman ogly needs none; Amanow as well."""

CHILD_OF: Final[frozenset[str]] = frozenset({"ogli", "oglu", "uli", "ulu", "gizi", "kizi"})
"""Words beside a father's name that say son or daughter, folded: ogly, gyzy, and how neighbours write them."""

PLACE_WORDS: Final[frozenset[str]] = frozenset(
    {
        "gorod", "city", "town", "saheri", "saher", "shaheri", "velaiat", "velaiati", "etrap", "etrabi", "oba", "obasi",
        "oblast", "raion", "selo", "poselok", "oras", "orasul", "munitsipiul", "sat", "satul", "judet", "judetul",
        "province", "region", "district", "village",
    }
)  # fmt: skip

COMMON: Final = """
    Aman Ata Azat Arslan Baýram Batyr Begenç Berdi Çary Döwlet Durdy Gurban Geldi Guwanç Hydyr Jora Jumamyrat Kakajan Kerim
    Maksat Meret Merdan Muhammet Myrat Nazar Nepes Nury Oraz Öwez Rahym Rejep Resul Rüstem Sapar Serdar Seýit Şamyrat Şöhrat
    Süleýman Tahyr Toýly Wepa Ýagmyr Ýusup
    Aýgül Aýna Aýsoltan Bahar Bibi Enejan Gözel Gülnara Güljan Güljemal Gülşat Jahan Jemal Jennet Jeren Lale Leýla Mähri Maral
    Maýa Merjen Nabat Nurgözel Ogulgerek Ogulnabat Oguljeren Selbi Sona Şemşat Täzegül Zöhre
    Александр Алексей Андрей Антон Артём Вадим Виктор Владимир Дмитрий Денис Евгений Иван Игорь Илья Кирилл Константин Максим
    Михаил Никита Николай Олег Павел Роман Руслан Сергей Тимур Юрий
    Александра Алина Анастасия Анна Валентина Вера Виктория Галина Дарья Екатерина Елена Ирина Карина Ксения Любовь Людмила
    Мария Надежда Наталья Ольга Полина Светлана София Татьяна Юлия Яна
    Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов
    Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров
    Ion Vasile Gheorghe Andrei Alexandru Mihai Ștefan Nicolae Constantin Cristian Adrian Sergiu Vlad Dumitru Victor Vitalie
    Elena Ana Ioana Andreea Cristina Daniela Gabriela Doina Liliana Ecaterina Tatiana Natalia Olga Svetlana Rodica
    Popescu Ionescu Rusu Ceban Țurcan Țurcanu Cebotari Sîrbu Munteanu Rotaru Moraru Ciobanu Lungu Cojocaru Popa Radu Stan
"""
"""Names so frequent that two strangers often share them: that they agree tells less. Not a list of people, nor of all names."""
