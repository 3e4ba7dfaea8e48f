"""What a channel is to agents: phone, one contact at a time; chat, several at once; deferred, in a backlog."""

from __future__ import annotations

from typing import Literal

Kind = Literal["", "phone", "chat", "deferred"]
KINDS: tuple[Kind, ...] = ("phone", "chat", "deferred")
WORDS = {
    "phone": "voice phone phones telephone telephony tel phonecall phonecalls pstn sip voip audio landline mobile",
    "chat": "chat chats webchat livechat sms mms text texts message messages messaging whatsapp facebook messenger "
    "instagram telegram apple line wechat viber inapp",
    "deferred": "email emails mail mails webform form task tasks case cases ticket tickets workitem workitems fax "
    "letter letters post forum deferred",
    "": "social twitter x web video cobrowse digital bot app linkedin screenshare voicemail",
}
"""Words of each kind; last those that are no telephone, and do not tell whether somebody waits for the answer."""
BY_KIND = {kind: frozenset(words.split()) for kind, words in WORDS.items()}
VOICE = BY_KIND["phone"]
OTHER_CHANNEL = frozenset().union(*(words for kind, words in BY_KIND.items() if kind != "phone"))


def kind_of(words: frozenset[str]) -> Kind:
    """What the words of a channel say it is; empty where they do not tell."""
    return next((kind for kind in KINDS if words & BY_KIND[kind]), "")


def split_wish(word: str) -> tuple[str, Kind]:
    """A word of `--channel` and what the caller says it is: ``digital=chat`` is the word digital, taken as chat."""
    name, equals, said = word.rpartition("=")
    kind = next((kind for kind in KINDS if equals and said.strip().lower() == kind), None)
    return (word.strip(), "") if kind is None else (name.strip(), kind)
