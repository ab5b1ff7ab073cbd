"""The severities of a site that settles none of its own, in every language that the interface has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.record.model import Severity, Words
from generator.terms import Impact, Level

_NAMES: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "en": ("Critical", "High", "Medium", "Low"),
        "fr": ("Critique", "Élevée", "Moyenne", "Faible"),
        "es": ("Crítica", "Alta", "Media", "Baja"),
        "sv": ("Kritisk", "Hög", "Medel", "Låg"),
        "de": ("Kritisch", "Hoch", "Mittel", "Niedrig"),
        "ja": ("緊急", "高", "中", "低"),
        "pt-BR": ("Crítica", "Alta", "Média", "Baixa"),
        "ar": ("حرجة", "عالية", "متوسطة", "منخفضة"),
    }
)

_MEANINGS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "en": (
            "The service is down for most people, or data or money is at risk.",
            "An important function works badly for many; there is a way around it.",
            "A smaller function is broken, or a few people are affected.",
            "Something looks wrong, but everything can be used.",
        ),
        "fr": (
            "Le service est indisponible pour la plupart, ou des données ou de l’argent sont en jeu.",
            "Une fonction importante marche mal pour beaucoup ; un contournement existe.",
            "Une fonction secondaire est en panne, ou peu de personnes sont touchées.",
            "Un défaut se voit, mais tout reste utilisable.",
        ),
        "es": (
            "El servicio no funciona para la mayoría, o hay datos o dinero en riesgo.",
            "Una función importante falla para muchos; existe una alternativa.",
            "Una función menor no funciona, o afecta a pocas personas.",
            "Algo se ve mal, pero todo se puede usar.",
        ),
        "sv": (
            "Tjänsten ligger nere för de flesta, eller data eller pengar står på spel.",
            "En viktig funktion fungerar dåligt för många; det finns en väg runt.",
            "En mindre funktion är trasig, eller få personer berörs.",
            "Något ser fel ut, men allt går att använda.",
        ),
        "de": (
            "Der Dienst ist für die meisten ausgefallen, oder Daten oder Geld sind in Gefahr.",
            "Eine wichtige Funktion arbeitet für viele schlecht; es gibt einen anderen Weg.",
            "Eine kleinere Funktion ist gestört, oder nur wenige sind betroffen.",
            "Etwas sieht falsch aus, aber alles ist benutzbar.",
        ),
        "ja": (
            "ほとんどの利用者がサービスを使えない、またはデータや金銭が失われるおそれがあります。",
            "重要な機能が多くの利用者で正しく動作しませんが、回避策があります。",
            "一部の小さな機能が動作しない、または影響を受ける利用者がごく少数です。",
            "表示に誤りがありますが、すべての機能を利用できます。",
        ),
        "pt-BR": (
            "O serviço está fora do ar para a maioria, ou há dados ou dinheiro em risco.",
            "Uma função importante vai mal para muitas pessoas; há um caminho alternativo.",
            "Uma função menor não funciona, ou poucas pessoas são afetadas.",
            "Algo parece errado, mas tudo pode ser usado.",
        ),
        "ar": (
            "الخدمة متوقفة عن معظم المستخدمين، أو ثمة خطر على البيانات أو الأموال.",
            "وظيفة مهمة لا تعمل كما ينبغي لدى كثيرين، ويوجد سبيل بديل.",
            "وظيفة ثانوية معطلة، أو المتأثرون قليلون.",
            "ثمة خلل في المظهر، لكن كل شيء قابل للاستخدام.",
        ),
    }
)


def _texts(texts: Mapping[str, tuple[str, str, str, str]], row: int) -> Words:
    return Words({lang: rows[row] for lang, rows in texts.items()})


SEVERITIES = tuple(
    Severity(
        f"sev{row + 1}", _texts(_NAMES, row), _texts(_MEANINGS, row),
        state, impact, (f"P{row + 1}",), respond, update, postmortem=postmortem,
    )
    for row, (state, impact, respond, update, postmortem) in enumerate(
        (
            (Level.MAJOR_OUTAGE, Impact.CRITICAL, 5, 30, True),
            (Level.PARTIAL_OUTAGE, Impact.MAJOR, 15, 60, True),
            (Level.DEGRADED_PERFORMANCE, Impact.MINOR, 60, 240, False),
            (Level.OPERATIONAL, Impact.NONE, 1440, None, False),
        )
    )
)  # fmt: skip
"""The matrix, worst first: times to respond and between updates are minutes."""
