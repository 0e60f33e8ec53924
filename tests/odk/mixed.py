"""A form with what shipped ones have little of: repeats in repeats, counts, cascades, lists of files, values set by events."""

from typing import Final

SURVEY: Final = """
type | name | EN | RU | relevant | required | constraint | MESSAGE | calculation | default \
| choice_filter | repeat_count | trigger | parameters | readonly
start | began
today | day_of
select_one countries | country | Country | Страна | | yes
select_one_from_file towns.csv | town | Town of ${country} | Город | ${country} != '' | true() | | | | | country = ${country}
calculate | people | | | | | | | pulldata('towns', 'people', 'name', ${town})
note | told | ${people} people live in ${town}. | ${people} человек живут в ${town}. | ${people} != ''
integer | how_many | How many | Сколько | | | . >= 0 and . < 20 | Between 0 and 19, not ${how_many}.
integer | set_once | Set | Поставлено | | | | | ${how_many} + 1 | | | | ${how_many}
date | when | When | Когда | | | . <= today() | Not later than today. | | today()
text | code | Code | Код | | ${how_many} > 5 | regex(., '^[0-9]+$') | Digits only. | | concat('00', ${how_many})
range | scale | Scale | Шкала | | | | | | | | | | start=0 end=20 step=1
acknowledge | seen | Seen | Видел | | yes
rank things | order | Order | Порядок
select_multiple things | has | Has | Есть | | | \
count-selected(.) < 3 and not(selected(., 'none') and count-selected(.) > 1) | At most two, or none. | | | | | | randomize=true seed=42
select_one things or_other | best | Best | Лучшее
geopoint | place | Place | Место
geotrace | path | Path | Путь
barcode | bar | Bar | Штрих
image | picture | Picture | Снимок
text | fixed | Fixed | Твёрдо | | | | | | as it was | | | | | ${how_many} < 9
begin repeat | child | Child ${child_name} | Ребёнок | ${how_many} > 1
text | child_name | Name | Имя | | yes
integer | age | Age of ${child_name} | Возраст | | | . <= 17 and . >= 0 | ${child_name} is no child at ${age}.
calculate | position | | | | | | | position(..)
calculate | older | | | | | | | count(${child}[age > current()/../age])
begin repeat | tooth | Tooth | Зуб | | | | | | | | ${age} - 10
select_one things | like | Like of ${child_name} | Как
calculate | both | | | | | | | concat(${child_name}, '/', position(../..), '/', position(..))
end repeat
end repeat
calculate | ages | | | | | | | if(${how_many} > 1, join(' ', ${age}), '')
calculate | teeth | | | | | | | if(${how_many} > 1, count(${tooth}), '')
calculate | second | | | | | | | indexed-repeat(${child_name}, ${child}, 2)
calculate | named | | | | | | | jr:choice-name(${country}, '${country}')
begin group | late | Late | Поздно | ${how_many} > 3 and ${when} < today()
text | why | Why, ${second}? | Почему? | | yes
dateTime | since | Since | С каких пор | ${why} != '' | | . <= now() | Not yet.
time | hour | Hour | Час
decimal | share | Share | Доля | | | . < 20 | Less than 20.
end group
calculate | after | | | | | | | if(${why} = '', 'nothing', ${why})
"""
CHOICES: Final = """
list_name | name | EN | RU
countries | tm | Turkmenistan | Туркменистан
countries | md | Moldova | Молдова
things | none | None | Ничего
things | bag | A bag | Сумка
things | phone | A phone | Телефон
things | paper | Papers | Бумаги
"""
SETTINGS: Final = """
form_id | version | default_language | instance_name
mixed | 1 | English (en) | concat(${country}, '-', ${how_many})
"""
TOWNS: Final = """\
name,label,country,people
mary,Mary,tm,126000
tejen,Tejen,tm,79000
orhei,Orhei,md,21000
cahul,"Cahul, on the Prut",md,28000
"""
