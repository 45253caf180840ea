"""How templates escape what they write: a page writes some 2,500 values, and half of the time that takes
went into objects that said of each that it is escaped."""

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape


def escaped(value: object) -> str:
    """What a page has of a value: as ``markupsafe.escape`` writes it, as plain text."""
    kind = type(value)
    if kind is int or kind is float:
        return str(value)
    if type(value) is not str:
        return value if isinstance(value, Markup) else escape(value)
    if value.isalnum():
        return value
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("'", "&#39;").replace('"', "&#34;")


class _Generator(CodeGenerator):
    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        context = frame.eval_ctx
        if context.autoescape and not context.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(jinja2.Environment):
    """An environment whose templates write by ``escaped`` wherever they would by ``markupsafe.escape``."""

    escaped = staticmethod(escaped)
    code_generator_class = _Generator
