"""The saved views of a list: chosen, saved anew, changed, renamed, shared and deleted."""

import streamlit as st
from services.people.views import LONGEST
from services.tables.staff.views import SavedView

from dashboard.kit import session
from dashboard.kit.views.look import Look
from dashboard.locale import _
from dashboard.process import kept_views
from dashboard.words import formats, operation_labels


def saved_views(look: Look) -> None:
    """The choice among them, and what can be done with the chosen one."""
    user = session.USER.get()
    by, views = kept_views.acting(user), {view.id: view for view in kept_views.views_of(look.list_name, user)}
    if look.view:
        # Somebody else may have renamed it meanwhile, or taken it away.
        look.kept["saved"] = views.get(look.view.id)
    look.kept.settle("chosen", look.view and look.view.id)
    names = {number: _name(view, by.person) for number, view in views.items()}
    st.selectbox(
        _("Saved view"),
        list(views),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("None: the list as it begins"),
        key=look.key("chosen"),
        on_change=lambda: look.open(views.get(look.kept["chosen"])),
    )
    if view := look.view:
        may_change = by.may_change(view)
        if look.is_changed():
            _changed(look, view, may_change=may_change)
        if may_change:
            _edit(look, view)
    _save_as(look)


def _name(view: SavedView, person: str) -> str:
    name = formats.shown(view.name)
    if view.owner != person:
        return _("{view} · shared by {owner}").format(
            view=name, owner=formats.shown(operation_labels.person(view.owner))
        )
    return _("{view} · shared").format(view=name) if view.shared else name


def _changed(look: Look, view: SavedView, *, may_change: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.badge(_("Changed since it was saved"), color="orange")
        if may_change:
            args = (look, view)
            st.button(_("Save the changes"), icon=":material/save:", key=look.key("renew"), on_click=_renew, args=args)
        st.button(_("As it was saved"), type="tertiary", key=look.key("back"), on_click=look.open, args=(view,))
    look.tell("renew")


def _renew(look: Look, view: SavedView) -> None:
    with look.trying("renew"):
        look.kept["saved"] = kept_views.show_other(view, look.shown(), session.USER.get())


def _edit(look: Look, view: SavedView) -> None:
    name, shared = look.key(f"name{view.id}"), look.key(f"shared{view.id}")
    with st.expander(_("Name, sharing, deletion"), icon=":material/edit:", key=look.key("edit")):
        with st.form(look.key(f"edit{view.id}"), border=False):
            st.text_input(_("Name of this view"), view.name, key=name, max_chars=LONGEST)
            st.checkbox(_("Everybody sees it"), view.shared, key=shared)
            look.tell("edit")
            st.form_submit_button(_("Keep it so"), on_click=_rename, args=(look, view, name, shared))
        asks = look.kept["deleting"] == view.id
        words = _("Delete it for everybody") if view.shared else _("Delete it for good")
        st.button(
            words if asks else _("Delete"),
            icon=":material/delete:",
            type="primary" if asks else "secondary",
            key=look.key(f"delete{asks}"),
            on_click=_remove if asks else _ask,
            args=(look, view),
        )
        look.tell("delete")
        if view.changed_by:
            words = _("Changed by {who}, {time}").format(
                who=operation_labels.person(view.changed_by), time=formats.time(view.changed_at)
            )
            st.caption(formats.escape(words))


def _rename(look: Look, view: SavedView, name: str, shared: str) -> None:
    with look.trying("edit"):
        typed, to_all = st.session_state[name], st.session_state[shared]
        look.kept["saved"] = kept_views.rename(view, typed, session.USER.get(), shared=to_all)


def _ask(look: Look, view: SavedView) -> None:
    look.kept["deleting"] = view.id


def _remove(look: Look, view: SavedView) -> None:
    with look.trying("delete"):
        kept_views.remove(view, session.USER.get())
        look.kept["saved"] = None


def _save_as(look: Look) -> None:
    with (
        st.expander(_("Save as a new view"), icon=":material/bookmark_add:", key=look.key("new")),
        st.form(look.key("new_form"), border=False),
    ):
        st.text_input(_("Name"), key=look.key("new_name"), max_chars=LONGEST)
        st.checkbox(_("Everybody sees it"), key=look.key("new_shared"))
        look.tell("new")
        st.caption(
            _("With filters, order and columns; a period by its name, and no name, phone or other text of a search.")
        )
        st.form_submit_button(_("Save"), type="primary", on_click=_save, args=(look,))


def _save(look: Look) -> None:
    with look.trying("new"):
        name, shared = look.kept["new_name"], look.kept["new_shared"]
        view = kept_views.save(look.list_name, name, look.shown(), session.USER.get(), shared=shared)
        look.kept["saved"], look.kept["new_name"], look.kept["new_shared"] = view, "", False
        look.close()
