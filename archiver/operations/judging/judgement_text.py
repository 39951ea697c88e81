"""What became of rules, in the words of one language: for the screen and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from formats.errors import Fact, in_words
from formats.judging.judgement import Conformity, Judgement, RulePlace, RuleState, RuleVerdict
from formats.judging.pdlgc.profiles import PROFILES
from formats.judging.rules import JudgingRule, Obligation
from formats.printable import printable
from formats.words import Words, mark, plural

RESULTS = {
    Conformity.CONFORMS: mark("It conforms, as far as it was examined."),
    Conformity.BROKEN: mark("It does not conform."),
    Conformity.UNEXAMINED: mark("It could not be examined."),
}
OBLIGATIONS = {
    Obligation.MUST: mark("must"),
    Obligation.SHOULD: mark("should"),
    Obligation.REMARK: mark("remark"),
}
"""How much a rule matters."""
BROKEN_RULES = plural("{count} rule broken", "{count} rules broken")
ADVICE = plural("{count} remark or advice not followed", "{count} remarks or advice not followed")
NOT_EXAMINED_RULES = plural("{count} rule not examined", "{count} rules not examined")
PASSED_RULES = plural("{count} rule kept", "{count} rules kept")
BY_PROFILE = mark("Judged by the profile {profile} ({words}).")
LIKELY = mark("It seems to follow another one: {profile} ({words}). --profile {profile} judges by it.")
MORE_PLACES = plural("and {count} more place", "and {count} more places")
NEVER_WHOLE = mark("What was not examined is neither kept nor broken; the reason stands beside each rule.")
NO_CERTIFICATE = mark(
    "A judgement is no certificate: the ANS has published neither a schema nor a validator of these archives."
)
Translate = Callable[[str], str]


def words_in(words: Words, language: str) -> str:
    """Return ``words`` in ``language``."""
    return words.fr if language == "fr" else words.en


def of_state(judgement: Judgement, state: RuleState) -> list[RuleVerdict]:
    """Return the verdicts that came to ``state``, what must be first."""
    order = list(Obligation)
    found = [one for one in judgement.verdicts if one.state is state]
    return sorted(found, key=lambda one: order.index(one.rule.obligation))


def count_texts(judgement: Judgement, translate: Translate) -> Iterator[str]:
    """Yield how many rules came to each state; what only should be is no broken rule."""
    failed = of_state(judgement, RuleState.FAILED)
    broken = sum(one.rule.obligation is Obligation.MUST for one in failed)
    for sentence, count in (
        (BROKEN_RULES, broken),
        (ADVICE, len(failed) - broken),
        (NOT_EXAMINED_RULES, judgement.count(RuleState.UNEXAMINED)),
        (PASSED_RULES, judgement.count(RuleState.PASSED)),
    ):
        yield in_words(sentence, {"count": count}, translate)


def profile_sentences(judgement: Judgement, language: str) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield by which profile it was judged, and which one it seems to follow."""
    if judgement.profile in PROFILES:
        words = words_in(PROFILES[judgement.profile], language)
        yield BY_PROFILE, {"profile": judgement.profile, "words": words}
    if judgement.likely in PROFILES and judgement.likely != judgement.profile:
        yield LIKELY, {"profile": judgement.likely, "words": words_in(PROFILES[judgement.likely], language)}


def place_texts(verdict: RuleVerdict, name: str, most: int, translate: Translate) -> Sequence[str]:
    """Return at most ``most`` places of a broken rule in the thing called ``name``, and how many there are besides."""
    shown = [place_text(one, name, translate) for one in verdict.places[:most]]
    more = verdict.failed - len(shown)
    return [*shown, in_words(MORE_PLACES, {"count": more}, translate)] if more > 0 else shown


def place_text(place: RulePlace, name: str, translate: Translate) -> str:
    """Return where a rule is broken, and what stands there, with nothing in it that acts on a screen."""
    found = in_words("{found}", {"found": place.found}, translate) if place.found else ""
    where = place.where.removeprefix(f"{name}/")
    return printable(f"{where}: {found}" if found else where)


def rule_text(verdict: RuleVerdict, language: str) -> str:
    """Return the rule in words; what else there is to know of it where that is not the reason beside it."""
    rule = verdict.rule
    return words_in(rule.words, language) if rule.outside else whole_rule_text(rule, language)


def whole_rule_text(rule: JudgingRule, language: str) -> str:
    """Return ``rule`` in words, with what else there is to know of it."""
    text = words_in(rule.words, language)
    return f"{text} ({words_in(rule.note, language).rstrip('.')})" if rule.note else text
