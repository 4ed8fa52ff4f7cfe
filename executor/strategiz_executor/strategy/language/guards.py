"""What guarded attribute access, and Python's own functions for it, are for a strategy.

The transformer calls `_getattr_` for names of guarded_names.py alone, `_write_` for every attribute that is set or
deleted, and `_matched_` before a class pattern with positions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from strategiz_executor.strategy.errors import NotAvailableError
from strategiz_executor.strategy.facades import GENERAL_ADVICE
from strategiz_executor.strategy.language.guarded_names import (
    GUARDED,
    MethodsByName,
    Refused,
    TextFormat,
    TextOnly,
    called_on,
    is_absent,
    label_of,
    rule_for,
)
from strategiz_executor.strategy.language.layer import FILE_NAME
from strategiz_executor.strategy.language.methods_by_name import looking_at_names, text_only
from strategiz_executor.strategy.language.text_formats import check_text, unbound
from strategiz_executor.strategy.language.underscores import NOT_AVAILABLE, RULE, is_kept, refused
from strategiz_executor.strategy.namespace import MODULE_NAME

_MISSING: Any = object()


def guarded_attribute(owner: Any, name: str) -> Any:
    """Answer `owner.name` for one of the guarded names. Raises NotAvailableError."""
    rule = rule_for(owner, name)
    if rule is None:
        return _unguarded(owner, name)
    if isinstance(rule, TextFormat):
        return _text_format(owner, name)
    if isinstance(rule, MethodsByName):
        return looking_at_names(owner, name)
    if isinstance(rule, TextOnly) and not isinstance(owner, type):
        return text_only(owner, name, rule.target)
    advice = rule.advice if isinstance(rule, Refused) else "call it on a table"
    subject = called_on(owner)
    is_one_of_its_classes = isinstance(subject, type) and issubclass(subject, rule.kinds)
    label = label_of(subject if is_one_of_its_classes else type(subject))
    raise NotAvailableError(f"{label}.{name} {NOT_AVAILABLE}: {advice}", hint=GENERAL_ADVICE)


def guarded_getattr(owner: Any, name: Any, default: Any = _MISSING, /) -> Any:
    """`getattr`."""
    plain = _checked_name(name)
    if plain in GUARDED and rule_for(owner, plain) is not None:
        return guarded_attribute(owner, plain)
    return getattr(owner, plain) if default is _MISSING else getattr(owner, plain, default)


def guarded_hasattr(owner: Any, name: Any, /) -> bool:
    """`hasattr`: strategies do not have the attributes that are refused to them."""
    try:
        guarded_getattr(owner, name)
    except AttributeError:
        return False
    return True


def guarded_setattr(owner: Any, name: Any, value: Any, /) -> None:
    """`setattr`."""
    setattr(writable(owner), _checked_name(name), value)


def guarded_delattr(owner: Any, name: Any, /) -> None:
    """`delattr`."""
    delattr(writable(owner), _checked_name(name))


def writable(owner: Any) -> Any:
    """Answer the owner of an attribute to be set. Raises NotAvailableError for what strategies share."""
    kind = type(owner)
    if issubclass(kind, type):
        is_shared = type.__getattribute__(owner, "__module__") != MODULE_NAME
    elif kind is FunctionType:
        is_shared = owner.__code__.co_filename != FILE_NAME
    else:
        return owner
    if is_shared:
        raise NotAvailableError(f"attributes of {owner.__name__} cannot be set: libraries are read-only")
    return owner


def matched_class(kind: Any) -> bool:
    """Answer False; raises NotAvailableError for a class whose positional patterns would read refused names."""
    names = getattr(kind, "__match_args__", ())
    for name in names if isinstance(names, tuple) else ():
        if isinstance(name, str) and (name in GUARDED or is_kept(name)):
            raise NotAvailableError(f"the attribute {name} cannot be matched: read it by its name instead")
    return False


GUARDS: dict[str, Callable[..., Any]] = {
    "_getattr_": guarded_attribute,
    "_write_": writable,
    "_matched_": matched_class,
    "getattr": guarded_getattr,
    "hasattr": guarded_hasattr,
    "setattr": guarded_setattr,
    "delattr": guarded_delattr,
}


def _unguarded(owner: Any, name: str) -> Any:
    """For what the fast ways of replay put in the place of a table, names that tables do not have are none either."""
    if is_absent(name) and hasattr(type(owner), "_is_stand_in"):
        raise owner._run.give_up(f"{name}, which is not available")
    return getattr(owner, name)


def _checked_name(name: Any) -> Any:
    """Answer a name given as text as a str proper, anything else as it is: Python then says what is wrong."""
    if not isinstance(name, str):
        return name
    plain = str.__str__(name)
    if is_kept(plain):
        raise NotAvailableError(refused("the attribute", plain), hint=RULE)
    return plain


def _text_format(owner: Any, name: str) -> Any:
    """All that formatting can read is written in the text: it is looked at before the method is handed out."""
    method = getattr(owner, name)
    text = called_on(owner)
    if isinstance(text, str):
        check_text(str.__str__(text))
        return method
    return _unbound_format(name) if method is getattr(str, name) else method


@cache
def _unbound_format(name: str) -> Callable[..., Any]:
    return unbound(name)
