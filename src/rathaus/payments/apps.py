"""Registers the payments domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, MenuItem, Right, register


class PaymentsConfig(AppConfig):
    """The payments domain."""

    name = "rathaus.payments"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.payments.facts import case_facts, next_steps  # models are loaded only now
        from rathaus.payments.personal_data import matters, personal_data
        from rathaus.payments.queries.dashboard import cards

        register(
            Domain(
                slug="payments",
                name=_("Zahlungen"),
                rights=(
                    Right("payments.read", _("Forderungen sehen")),
                    Right("payments.raise", _("Forderungen vorschreiben")),
                    Right("payments.cancel", _("Forderungen stornieren")),
                    Right("payments.receive", _("Zahlungen annehmen")),
                    Right("payments.give_back", _("Geld zurückzahlen")),
                    Right("payments.set_off", _("Guthaben verrechnen")),
                    Right("payments.instalments", _("Ratenzahlung gewähren")),
                    Right("payments.dun", _("Mahnen")),
                    Right("payments.take_cash", _("Bargeld annehmen und Kassa abschließen")),
                    Right("payments.manage_desks", _("Barkassen einrichten")),
                    Right("payments.ledger", _("Buchhaltung sehen")),
                    Right("payments.bank", _("Bankkonto abgleichen")),
                    Right("payments.levies", _("Wiederkehrende Abgaben führen")),
                    Right("payments.close", _("Zeiträume abschließen und Buchungen übergeben")),
                ),
                staff_menu=(
                    MenuItem(
                        _("Barkassen"),
                        "payments:desks",
                        icon="coins",
                        right="payments.take_cash",
                        order=58,
                    ),
                    MenuItem(
                        _("Rückzahlungen"),
                        "payments:refunds",
                        icon="arrow-left",
                        right="payments.give_back",
                        order=60,
                    ),
                    MenuItem(
                        _("Abgaben"),
                        "payments:levies",
                        icon="history",
                        right="payments.levies",
                        order=59,
                    ),
                    MenuItem(
                        _("Kautionen"),
                        "payments:deposits",
                        icon="lock",
                        right="payments.give_back",
                        order=61,
                    ),
                    MenuItem(
                        _("Mahnschreiben"),
                        "payments:letters",
                        icon="print",
                        right="payments.dun",
                        order=62,
                    ),
                    MenuItem(
                        _("Buchhaltung"),
                        "payments:journal",
                        icon="book",
                        right="payments.ledger",
                        order=64,
                    ),
                    MenuItem(
                        _("Bankkonto"),
                        "payments:bank",
                        icon="euro",
                        right="payments.bank",
                        order=58,
                    ),
                ),
                deeds={
                    "payments.bank": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.bank_movement": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.clear_movement": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.refuse_movement": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.mark_movement_seen": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.take_bank_files": _("Eine Überweisung von Ihnen wurde angesehen"),
                    "payments.bank_file_taken": _("Ein Kontoauszug wurde eingelesen"),
                    "payments.bank_movement_seen": _("Eine Kontobewegung wurde erledigt"),
                    "payments.claims": _("Die Forderungen an Sie wurden angesehen"),
                    "payments.claim_raised": _("Eine Forderung an Sie wurde vorgeschrieben"),
                    "payments.claim_fell_due": _("Eine Forderung an Sie wurde fällig gestellt"),
                    "payments.claim_cancelled": _("Eine Forderung an Sie wurde storniert"),
                    "payments.claim_taken_over": _(
                        "Eine Forderung wurde aus Ihrem Gastzugang übernommen"
                    ),
                    "payments.payment_started": _("Sie haben eine Zahlung begonnen"),
                    "payments.payment_succeeded": _("Eine Zahlung von Ihnen war erfolgreich"),
                    "payments.payment_failed": _("Eine Zahlung von Ihnen ist fehlgeschlagen"),
                    "payments.payment_cancelled": _("Eine Zahlung von Ihnen wurde abgebrochen"),
                    "payments.payment_expired": _("Die Zeit für eine Zahlung ist abgelaufen"),
                    "payments.payment_held": _("Eine Zahlung von Ihnen wird geprüft"),
                    "payments.held_booked": _("Eine geprüfte Zahlung von Ihnen wurde verbucht"),
                    "payments.held_dropped": _("Eine geprüfte Zahlung von Ihnen wurde verworfen"),
                    "payments.held": _("Eine geprüfte Zahlung von Ihnen wurde angesehen"),
                    "payments.desk": _("Am Schalter wurde nachgesehen, was Sie zu zahlen haben"),
                    "payments.take_cash": _("Am Schalter wurde nachgesehen, was Sie zahlen"),
                    "payments.cash_taken": _("Am Schalter wurde Geld von Ihnen angenommen"),
                    "payments.desk_added": _("Eine Barkassa wurde eingerichtet"),
                    "payments.desk_opened": _("Eine Barkassa wurde geöffnet"),
                    "payments.desk_closed": _("Eine Barkassa wurde abgeschlossen"),
                    "payments.period_closed": _("Ein Zeitraum wurde abgeschlossen"),
                    "payments.exported": _("Buchungen wurden an die Buchhaltung übergeben"),
                    "payments.chart_installed": _("Der Kontenplan wurde geändert"),
                    "payments.claim": _("Eine Forderung an Sie wurde angesehen"),
                    "payments.split": _("Eine Forderung an Sie wurde angesehen"),
                    "payments.return_money": _("Eine Forderung an Sie wurde angesehen"),
                    "payments.receipt": _("Ein Zahlungsbeleg von Ihnen wurde angesehen"),
                    "payments.refunds": _("Eine Rückzahlung an Sie wurde angesehen"),
                    "payments.hand_over_transfers": _("Eine Rückzahlung an Sie wurde angesehen"),
                    "payments.end_refund": _("Eine Rückzahlung an Sie wurde bearbeitet"),
                    "payments.fail_refund": _("Eine Rückzahlung an Sie wurde bearbeitet"),
                    "payments.letters": _("Mahnschreiben an Sie wurden angesehen"),
                    "payments.letter": _("Ein Mahnschreiben an Sie wurde angesehen"),
                    "payments.levies": _("Eine Abgabe von Ihnen wurde angesehen"),
                    "payments.levy": _("Eine Abgabe von Ihnen wurde angesehen"),
                    "payments.begin_levy": _("Eine Abgabe von Ihnen wurde angesehen"),
                    "payments.change_levy": _("Eine Abgabe von Ihnen wurde angesehen"),
                    "payments.end_levy": _("Eine Abgabe von Ihnen wurde angesehen"),
                    "payments.notice": _("Eine Vorschreibung an Sie wurde angesehen"),
                    "payments.levies_installed": _("Tarife von Abgaben wurden geändert"),
                    "payments.levy_begun": _("Eine Abgabe, die jedes Jahr fällig ist, beginnt"),
                    "payments.levy_raised": _("Eine Abgabe wurde für ein Jahr vorgeschrieben"),
                    "payments.levy_changed": _("Eine Abgabe von Ihnen wurde geändert"),
                    "payments.levy_ended": _("Eine Abgabe von Ihnen wurde beendet"),
                    "payments.levy_taken_over": _(
                        "Eine Abgabe wurde aus Ihrem Gastzugang übernommen"
                    ),
                    "payments.deposits": _("Eine Kaution von Ihnen wurde angesehen"),
                    "payments.deposit": _("Eine Kaution von Ihnen wurde angesehen"),
                    "payments.return_deposit": _("Eine Kaution von Ihnen wurde angesehen"),
                    "payments.set_return_day": _("Eine Kaution von Ihnen wurde angesehen"),
                    "payments.deposit_returned": _("Über Ihre Kaution wurde entschieden"),
                    "payments.deposit_day_set": _("Der Tag für Ihre Kaution wurde festgelegt"),
                    "payments.received": _("Eine Zahlung von Ihnen wurde verbucht"),
                    "payments.set_off": _("Ihr Guthaben wurde verrechnet"),
                    "payments.refund_requested": _("Eine Rückzahlung an Sie wurde beauftragt"),
                    "payments.refund_sent": _("Eine Rückzahlung an Sie wurde abgesandt"),
                    "payments.refund_done": _("Eine Rückzahlung an Sie ist erledigt"),
                    "payments.refund_failed": _("Eine Rückzahlung an Sie ist gescheitert"),
                    "payments.instalments_granted": _("Eine Ratenzahlung wurde Ihnen gewährt"),
                    "payments.instalments_lapsed": _("Ihre Ratenzahlung ist hinfällig"),
                    "payments.dunned": _("Eine Zahlung wurde bei Ihnen eingemahnt"),
                },
                citizen_menu=(
                    MenuItem(
                        _("Meine Zahlungen"), "payments:mine", icon="euro", order=35, private=True
                    ),
                ),
                dashboard=cards,
                matters=matters,
                personal_data=personal_data,
                case_facts=case_facts,
                next_steps=next_steps,
            )
        )
