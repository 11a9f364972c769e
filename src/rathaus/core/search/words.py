"""Words of a text, and the words that carry no meaning of their own."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
LONGEST_QUESTION = 300


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GERMAN_STOP_WORDS = _words(
    """
    aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch
    auf aus bei beim bekomme bekommen bin bis bist bitte brauche brauchen braucht da damit dann
    darf das dass dein deine dem den denn der des dich die dies diese diesem diesen dieser
    dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer eure
    finde finden für gehe geht gern gerne gibt habe haben hat hatte hatten hier ich ihm ihn
    ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jetzt kann
    kannst kriege kriegen können könnte laut mache machen man mein meine meinem meinen meiner mich
    mir mit muss möchte müssen nach nicht noch nun nur ob oder ohne sehr sein seine seinem
    seinen seiner sich sie sind so soll sollen sollte sondern um und uns unser unsere unter viel
    vom von vor wann war waren warum was weil welche welchem welchen welcher welches wenn wer
    werde werden wie wieder will wir wird wo wofür woher wohin wollen worden wurde wurden würde
    zu zum zur
    """
)
ENGLISH_STOP_WORDS = _words(
    """
    a about after all also am an and any are as at be because been but by can could did do does
    for from get had has have how i if in into is it its like me my need no not of on or our out
    please she should so some than that the their them then there these they this those to up us
    want was we were what when where which who why will with would you your
    """
)


def words_of(text: str) -> list[str]:
    """Lower-case runs of letters and digits, with composed umlauts."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())
