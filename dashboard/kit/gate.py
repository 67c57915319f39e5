"""What stands in front of the screens: the way in, and the sentence for those who do not get in or to one page."""

import streamlit as st

from dashboard.access import User, is_signed_in, providers
from dashboard.locale import _, sentence
from dashboard.process.sessions import refusal
from dashboard.visits import note_stranger
from dashboard.words import labels
from dashboard.words.formats import escape

_NAMES = {"google": "Google", "microsoft": "Microsoft", "github": "GitHub", "gitlab": "GitLab", "okta": "Okta",
          "auth0": "Auth0", "keycloak": "Keycloak", "kakao": "Kakao", "naver": "NAVER", "line": "LINE"}  # fmt: skip
"""How known providers write themselves."""


def provider_name(section: str) -> str:
    """A provider as it writes itself, by the name of its section; an unknown one as the section does."""
    return _NAMES.get(section.lower(), section)


def door() -> None:
    """Sign-in; before it the reason where somebody signed in and got no role."""
    refused = refusal(st.user.to_dict()) if is_signed_in() else None
    if refused:
        note_stranger(str(st.user.get("email") or ""))
        st.title(_("No access yet"))
        st.text(sentence(refused))
    else:
        st.title("Jangbu 장부")
        st.write(_("Payments of this merchant are shown to people who sign in."))
    for provider in providers():
        words = _("Sign in with another account") if refused else _("Sign in")
        if provider:
            words = _("Sign in with {provider}").format(provider=provider_name(provider))
        if st.button(words, key=f"sign_in_{provider}", type="primary", icon=":material/login:"):
            st.login(provider)


def no_right(user: User, page: str) -> None:
    """Says that a role does not open a page."""
    st.title(page)
    words = _("You may not open this screen (role: {role}). The person who runs Jangbu gives roles.")
    st.warning(words.format(role=escape(labels.role(user.role))), icon=":material/lock:")


def unknown_address() -> None:
    """Says that there is no such page."""
    st.title(_("There is no such screen"))
    st.write(_("The address may be mistyped, or the screen has another name now. The menu has all that there are."))
