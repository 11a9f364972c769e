"""The payment service's own pages: the only place in the demo with a field for a card number."""

from html import escape

from rathaus.demo.payment_service.books import Thing

STYLE = """
*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1a1f36}
main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.note{background:#fff4d6;border:2px solid #8a6100;border-radius:.5rem;padding:.75rem 1rem}
h1{font-size:1.4rem;margin:1.5rem 0 .25rem}.sum{font-size:2rem;font-weight:600;margin:.25rem 0}
dl{margin:0 0 1rem}dl div{display:flex;justify-content:space-between;gap:1rem;padding:.25rem 0;border-bottom:1px solid #d5dae3}
dt,dd{margin:0}dd{white-space:nowrap}label{display:block;margin:1rem 0 .25rem;font-weight:600}
input,select{width:100%;font:inherit;padding:.6rem;border:2px solid #5b6478;border-radius:.4rem;background:#fff;color:inherit}
button{width:100%;font:inherit;font-weight:600;padding:.75rem;border-radius:.4rem;border:2px solid #2c3ea8;margin-top:.75rem;cursor:pointer;background:#fff;color:#2c3ea8}
button.first{background:#2c3ea8;color:#fff}
.bad{color:#a3132c;font-weight:600}:focus-visible{outline:3px solid #1a1f36;outline-offset:2px}
"""  # noqa: E501 - a style sheet
_CARD = """
<label for="card">Kartennummer</label>
<input id="card" name="card" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242">
"""
_BANK = """
<label for="bank">Ihre Bank</label>
<select id="bank" name="bank">
<option>Übungsbank Oberösterreich</option><option>Musterkassa</option>
</select>
"""


def pay_page(session: Thing, *, shop: str, declined: bool) -> str:
    """The page on which somebody pays, is declined, or goes back."""
    lines = "".join(
        f"<div><dt>{escape(words)}</dt><dd>{euros(cents)}</dd></div>"
        for words, cents in session["words"]
    )
    is_eps = session["payment_method_types"] == ["eps"]
    refused = (
        '<p class="bad" role="alert">Die Zahlung wurde abgelehnt. Versuchen Sie es anders.</p>'
    )
    return page(
        "Bezahlen",
        f"""
<h1>{"eps-Überweisung" if is_eps else "Mit Karte bezahlen"} an {escape(shop)}</h1>
<p class="sum">{euros(session["amount_total"])}</p>
<dl>{lines}</dl>
{refused if declined else ""}
<form method="post">
{_BANK if is_eps else _CARD}
<button class="first" name="deed" value="pay">{euros(session["amount_total"])} bezahlen</button>
<button name="deed" value="decline">So tun, als lehnte die Bank ab</button>
<button name="deed" value="later">Bezahlen, das Geld kommt etwas später</button>
<button name="deed" value="cancel">Abbrechen und zurück</button>
</form>""",
    )


def over_page(session: Thing) -> str:
    """Nothing to pay any more."""
    words = "ist bezahlt" if session["status"] == "complete" else "ist abgelaufen"
    return page("Nicht mehr offen", f"<h1>Diese Zahlung {words}.</h1>")


def page(title: str, body: str) -> str:
    """A whole page."""
    return f"""<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>{escape(title)} · Übungs-Zahlungsdienst</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><main><p class="note">Das ist ein Zahlungsdienst zum Üben. Es fließt kein
Geld. Geben Sie keine echte Kartennummer ein.</p>{body}</main></body></html>"""


def euros(cents: int) -> str:
    """An amount as people write it."""
    whole, part = divmod(cents, 100)
    return f"€ {whole:,}".replace(",", ".") + f",{part:02d}"
