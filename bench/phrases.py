"""What synthetic incidents say, in the languages that a synthetic site can have: the same things in each."""

from collections.abc import Mapping
from typing import NamedTuple


class Phrases(NamedTuple):
    """One language's words. Tuples of the same name are parallel in all languages: the same index, the same meaning."""

    groups: tuple[str, ...]
    components: tuple[str, ...]
    titles: tuple[str, ...]
    causes: tuple[str, ...]
    openings: Mapping[str, tuple[str, ...]]
    details: tuple[str, ...]
    steps: tuple[str, ...]


GROUP_IDS = ("portal", "accounts", "payments", "messages", "platform")

# Four for each group, in the order of the groups.
COMPONENT_IDS = (
    *("website", "search", "reports", "mobile-app"),
    *("login", "sign-up", "profiles", "permissions"),
    *("checkout", "invoices", "refunds", "subscriptions"),
    *("e-mail", "text-messages", "webhooks", "notifications"),
    *("public-api", "file-storage", "exports", "integrations"),
)

# id and tag of each title.
SYMPTOMS = (
    ("slow", "latency"),
    ("errors", "errors"),
    ("timeouts", "timeouts"),
    ("outage", "outage"),
    ("stale-data", "data"),
    ("failed-jobs", "queue"),
)

STATUSES = ("investigating", "identified", "identified", "monitoring", "resolved")

PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        groups=("Customer portal", "Accounts", "Payments", "Messages", "Platform"),
        components=(
            *("Website", "Search", "Reports", "Mobile app"),
            *("Login", "Sign-up", "Profiles", "Permissions"),
            *("Checkout", "Invoices", "Refunds", "Subscriptions"),
            *("E-mail", "Text messages", "Webhooks", "Notifications"),
            *("Public API", "File storage", "Exports", "Integrations"),
        ),
        titles=(
            "{component} is slow",
            "{component} answers with errors",
            "Requests to {component} time out",
            "{component} is not available",
            "{component} shows old data",
            "Jobs of {component} fail",
        ),
        causes=(
            "a release that uses more memory than before",
            "a certificate that was renewed on only some of the servers",
            "a database query that lost its index",
            "a provider whose network drops packets",
            "a queue that grew faster than it was emptied",
            "a wrong limit in the configuration of the cache",
        ),
        openings={
            "investigating": (
                "About **{percent} %** of requests to {component} fail since {time}. We are looking for the cause.",
                "Since {time} many of you cannot use {component}. **All of our engineers on call are on it.**",
            ),
            "identified": (
                "The cause is {cause}. We are going back to version `{version}`.",
                "We have found it: {cause}. The repair is being tested before it goes to all servers.",
            ),
            "monitoring": (
                "The repair has reached all servers, and {component} answers normally. We keep watching until {time}.",
                "Errors of {component} are below *0.{percent} %* again. What was waiting is being worked off.",
            ),
            "resolved": (
                "{component} has worked normally since {time}. The cause was {cause}.",
                "This is over: no errors of {component} for thirty minutes. We apologise for the trouble.",
            ),
        },
        details=(
            "No data has been lost, and nothing has to be done again on your side.",
            "Requests that failed can be sent again; those with the same `Idempotency-Key` count once.",
            "Customers in Europe are affected more than others, because their traffic passes through one region.",
            "If you call us about this, please name the time and the `request-id` that the page shows.",
            "Other parts of the service are not affected as far as we can see in our measurements.",
            "Scheduled work that was planned for today is postponed until everything has been stable for a day.",
        ),
        steps=(
            "new connections go to the second data centre",
            "version `{version}` is being taken back",
            "large exports wait until the load is normal",
        ),
    ),
    "fr": Phrases(
        groups=("Portail client", "Comptes", "Paiements", "Messages", "Plateforme"),
        components=(
            *("Site web", "Recherche", "Rapports", "Application mobile"),
            *("Connexion", "Inscription", "Profils", "Autorisations"),
            *("Paiement", "Factures", "Remboursements", "Abonnements"),
            *("Courriel", "SMS", "Webhooks", "Notifications"),
            *("API publique", "Stockage de fichiers", "Exports", "Intégrations"),
        ),
        titles=(
            "{component} : lenteurs",
            "{component} : réponses en erreur",
            "{component} : délais dépassés",
            "{component} : service indisponible",
            "{component} : données anciennes",
            "{component} : tâches en échec",
        ),
        causes=(
            "une version qui consomme plus de mémoire que la précédente",
            "un certificat renouvelé sur une partie des serveurs seulement",
            "une requête de base de données qui a perdu son index",
            "un fournisseur dont le réseau perd des paquets",
            "une file d'attente qui grandissait plus vite qu'elle ne se vidait",
            "une limite erronée dans la configuration du cache",
        ),
        openings={
            "investigating": (
                "Environ **{percent} %** des requêtes échouent depuis {time} ({component}). Nous cherchons la cause.",
                "Depuis {time}, beaucoup d'entre vous sont bloqués : {component}. **Toute l'astreinte est mobilisée.**",
            ),
            "identified": (
                "La cause est {cause}. Nous revenons à la version `{version}`.",
                "Nous avons trouvé : {cause}. Le correctif est testé avant d'aller sur tous les serveurs.",
            ),
            "monitoring": (
                "Le correctif est partout et les réponses normales : {component}. Nous surveillons jusqu'à {time}.",
                "Les erreurs sont repassées sous *0,{percent} %* ({component}). Ce qui attendait est en cours.",
            ),
            "resolved": (
                "Tout fonctionne normalement depuis {time} ({component}). La cause était {cause}.",
                "C'est terminé : aucune erreur depuis trente minutes ({component}). Toutes nos excuses.",
            ),
        },
        details=(
            "Aucune donnée n'a été perdue et vous n'avez rien à refaire de votre côté.",
            "Les requêtes échouées peuvent être renvoyées ; celles de même `Idempotency-Key` ne comptent qu'une fois.",
            "Les clients européens sont plus touchés que les autres, car leur trafic passe par une seule région.",
            "Si vous nous appelez, merci d'indiquer l'heure et le `request-id` affiché sur la page.",
            "Les autres parties du service ne sont pas touchées, d'après nos mesures.",
            "Les travaux prévus aujourd'hui sont reportés jusqu'à une journée entière de stabilité.",
        ),
        steps=(
            "les nouvelles connexions vont vers le second centre de données",
            "la version `{version}` est retirée",
            "les gros exports attendent que la charge soit normale",
        ),
    ),
    "es": Phrases(
        groups=("Portal de clientes", "Cuentas", "Pagos", "Mensajes", "Plataforma"),
        components=(
            *("Sitio web", "Búsqueda", "Informes", "Aplicación móvil"),
            *("Inicio de sesión", "Registro", "Perfiles", "Permisos"),
            *("Pago", "Facturas", "Reembolsos", "Suscripciones"),
            *("Correo", "SMS", "Webhooks", "Notificaciones"),
            *("API pública", "Archivos", "Exportaciones", "Integraciones"),
        ),
        titles=(
            "{component}: lentitud",
            "{component}: respuestas con error",
            "{component}: tiempos de espera agotados",
            "{component}: servicio no disponible",
            "{component}: datos antiguos",
            "{component}: tareas fallidas",
        ),
        causes=(
            "una versión que usa más memoria que la anterior",
            "un certificado renovado solo en una parte de los servidores",
            "una consulta de la base de datos que perdió su índice",
            "un proveedor cuya red pierde paquetes",
            "una cola que crecía más deprisa de lo que se vaciaba",
            "un límite equivocado en la configuración de la caché",
        ),
        openings={
            "investigating": (
                "Cerca del **{percent} %** de las peticiones falla desde las {time} ({component}). Buscamos la causa.",
                "Desde las {time} muchos de ustedes no pueden trabajar: {component}. **Todo el equipo está en ello.**",
            ),
            "identified": (
                "La causa es {cause}. Volvemos a la versión `{version}`.",
                "La hemos encontrado: {cause}. La reparación se prueba antes de llegar a todos los servidores.",
            ),
            "monitoring": (
                "La reparación está en todos los servidores: {component}. Seguimos vigilando hasta las {time}.",
                "Los errores vuelven a estar por debajo del *0,{percent} %* ({component}). Lo pendiente avanza.",
            ),
            "resolved": (
                "Todo funciona con normalidad desde las {time} ({component}). La causa fue {cause}.",
                "Ha terminado: ningún error en treinta minutos ({component}). Pedimos disculpas por las molestias.",
            ),
        },
        details=(
            "No se ha perdido ningún dato y no hace falta repetir nada por su parte.",
            "Las peticiones fallidas pueden repetirse; las que llevan la misma `Idempotency-Key` cuentan una vez.",
            "Los clientes de Europa están más afectados, porque su tráfico pasa por una sola región.",
            "Si nos llama, indique por favor la hora y el `request-id` que muestra la página.",
            "Otras partes del servicio no están afectadas, según nuestras mediciones.",
            "Los trabajos previstos para hoy se aplazan hasta que todo lleve un día estable.",
        ),
        steps=(
            "las conexiones nuevas van al segundo centro de datos",
            "se retira la versión `{version}`",
            "las exportaciones grandes esperan a que la carga sea normal",
        ),
    ),
    "sv": Phrases(
        groups=("Kundportalen", "Konton", "Betalningar", "Meddelanden", "Plattformen"),
        components=(
            *("Webbplatsen", "Sökningen", "Rapporterna", "Mobilappen"),
            *("Inloggningen", "Registreringen", "Profilerna", "Behörigheterna"),
            *("Kassan", "Fakturorna", "Återbetalningarna", "Prenumerationerna"),
            *("E-posten", "Sms", "Webhooks", "Aviseringarna"),
            *("Det öppna API:et", "Fillagringen", "Exporten", "Integrationerna"),
        ),
        titles=(
            "{component}: långsamma svar",
            "{component}: svar med fel",
            "{component}: svar som uteblir",
            "{component}: ur funktion",
            "{component}: gamla uppgifter",
            "{component}: jobb som misslyckas",
        ),
        causes=(
            "en version som använder mer minne än den förra",
            "ett certifikat som förnyades på bara en del av servrarna",
            "en databasfråga som tappade sitt index",
            "en leverantör vars nät tappar paket",
            "en kö som växte fortare än den tömdes",
            "en felaktig gräns i cachens inställningar",
        ),
        openings={
            "investigating": (
                "Ungefär **{percent} %** av anropen misslyckas sedan {time} ({component}). Vi söker orsaken.",
                "Sedan {time} står det still för många av er: {component}. **Hela jouren arbetar med det.**",
            ),
            "identified": (
                "Orsaken är {cause}. Vi går tillbaka till version `{version}`.",
                "Vi har hittat den: {cause}. Rättningen provas innan den går ut till alla servrar.",
            ),
            "monitoring": (
                "Rättningen finns på alla servrar och svaren är normala: {component}. Vi bevakar till {time}.",
                "Felen är åter under *0,{percent} %* ({component}). Det som väntade arbetas av.",
            ),
            "resolved": (
                "Allt fungerar normalt sedan {time} ({component}). Orsaken var {cause}.",
                "Det är över: inga fel på trettio minuter ({component}). Vi ber om ursäkt för besväret.",
            ),
        },
        details=(
            "Inga uppgifter har gått förlorade och ni behöver inte göra om något.",
            "Anrop som misslyckades kan skickas igen; de med samma `Idempotency-Key` räknas en gång.",
            "Kunder i Europa drabbas mer än andra, eftersom deras trafik går genom en enda region.",
            "Om ni ringer oss, ange gärna klockslaget och det `request-id` som sidan visar.",
            "Andra delar av tjänsten är inte berörda, enligt våra mätningar.",
            "Arbeten som var planerade till i dag skjuts upp tills allt varit stabilt ett dygn.",
        ),
        steps=(
            "nya anslutningar går till det andra datacentret",
            "version `{version}` tas tillbaka",
            "stora exporter väntar tills belastningen är normal",
        ),
    ),
    "de": Phrases(
        groups=("Kundenportal", "Konten", "Zahlungen", "Nachrichten", "Plattform"),
        components=(
            *("Website", "Suche", "Berichte", "Mobile App"),
            *("Anmeldung", "Registrierung", "Profile", "Berechtigungen"),
            *("Kasse", "Rechnungen", "Erstattungen", "Abonnements"),
            *("E-Mail", "SMS", "Webhooks", "Benachrichtigungen"),
            *("Öffentliche API", "Dateiablage", "Exporte", "Anbindungen"),
        ),
        titles=(
            "{component}: langsame Antworten",
            "{component}: Antworten mit Fehlern",
            "{component}: Zeitüberschreitungen",
            "{component}: nicht erreichbar",
            "{component}: veraltete Daten",
            "{component}: fehlgeschlagene Aufträge",
        ),
        causes=(
            "eine Version, die mehr Speicher braucht als die vorige",
            "ein Zertifikat, das nur auf einem Teil der Server erneuert wurde",
            "eine Datenbankabfrage, die ihren Index verloren hat",
            "ein Anbieter, dessen Netz Pakete verliert",
            "eine Warteschlange, die schneller wuchs, als sie geleert wurde",
            "eine falsche Grenze in den Einstellungen des Zwischenspeichers",
        ),
        openings={
            "investigating": (
                "Etwa **{percent} %** der Anfragen scheitern seit {time} ({component}). Wir suchen die Ursache.",
                "Seit {time} können viele von Ihnen nicht arbeiten: {component}. **Die ganze Bereitschaft hilft mit.**",
            ),
            "identified": (
                "Die Ursache ist {cause}. Wir gehen auf Version `{version}` zurück.",
                "Wir haben sie gefunden: {cause}. Die Korrektur wird geprüft, bevor sie auf alle Server kommt.",
            ),
            "monitoring": (
                "Die Korrektur ist auf allen Servern, alles antwortet: {component}. Wir beobachten bis {time}.",
                "Die Fehler liegen wieder unter *0,{percent} %* ({component}). Was wartete, wird abgearbeitet.",
            ),
            "resolved": (
                "Alles läuft seit {time} wieder normal ({component}). Die Ursache war {cause}.",
                "Es ist vorbei: keine Fehler seit dreißig Minuten ({component}). Wir bitten um Entschuldigung.",
            ),
        },
        details=(
            "Es sind keine Daten verloren gegangen, und Sie müssen nichts wiederholen.",
            "Gescheiterte Anfragen können erneut gesendet werden; gleiche `Idempotency-Key` zählen einmal.",
            "Kunden in Europa sind stärker betroffen, weil ihr Verkehr durch eine einzige Region läuft.",
            "Wenn Sie uns anrufen, nennen Sie bitte die Uhrzeit und die `request-id` auf der Seite.",
            "Andere Teile des Dienstes sind nach unseren Messungen nicht betroffen.",
            "Für heute geplante Arbeiten werden verschoben, bis alles einen Tag lang stabil war.",
        ),
        steps=(
            "neue Verbindungen gehen zum zweiten Rechenzentrum",
            "Version `{version}` wird zurückgenommen",
            "große Exporte warten, bis die Last normal ist",
        ),
    ),
    "nl": Phrases(
        groups=("Klantportaal", "Accounts", "Betalingen", "Berichten", "Platform"),
        components=(
            *("Website", "Zoeken", "Rapporten", "Mobiele app"),
            *("Inloggen", "Registratie", "Profielen", "Rechten"),
            *("Kassa", "Facturen", "Terugbetalingen", "Abonnementen"),
            *("E-mail", "Sms", "Webhooks", "Meldingen"),
            *("Openbare API", "Bestanden", "Exports", "Koppelingen"),
        ),
        titles=(
            "{component}: trage antwoorden",
            "{component}: antwoorden met fouten",
            "{component}: verzoeken die verlopen",
            "{component}: niet beschikbaar",
            "{component}: oude gegevens",
            "{component}: mislukte taken",
        ),
        causes=(
            "een versie die meer geheugen gebruikt dan de vorige",
            "een certificaat dat maar op een deel van de servers is vernieuwd",
            "een databasevraag die haar index kwijt was",
            "een leverancier wiens netwerk pakketten verliest",
            "een wachtrij die sneller groeide dan ze leeg raakte",
            "een verkeerde grens in de instellingen van de cache",
        ),
        openings={
            "investigating": (
                "Ongeveer **{percent} %** van de verzoeken mislukt sinds {time} ({component}). We zoeken de oorzaak.",
                "Sinds {time} kunnen velen van u niet werken: {component}. **Iedereen met dienst helpt mee.**",
            ),
            "identified": (
                "De oorzaak is {cause}. We gaan terug naar versie `{version}`.",
                "We hebben haar gevonden: {cause}. De reparatie wordt getest voor ze naar alle servers gaat.",
            ),
            "monitoring": (
                "De reparatie staat op alle servers en alles antwoordt: {component}. We letten op tot {time}.",
                "De fouten zijn weer onder *0,{percent} %* ({component}). Wat wachtte wordt weggewerkt.",
            ),
            "resolved": (
                "Alles werkt sinds {time} weer normaal ({component}). De oorzaak was {cause}.",
                "Het is voorbij: dertig minuten geen fouten ({component}). Onze excuses voor het ongemak.",
            ),
        },
        details=(
            "Er zijn geen gegevens verloren gegaan en u hoeft niets opnieuw te doen.",
            "Mislukte verzoeken kunnen opnieuw worden verstuurd; dezelfde `Idempotency-Key` telt één keer.",
            "Klanten in Europa hebben er meer last van, omdat hun verkeer door één regio gaat.",
            "Belt u ons hierover, noem dan het tijdstip en de `request-id` op de pagina.",
            "Andere delen van de dienst zijn volgens onze metingen niet geraakt.",
            "Werk dat voor vandaag gepland was, wordt uitgesteld tot alles een dag stabiel is.",
        ),
        steps=(
            "nieuwe verbindingen gaan naar het tweede datacentrum",
            "versie `{version}` wordt teruggedraaid",
            "grote exports wachten tot de belasting normaal is",
        ),
    ),
}
