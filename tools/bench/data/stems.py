"""What names are put together from: morphemes and whole names of three traditions, from general knowledge, no list of real people.

A word that stands early is frequent; the order behind the first ones is shuffled by the registry's seed.
"""

from __future__ import annotations

# --- Turkmen, alphabet of 1999 ---------------------------------------------------------------------------------------
TK_BOYS = (
    "Myrat Batyr Kerim Arslan Serdar Merdan Begenç Döwlet Maksat Perhat Rüstem Meret Azat Eziz Çary Guwanç Şatlyk "
    "Oraz Nazar Röwşen Wepa Hemra Resul Ýhlas Dünýä Timur Ruslan Isgender Ýusup Söhbet Kuwwat Batyr Mekan Rahym Ýagmyr "
    "Toýly Seýran Alp Dessan Gaýgysyz Nurly Ilaman Hangeldi Suhan Emin Işan Myrap Polat Roman Dawut Süleýman Ybraýym"
).split()
TK_BEFORE = (
    "Aga Alla Aly Aman Anna Arslan Aşyr Ata Azat Baba Bagt Baýram Bäşim Begenç Bek Çary Derýa Döwlet Durdy Eziz Garly "
    "Gara Gurban Gylyç Hally Han Hoja Hudaý Hydyr Japar Juma Kaka Kerim Mämmet Magtym Meret Mergen Muhammet Myrat Nazar "
    "Nobat Nur Nury Oraz Öwez Pena Rahym Rejep Rozy Sahet Sapar Seýit Şa Şir Söýün Taňry Täç Tirkeş Ýagmyr Ýaz Ýol "
    "Ýusup Wepa Amangeldi Hojam Esen Işan Mülki Çopan Bazar Gandym Pirli Sary Tagan Ýegen Ödek Hommat"
).split()
TK_AFTER = (
    "myrat geldi berdi guly mämmet durdy nazar dursun söýün jan bek han gylyç aly nur nyýaz gurban mergen sähet "
    "ýar döwlet polat batyr bagt"
).split()
TK_GIRLS = (
    "Aýgül Bahar Maral Gözel Jeren Leýla Sona Selbi Güljan Şirin Aýna Ogulnabat Jahan Merjen Tawus Ýazgül Aknabat Aýlar "
    "Nurana Oguljan Läle Mähri Aýnur Gülşat Enejan Bibi Zöhre Gunça Jennet Maýsa Nartäç Şemşat Uzuk Keýik Altyn Çynar "
    "Gülälek Ejegyz Hatyja Owadan Sülgün Täzegül Zyba Mahym Gülnar Kümüş Sahra Ogulsapar Humaý Miwe Dürli Zulfiýa"
).split()
TK_GIRLS_BEFORE = (
    "Aý Gül Bibi Ogul Jeren Maral Altyn Ene Kümüş Nur Mähri Sona Täze Bahar Ak Bagt Bossan Çynar Dür Gözel Hurma Jemal "
    "Leýli Mahym Merjen Näzik Owadan Sülgün Şeker Selbi Tawus Tylla Uzuk Ýaz Zöhre Zyba Oraz Anna Aman Hally Juma Abat"
).split()
TK_GIRLS_AFTER = (
    "gül jan jemal soltan bike nabat gözel şat bibi täç tuwak eje sapar bagt dursun gerek abat nur jahan senem keýik "
    "şirin maral bahar sona gyz"
).split()
TK_PLACES = (
    "Aşgabat Mary Türkmenabat Daşoguz Balkanabat Türkmenbaşy Tejen Baýramaly Köneürgenç Atamyrat Gazojak Gyzylarbat Änew "
    "Serhetabat Ýolöten Garabekewül Sakarçäge Murgap Hazar Bereket Kaka Gökdepe Boldumsaz Akdepe Görogly Halaç Esenguly "
    "Magtymguly Gyzyletrek Sarahs Babadaýhan Wekilbazar Garagum Tagtabazar Oguzhan Dänew Farap Hojambaz Köýtendag Gurbansoltan"
).split()

# --- Russian ---------------------------------------------------------------------------------------------------------
RU_BOYS = (
    "Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман Егор Иван Владимир "
    "Денис Евгений Даниил Тимофей Владислав Игорь Павел Руслан Марк Юрий Николай Виктор Олег Антон Пётр Григорий Фёдор "
    "Степан Глеб Тимур Вадим Станислав Вячеслав Константин Леонид Анатолий Валерий Борис Геннадий Виталий Семён Богдан "
    "Ярослав Лев Захар Лука Савелий Макар Филипп Эдуард Аркадий Ефим Родион Герман Прохор Демьян Тарас Игнат Всеволод"
).split()
RU_GIRLS = (
    "Анастасия Мария Анна Виктория Екатерина Полина Дарья Елизавета София Ксения Александра Алина Ирина Елена Ольга "
    "Татьяна Наталья Юлия Светлана Вероника Маргарита Алиса Варвара Валерия Арина Кристина Яна Диана Евгения Людмила "
    "Галина Надежда Вера Любовь Оксана Марина Инна Жанна Лариса Валентина Зоя Нина Тамара Раиса Лилия Ульяна Милана "
    "Василиса Снежана Карина Эльвира Эвелина Злата Таисия Кира Ева Агата Антонина Фаина Римма Лидия Жозефина"
).split()
RU_FAMILIES = (
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев "
    "Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов "
    "Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов "
    "Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев "
    "Щербаков Цветков Юдин Чернышёв Шевченко Коваленко Ткаченко Бондаренко Мельник Кравчук Шульга Яценко"
).split()
RU_ROOTS = (
    "Абрам Авдош Агап Акил Алтын Арбуз Бабк Балаш Барс Бердн Бобр Богат Бочар Бугр Буран Быч Варлам Вахруш Верш Вихр Ворон "
    "Гаврил Галк Герас Глад Голик Гонч Горш Грач Гриш Громк Дани Дем Дёмк Дорож Дрозд Дубр Дьяк Ерём Ерох Жарк Жерд Журавл "
    "Завьял Зим Зинк Зуб Ивашк Игнат Казак Калин Карп Каш Климк Кобз Козыр Колес Кон Корн Косар Кривош Круг Крыл Кудр Кулик "
    "Курочк Ларк Лапт Леск Лисиц Лож Лопат Лук Лыч Малах Мамонт Марк Маслен Матвей Мельн Минк Мишк Молот Мороз Мух Назар "
    "Нефёд Носк Овчар Окун Осип Остап Панк Пахом Пекар Перепел Пирог Плотн Пономар Прох Прянишн Пугач Раки Рогач Рыбак Рябк "
    "Савк Садовн Сальн Самохв Сафр Свир Сел Сидор Скворц Слепн Солод Сомк Сорок Старост Стрельц Суворк Сысо Терёх Тимош "
    "Тит Токар Трофим Тюр Уваров Устин Фад Федос Фом Харит Хлебн Хомяк Цаплин Чайк Чеботар Черепан Чижик Чумак Шапошн Шил "
    "Шишк Шмел Щегл Щукин Юркин Якуш Яровик"
).split()
RU_ENDINGS = "ов ин енко ский ченко ев чук кин цов ников".split()
RU_BEFORE = (
    "Бело Черно Криво Сухо Красно Тихо Долго Добро Старо Ново Остро Толсто Худо Косо Рудо Светло Тверд Скоро".split()
)
RU_AFTER = "глазов носов усов бородов руков ногов зубов водов польский мирский славский каменский лесов хвостов горский".split()
RU_PLACES = (
    "Москва Ростов Казань Самара Волгоград Саратов Воронеж Астрахань Оренбург Уфа Омск Пермь Тверь Тула Рязань Пенза Курск "
    "Белгород Липецк Орёл Калуга Псков Новгород Вологда Ярославль Кострома Владимир Брянск Смоленск Ставрополь Краснодар "
    "Сочи Элиста Майкоп Нальчик Грозный Махачкала Ижевск Киров Чебоксары"
).split()

# --- Romanian, Moldova ------------------------------------------------------------------------------------------------
RO_BOYS = (
    "Ion Andrei Alexandru Vasile Mihai Nicolae Dumitru Gheorghe Ștefan Victor Sergiu Igor Daniel Cristian Vladislav Maxim "
    "Adrian Denis Gabriel Radu Petru Constantin Iurie Vitalie Eugen Marian Ilie Valeriu Octavian Grigore Anatolie Tudor "
    "Dan Liviu Simion Pavel Artur Nichita Ghenadie Marcel Emil Lucian Mircea Călin Răzvan Bogdan Cătălin Florin Ciprian "
    "Veaceslav Chiril Arcadie Timofei Serafim Trifan Iacob Iulian Laurențiu Cezar Traian"
).split()
RO_GIRLS = (
    "Maria Elena Ana Natalia Ecaterina Alexandra Cristina Tatiana Andreea Ioana Daniela Gabriela Mihaela Valentina Nadejda "
    "Svetlana Doina Irina Olga Victoria Diana Aliona Corina Rodica Liliana Veronica Lidia Ludmila Nina Angela Aurica "
    "Viorica Galina Georgeta Lăcrămioara Mădălina Ștefania Anișoara Sofia Evelina Nicoleta Otilia Camelia Smaranda Ileana "
    "Sanda Zinaida Eugenia Raisa Parascovia Domnica Ilinca Tamara Steliana Felicia Jana Silvia Margareta Agafia Steluța"
).split()
RO_FAMILIES = (
    "Rusu Ceban Munteanu Ciobanu Rotaru Popa Țurcan Lungu Moraru Sîrbu Cojocaru Popescu Croitoru Botnaru Gîscă Bivol Cazacu "
    "Guțu Balan Tcaci Melnic Codreanu Ursu Cebotari Grosu Bostan Plămădeală Vieru Chirtoacă Răileanu Negru Roșca Sandu "
    "Cucu Bejenaru Cernei Gheorghiță Josan Țîbîrnă Ciorbă Lupașcu Mocanu Păduraru Zgardan Spînu Chiriac Untilă Berzan"
).split()
RO_ROOTS = (
    "Albu Andri Anton Argint Arde Arici Băl Banc Bărb Basarab Blăn Bob Boj Bord Bran Brîn Buc Bui Bulg Burc Buz Căld Cantemir "
    "Car Căt Cîmp Cior Coc Cod Col Con Cord Corn Cosm Cotr Cozm Crăc Cris Cucer Cul Curch Dam Dănil Dasc Dim Dobr Dons Drag Dub "
    "Dum Durn Fil Flor Foc Frunz Fur Găin Gav Ghil Ghimp Gonț Grig Groz Han Hîr Iac Ieri Ign Iord Isp Istr Jal Jit Lăp Laz Lis "
    "Lup Mac Maj Mal Man Mărg Mat Mih Mir Mor Mun Neag Neg Nic Nis Oal Olar Oprea Pal Pan Paș Pat Păv Petr Pînz Plăc Pop "
    "Postol Prod Put Rad Ret Rob Rom Rot Sab Saj Săl Sav Scut Șer Sim Șoim Sol Span Stan Ștef Stoi Stratu Suc Șuf Tăb Talm "
    "Tăn Tim Tod Trand Tud Țapu Țig Țur Ung Văc Vas Vîlc Vint Viș Vlad Voic Vrab Zah Zam Zap Zub"
).split()
RO_ENDINGS = "escu eanu aru iu an ache oiu ari aș ean ciuc uță".split()
RO_PLACES = (
    "Chișinău Bălți Cahul Ungheni Soroca Orhei Comrat Edineț Călărași Florești Hîncești Ialoveni Strășeni Fălești Drochia "
    "Rîșcani Nisporeni Leova Cimișlia Căușeni Anenii Telenești Rezina Glodeni Ocnița Briceni Sîngerei Taraclia Basarabeasca "
    "Cantemir Iași Galați Vaslui Botoșani Suceava Bacău Focșani Tulcea Bîrlad Pașcani"
).split()
