"""Countries by their calling code (ITU-T E.164), as people call them. Indonesia first, then its neighbours."""

from typing import Final, NamedTuple

from otpbroker.texts import Language


class Country(NamedTuple):
    code: str
    english: str
    indonesian: str

    def name(self, language: Language) -> str:
        return self.indonesian if language == "id" else self.english


HOME: Final = "62"
COUNTRIES: Final = tuple(
    Country(*each.split("|"))
    for each in (
        "62|Indonesia|Indonesia",
        "60|Malaysia|Malaysia",
        "65|Singapore|Singapura",
        "673|Brunei|Brunei",
        "670|Timor-Leste|Timor Leste",
        "63|Philippines|Filipina",
        "66|Thailand|Thailand",
        "84|Vietnam|Vietnam",
        "855|Cambodia|Kamboja",
        "856|Laos|Laos",
        "95|Myanmar|Myanmar",
        "675|Papua New Guinea|Papua Nugini",
        "61|Australia|Australia",
        "64|New Zealand|Selandia Baru",
        "880|Bangladesh|Bangladesh",
        "91|India|India",
        "92|Pakistan|Pakistan",
        "94|Sri Lanka|Sri Lanka",
        "977|Nepal|Nepal",
        "86|China|Tiongkok",
        "81|Japan|Jepang",
        "82|South Korea|Korea Selatan",
        "852|Hong Kong|Hong Kong",
        "886|Taiwan|Taiwan",
        "966|Saudi Arabia|Arab Saudi",
        "971|United Arab Emirates|Uni Emirat Arab",
        "974|Qatar|Qatar",
        "965|Kuwait|Kuwait",
        "968|Oman|Oman",
        "962|Jordan|Yordania",
        "90|Türkiye|Turki",
        "20|Egypt|Mesir",
        "212|Morocco|Maroko",
        "234|Nigeria|Nigeria",
        "233|Ghana|Ghana",
        "254|Kenya|Kenya",
        "255|Tanzania|Tanzania",
        "27|South Africa|Afrika Selatan",
        "44|United Kingdom|Inggris Raya",
        "353|Ireland|Irlandia",
        "31|Netherlands|Belanda",
        "32|Belgium|Belgia",
        "33|France|Prancis",
        "34|Spain|Spanyol",
        "351|Portugal|Portugal",
        "39|Italy|Italia",
        "41|Switzerland|Swiss",
        "43|Austria|Austria",
        "45|Denmark|Denmark",
        "46|Sweden|Swedia",
        "47|Norway|Norwegia",
        "358|Finland|Finlandia",
        "48|Poland|Polandia",
        "49|Germany|Jerman",
        "420|Czechia|Ceko",
        "36|Hungary|Hungaria",
        "40|Romania|Rumania",
        "30|Greece|Yunani",
        "380|Ukraine|Ukraina",
        "7|Russia, Kazakhstan|Rusia, Kazakstan",
        "1|United States, Canada|Amerika Serikat, Kanada",
        "52|Mexico|Meksiko",
        "55|Brazil|Brasil",
        "54|Argentina|Argentina",
        "56|Chile|Cile",
        "57|Colombia|Kolombia",
        "51|Peru|Peru",
        "597|Suriname|Suriname",
    )
)


def name_of(code: str, language: Language) -> str:
    """Empty for a country that the list does not have."""
    return next((country.name(language) for country in COUNTRIES if country.code == code), "")
