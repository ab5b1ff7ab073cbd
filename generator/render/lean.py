"""Lean code for templates: what Jinja decides anew at every value of every page is decided once, or not at all.

A page has hundreds of values. Jinja looks at each for how it is called, how it is read and how it is escaped, in
Python. The code made here does the same in expressions, and asks Jinja wherever it is not the usual case: what is
undefined, what is read from a mapping by name, macros called by the names of their parameters.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from enum import StrEnum
from functools import partial
from keyword import iskeyword
from typing import Any, Final

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

mark: Final[Callable[[str], Markup]] = partial(str.__new__, Markup)
"""Make Markup of a text that is HTML; Markup's own constructor asks what it is given first."""

_REMEMBERED = 1 << 14
_SHORT = 80


class _Escaped(dict[str, str]):
    """Texts as HTML has them; of the short ones, which pages have many times, so many are remembered."""

    def __missing__(self, text: str) -> str:
        html = str(escape(text))
        if len(text) < _SHORT:
            if len(self) == _REMEMBERED:
                self.clear()
            self[text] = html
        return html


def escaping() -> Callable[[object], str]:
    """Return a function that returns any value as HTML, as ``markupsafe.escape`` does."""
    known, plain = _Escaped(), str.__str__

    def escaped(value: object) -> str:
        kind = type(value)
        if kind is str:
            return known[value]  # type: ignore[index] # it is one
        if kind is Markup:
            return value  # type: ignore[return-value] # likewise
        if kind is int or kind is float:
            return str(value)
        return known[plain(value)] if isinstance(value, StrEnum) else escape(value)

    return escaped


class LeanMacro(Macro):
    """A macro that is mostly called with values in order, and then is its function; else as Jinja calls it."""

    def __init__(self, environment: Any, func: Any, *rest: Any) -> None:
        super().__init__(environment, func, *rest)
        # What a call leaves out is missing, as Jinja passes it.
        func.__defaults__ = (missing,) * func.__code__.co_argcount
        self._most = -1 if self.catch_kwargs or self.catch_varargs or self.caller else self._argument_count

    def __call__(self, *given: Any, **named: Any) -> Markup:
        if named or len(given) > self._most:
            return mark(super().__call__(*given, **named))
        return mark(self._func(*given))


class LeanCode(CodeGenerator):
    """Jinja's compiler, but for attributes, calls, macros, and the escaping of values."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 as jinja2 calls it
        self.writeline(f"from {__name__} import LeanMacro, mark")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 likewise
        # Each name is used right after it was set, so that all expressions of a function may have the same two.
        self.write("(v if (v := getattr((x := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(x, {node.attr!r}))")

    def visit_Call(  # noqa: N802 likewise
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 as jinja2 passes it
    ) -> None:
        if node.dyn_args or node.dyn_kwargs or any(iskeyword(named.key) for named in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        # No function that templates know asks for the context.
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: Any, frame: Frame) -> None:
        self.write("Lean")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class LeanEnvironment(Environment):
    """An environment whose templates become lean code; ``escaped`` is how they write a value."""

    code_generator_class = LeanCode

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.escaped = escaping()
        # `{% trans %}` leaves the values that a text names to the function that says it.
        self.newstyle_gettext = True
        self._loaded: dict[str, Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 jinja2's
        """Return a template as it was loaded first: those of an environment never change."""
        found = self._loaded.get(name) if globals is None else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if globals is None:
                self._loaded[name] = found
        return found
