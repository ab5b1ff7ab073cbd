"""What synthetic sites say that must be hard on a page: long titles, in every language that there are words for."""

from __future__ import annotations

from collections.abc import Mapping

LOGIN_TITLES: Mapping[str, str] = {
    "en": "Signing in to the customer portal, the mobile app and the public API fails for most people in all regions",
    "fr": "La connexion au portail client, à l’application mobile et à l’API publique échoue dans toutes les régions",
    "es": "El inicio de sesión en el portal de clientes, la aplicación móvil y la API pública falla en todas partes",
    "sv": "Det går inte att logga in i kundportalen, mobilappen eller det öppna gränssnittet, oavsett region",
    "de": "Anmeldung im Kundenportal, in der Mobilanwendung und an der öffentlichen Programmierschnittstelle gestört",
    "pt-BR": "O acesso ao portal do cliente, ao aplicativo e à API pública falha para a maioria das pessoas",
    "ja": "すべての地域で、お客様ポータル、モバイルアプリ、公開APIへのログインがほとんどの方に対して失敗しています",
    "ar": "يتعذر تسجيل الدخول إلى بوابة العملاء وتطبيق الهاتف وواجهة البرمجة العامة لمعظم المستخدمين في جميع المناطق",
}

WEBHOOK_TITLES: Mapping[str, str] = {
    "en": "Webhooks of https://hooks.lumen.example/v2/organisations/subscriptions/deliveries arrive up to an hour late",
    "fr": "Les webhooks et les notifications par courriel arrivent avec jusqu’à une heure de retard",
    "es": "Los webhooks y los avisos por correo electrónico llegan con hasta una hora de retraso",
    "sv": "Webhookleveranser och e-postaviseringar kommer upp till en timme för sent",
    "de": "Webhook-Zustellungsbestätigungen und E-Mail-Benachrichtigungen kommen bis zu eine Stunde verspätet an",
    "pt-BR": "Webhooks e notificações por e-mail chegam com até uma hora de atraso",
    "ja": "Webhookとメール通知が最大1時間遅れて届いています",
    "ar": "تصل إشعارات Webhook ورسائل البريد الإلكتروني متأخرة حتى ساعة",
}

STORAGE_TITLES: Mapping[str, str] = {
    "en": "File storage moves to the second data centre",
    "fr": "Le stockage de fichiers passe dans le second centre de données",
    "es": "El almacenamiento de ficheros se traslada al segundo centro de datos",
    "sv": "Fillagringen flyttar till det andra datacentret",
    "de": "Der Dateispeicher zieht in das zweite Rechenzentrum um",
    "pt-BR": "O armazenamento de arquivos muda para o segundo data center",
    "ja": "ファイルストレージを第2データセンターへ移行します",
    "ar": "نقل تخزين الملفات إلى مركز البيانات الثاني",
}

LEDGER_TITLES: Mapping[str, str] = {
    "en": "New ledger for invoices, refunds and subscriptions",
    "fr": "Nouveau grand livre pour factures, remboursements et abonnements",
    "es": "Nuevo libro mayor para facturas, devoluciones y suscripciones",
    "sv": "Ny huvudbok för fakturor, återbetalningar och abonnemang",
    "de": "Neues Hauptbuch für Rechnungen, Erstattungen und Abonnements",
    "pt-BR": "Novo livro-razão para faturas, reembolsos e assinaturas",
    "ja": "請求書・返金・定期購読の新しい台帳",
    "ar": "دفتر حسابات جديد للفواتير والمبالغ المستردة والاشتراكات",
}

HARD_TEXT = """\
A word that is too long for any screen: `Verbindungsaufrechterhaltungszeitüberschreitungsbenachrichtigungsdienst`, and
an address, <https://help.lumen.example/articles/2026/11/signing-in-with-a-one-time-code-while-the-provider-is-down>.

| Region | Requests that fail | Since | What you can do |
|---|---|---|---|
| Europe (Stockholm, Frankfurt, Paris) | 92 % | 08:12 UTC | stay signed in where you are |
| North America (Virginia, Oregon) | 61 % | 08:31 UTC | sign in with a one-time code |

```
POST /v2/sessions HTTP/1.1 -> 503 Service Unavailable; retry-after: 120; x-request-id: 7f3a9c1e-52d0-4a7e-9b2f
```
"""
