"""What is wrong of a pasted snippet around the parameters: which SDK, how the window is opened, who decides."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from services.checkout.javascript import syntax as js
from services.checkout.javascript.literals import value_of
from services.checkout.javascript.syntax import (
    FUNCTIONS,
    arguments,
    around,
    calls,
    function_around,
    line_of,
    method_of,
    text_of,
)
from services.errors import JangbuError

OLD_SDK = re.compile(r"iamport\.kr/js/iamport\.payment")
_JQUERY = re.compile(r"jquery[-.\w]*\.js", re.IGNORECASE)
_USER_CODE = re.compile(r"imp[0-9]{8}")
_VERDICTS = ("success", "imp_success", "error_code")
_LATER = ("then", "done", "always")
_TESTS = ("if_statement", "ternary_expression", "while_statement", "switch_statement")
_THROUGH = ("parenthesized_expression", "unary_expression", "binary_expression")


def findings(text: str, root: Node, call: Node) -> Iterator[JangbuError]:
    """Each with its sentence and, in `values["line"]`, its line; `call` is that of request_pay."""
    yield from _sdk(text)
    yield from _broken(root)
    yield from _init(root)
    yield from _opening(call)
    if callback := _callback(root, call):
        yield from _answer(callback)


def _sdk(text: str) -> Iterator[JangbuError]:
    if old := OLD_SDK.search(text):
        yield JangbuError(
            "This is the old SDK: the new one is at https://cdn.iamport.kr/v1/iamport.js.", line=_line(text, old)
        )
    if jquery := _JQUERY.search(text):
        yield JangbuError("Only the old SDK needs jQuery: the new one does without it.", line=_line(text, jquery))


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _broken(root: Node) -> Iterator[JangbuError]:
    if broken := next((one for one in js.walk(root) if one.is_error or one.is_missing), None):
        yield JangbuError("Something here is no JavaScript: what follows may be read wrongly.", line=line_of(broken))


def _init(root: Node) -> Iterator[JangbuError]:
    begun = [one for one in calls(root, "init", "agency") if _is_of_sdk(one)]
    if not begun:
        yield JangbuError("IMP.init with the merchant's code is missing: without it no window opens.", line=None)
    for again in begun[1:]:
        yield JangbuError("IMP.init is called once a page, never twice.", line=line_of(again))
    for one in begun:
        code = value_of(next(iter(arguments(one)), None))
        if isinstance(code, str) and not _USER_CODE.fullmatch(code):
            yield JangbuError("The merchant's code is imp with eight digits: see PortOne's console.", line=line_of(one))


def _is_of_sdk(call: Node) -> bool:
    function = call.child_by_field_name("function")
    return text_of(function.child_by_field_name("object") if function else None).split(".")[-1] == "IMP"


def _opening(call: Node) -> Iterator[JangbuError]:
    function = function_around(call)
    root = function or list(around(call))[-1]
    waits = (one for one in js.walk(root) if one.type == "await_expression" and function_around(one) == function)
    awaited = next((one for one in waits if one.end_byte <= call.start_byte), None)
    if later := awaited or _taken_later(call):
        yield JangbuError(
            "Something is waited for before the window opens, and browsers block such windows: do it when the page "
            "is made.",
            line=line_of(later),
        )


def _taken_later(call: Node) -> Node | None:
    """The call that runs the window's opening only when something else is there."""
    for one in around(call):
        if one.type == "call_expression" and method_of(one) in _LATER:
            return one
    return None


def _callback(root: Node, call: Node) -> Node | None:
    given = arguments(call)[1:2]
    found = js.named(root, text_of(given[0])) if given and given[0].type == "identifier" else next(iter(given), None)
    return found if found and found.type in FUNCTIONS else None


def _answer(callback: Node) -> Iterator[JangbuError]:
    answer = _first_parameter(callback)
    for node in js.walk(callback):
        told = _of_answer(node, answer)
        if told in _VERDICTS and _decides(node):
            yield JangbuError(
                "Neither success nor error_code decides: send imp_uid and merchant_uid to the server, which reads the "
                "payment.",
                line=line_of(node),
            )
        if told == "error_msg" and _is_worked(node):
            yield JangbuError(
                "error_msg is shown as it came, alone in its place: Naver Pay's inspection refuses anything else.",
                line=line_of(node),
            )
        if told == "error_msg" and _is_markup(node):
            yield JangbuError("error_msg is a text and no markup: textContent shows it.", line=line_of(node))


def _first_parameter(function: Node) -> str:
    """The name of the answer in a callback; nothing where it is taken apart."""
    one = function.child_by_field_name("parameter")
    if one is None:
        parameters = function.child_by_field_name("parameters")
        one = next(iter(parameters.named_children), None) if parameters else None
    return text_of(one) if one and one.type == "identifier" else ""


def _of_answer(node: Node, answer: str) -> str:
    """Which part of the answer stands here, by V1's name."""
    if node.type == "member_expression" and text_of(node.child_by_field_name("object")) == answer:
        return text_of(node.child_by_field_name("property"))
    return text_of(node) if node.type == "identifier" else ""


def _decides(node: Node) -> bool:
    for one in around(node):
        if one.type in _TESTS:
            return _holds(one, "condition", node) or _holds(one, "value", node)
        if one.type == "binary_expression" and text_of(one.child_by_field_name("operator")) in ("&&", "||"):
            return _holds(one, "left", node) or _decides(one)
        if one.type not in _THROUGH:
            return False
    return False


def _holds(node: Node, field: str, inner: Node) -> bool:
    part = node.child_by_field_name(field)
    return part is not None and part.start_byte <= inner.start_byte and inner.end_byte <= part.end_byte


def _is_worked(node: Node) -> bool:
    one = node.parent
    while one and one.type == "parenthesized_expression":
        one = one.parent
    match one.type if one else "":
        case "binary_expression":
            return text_of(one.child_by_field_name("operator") if one else None) == "+"
        case "augmented_assignment_expression":
            return True
        case "template_substitution":
            whole = one.parent if one else None
            return whole is not None and len(whole.named_children) > 1
    return False


def _is_markup(node: Node) -> bool:
    for one in around(node):
        if one.type == "assignment_expression":
            target = one.child_by_field_name("left")
            return target is not None and text_of(target.child_by_field_name("property")) in ("innerHTML", "outerHTML")
        if one.type == "call_expression":
            return method_of(one) in ("html", "insertAdjacentHTML", "write", "append")
        if one.type in FUNCTIONS:
            return False
    return False
