"""Forms and answers as hypothesis invents them: any fields, any conditions, never a circle."""

from hypothesis import strategies as st

from rathaus.services.forms.document import FormDocument

WORDS = ["a", "b", "c"]
KINDS = ["yesno", "choice", "multiple", "number", "text"]
ANSWERS = {
    "yesno": st.sampled_from([None, True, False]),
    "choice": st.sampled_from([None, *WORDS, "unknown"]),
    "multiple": st.lists(st.sampled_from(WORDS), unique=True),
    "number": st.sampled_from([None, 0, 1, 2, 3, "x"]),
    "text": st.sampled_from(["", " ", *WORDS]),
}


def comparison(name: str, kind: str):
    if kind == "yesno":
        return st.builds(
            lambda op, v: {op: [name, v]}, st.sampled_from(["eq", "ne"]), st.booleans()
        )
    lists = st.builds(
        lambda op, v: {op: [name, v]},
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from([0, 1, 2] if kind == "number" else WORDS), min_size=1, max_size=2),
    )
    present = st.just({"present": name})
    if kind == "multiple":
        return lists | present
    if kind == "number":
        operators = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])
        return (
            lists | present | st.builds(lambda op, v: {op: [name, v]}, operators, st.integers(0, 3))
        )
    return (
        lists
        | present
        | st.builds(
            lambda op, v: {op: [name, v]}, st.sampled_from(["eq", "ne"]), st.sampled_from(WORDS)
        )
    )


@st.composite
def condition(draw, known: list[tuple[str, str]], depth: int = 2):
    shape = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"])) if depth else "leaf"
    if shape == "leaf":
        return draw(comparison(*draw(st.sampled_from(known))))
    if shape == "not":
        return {"not": draw(condition(known, depth - 1))}
    return {shape: [draw(condition(known, depth - 1)) for _ in range(draw(st.integers(1, 2)))]}


def field(name: str, kind: str, required: bool):
    extra = {}
    if kind in ("choice", "multiple"):
        extra["options"] = [{"value": word, "label": word} for word in WORDS]
    return {"id": name, "type": kind, "label": name, "required": required, **extra}


@st.composite
def forms(draw) -> dict:
    """Pages, groups and fields; conditions read fields drawn before, wherever they end up."""
    known: list[tuple[str, str]] = []
    pages = []
    for number in range(draw(st.integers(1, 3))):
        page = {"id": f"p{number}", "title": f"P{number}", "fields": []}
        if known and draw(st.booleans()):
            page["show"] = draw(condition(known))
        here: list[tuple[str, str]] = []
        for _ in range(draw(st.integers(1, 5))):
            name, kind = f"f{len(known) + len(here)}", draw(st.sampled_from(KINDS))
            one = field(name, kind, draw(st.booleans()))
            readable = known + here
            if readable and draw(st.booleans()):
                one["show"] = draw(condition(readable))
            if draw(st.integers(0, 3)) == 0:
                group = {"id": f"g{name}", "type": "group", "label": "G", "fields": [one]}
                if readable and draw(st.booleans()):
                    group["show"] = draw(condition(readable))
                one = group
            page["fields"].append(one)
            here.append((name, kind))
        known += here
        page["fields"] = draw(st.permutations(page["fields"]))
        pages.append(page)
    return {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": pages}


def document_of(plain: dict) -> FormDocument:
    return FormDocument.model_validate(plain)


@st.composite
def forms_with_answers(draw):
    plain = draw(forms())
    document = document_of(plain)
    from rathaus.services.forms.outline import Outline

    answers = {
        place.field.id: draw(ANSWERS[place.field.type])
        for place in Outline(document).places
        if not place.is_group
    }
    return plain, answers
