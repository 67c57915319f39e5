"""JavaScript as somebody pasted it, JSX as well, alone or in a page. Nothing of it is run."""

import re
from collections.abc import Iterator
from functools import cache
from time import monotonic

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

UNKNOWN = "ꀕ"
"""The sign that stands where a server writes something into the page: a name to JavaScript, and to nobody else."""
_PARTS = (("<?", "?>"), ("<%", "%>"))
_WRITTEN_BY_SERVER = re.compile(r"(?<=[:=(,])(?:\s*)(?:\$\{[^{}`]*\}|\{\{[^{}]*\}\})(?=\s*[,;})\n])")
_SCRIPT_OR_COMMENT, _SCRIPT_END = re.compile("<!--|<script", re.IGNORECASE), re.compile("</script", re.IGNORECASE)
_PIECE = 4_096
_LONGEST = 1.0
"""Seconds that a text is read: a grammar may lose itself in a broken one, and all would wait for it."""
FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")


def parsed(text: str) -> Node:
    """The program in a text; of a page that of its scripts, on the lines on which they stand.

    Raises ValueError for what cannot be read in a second.
    """
    for begin, end in _PARTS:
        text = _without(text, begin, end)
    known = _WRITTEN_BY_SERVER.sub(lambda found: _instead(found[0]), text)
    source = _scripts_of(known) if "<script" in known.lower() else known
    data, ends = source.encode("utf-8", "replace"), monotonic() + _LONGEST
    read = Parser(_language()).parse(
        lambda at, _: data[at : at + _PIECE], progress_callback=lambda *_: monotonic() > ends
    )
    return read.root_node


def _without(text: str, begin: str, end: str) -> str:
    """A text without what a server writes between two signs. By no pattern: that looks for each end to the end."""
    done, at = [], 0
    while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start + len(begin))) >= 0:
        stop += len(end)
        done += [text[at:start], _instead(text[start:stop])]
        at = stop
    return "".join([*done, text[at:]])


def _instead(written: str) -> str:
    return UNKNOWN + "\n" * written.count("\n")


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.named_children))


def text_of(node: Node | None) -> str:
    """What was written there."""
    return (node.text or b"").decode() if node else ""


def line_of(node: Node) -> int:
    """Its line, from 1 on."""
    return node.start_point.row + 1


def calls(root: Node, *names: str) -> Iterator[Node]:
    """Calls of methods of these names, whatever they are called on."""
    for node in walk(root):
        if node.type == "call_expression" and method_of(node) in names:
            yield node


def method_of(call: Node) -> str:
    """The method that is called; nothing where a plain function is."""
    function = call.child_by_field_name("function")
    return text_of(function.child_by_field_name("property")) if function else ""


def arguments(call: Node) -> list[Node]:
    """What a call is given."""
    given = call.child_by_field_name("arguments")
    return [bare(one) for one in given.named_children if one.type != "comment"] if given else []


def bare(node: Node) -> Node:
    """An expression without brackets around it."""
    while node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    return node


def around(node: Node) -> Iterator[Node]:
    """All nodes that it stands in, from the inside."""
    one = node.parent
    while one is not None:
        yield one
        one = one.parent


def function_around(node: Node) -> Node | None:
    """The innermost function in which it stands."""
    return next((one for one in around(node) if one.type in FUNCTIONS), None)


def named(root: Node, name: str) -> Node | None:
    """The function or value that is declared under a name."""
    for node in walk(root):
        if node.type in ("variable_declarator", "function_declaration"):
            if text_of(node.child_by_field_name("name")) != name:
                continue
            value = node.child_by_field_name("value")
            return bare(value) if value else node
    return None


def _scripts_of(page: str) -> str:
    """The scripts of a page, with an empty line for each other one. Python's own parser loses itself in broken tags."""
    done, lines, at, line = list[str](), 0, 0, 0
    while found := _SCRIPT_OR_COMMENT.search(page, at):
        if found[0] == "<!--":
            stop = page.find("-->", found.end())
        elif (begin := page.find(">", found.end())) >= 0:
            ends = _SCRIPT_END.search(page, begin)
            stop = ends.start() if ends else len(page)
            line += page.count("\n", at, begin + 1)
            done.append("\n" * max(0, line - lines) + page[begin + 1 : stop] + "\n;")
            lines += done[-1].count("\n")
            at = begin + 1
        else:
            stop = -1
        if stop < 0:
            break
        line += page.count("\n", at, stop)
        at = stop
    return "".join(done)


@cache
def _language() -> Language:
    return Language(tree_sitter_javascript.language())
