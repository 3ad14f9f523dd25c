"""`dataclass` as the standard library has it, at a small part of its cost when modules are loaded and objects made.

The standard one writes and compiles six methods for each class while its module is loaded: that was half of the time
that our modules took to load. Here `__init__` is compiled when the first object is made, and what compares, hashes and
prints objects is shared by all classes. What is frozen is so for the type checker only, which takes all this for the
standard library's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, eq=True, order=False):
        """A class whose annotations are its fields."""
        if cls is None:
            return lambda made: _made(made, frozen, slots, eq, order)
        return _made(cls, frozen, slots, eq, order)

    def field(**given):
        """A field with a default, a factory of defaults, or one that is not given, compared or shown."""
        return _Field(**given)

    def replace(thing, /, **changes):
        """A copy with other fields."""
        for name, item in _own(type(thing)).items():
            if item.init and name not in changes:
                changes[name] = getattr(thing, name)
        return type(thing)(**changes)


_FIELDS = "__fields__"
_NOTHING: Any = object()


class _Field:
    """What was said of a field."""

    __slots__ = ("compare", "default", "default_factory", "hash", "init", "repr")

    def __init__(
        self,
        default: Any = _NOTHING,
        default_factory: Any = _NOTHING,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
        hash: bool | None = None,
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.hash = compare if hash is None else hash


def field_names(kind: type) -> tuple[str, ...]:
    """The names of the fields of a class; none where it has no fields."""
    return tuple(_own(kind))


def asdict(thing: Any) -> Any:
    """An object as a dict of its fields, and so on with all that it holds."""
    if isinstance(thing, list | tuple):
        return type(thing)(map(asdict, thing))
    if isinstance(thing, dict):
        return {key: asdict(value) for key, value in thing.items()}
    names = field_names(type(thing))
    return {name: asdict(getattr(thing, name)) for name in names} if names else thing


def _own(kind: type) -> dict[str, _Field]:
    found: dict[str, _Field] = getattr(kind, _FIELDS, {})
    return found


def _made(cls: type, frozen: bool, slots: bool, eq: bool, order: bool) -> type:
    fields = {name: item for base in reversed(cls.__mro__[1:]) for name, item in _own(base).items()}
    inherited = set(fields)
    space = dict(cls.__dict__)
    for name, annotation in space.get("__annotations__", {}).items():
        if not annotation.startswith("ClassVar"):
            given = space.pop(name, _NOTHING)
            fields[name] = given if isinstance(given, _Field) else _Field(given)
    new: dict[str, Any] = {_FIELDS: fields, "__match_args__": tuple(name for name in fields if fields[name].init)}
    # A class that compares in its own way has no hash by itself, and gets that of its fields.
    own = {name for name, value in space.items() if name != "__hash__" or value is not None}
    new |= {name: method for name, method in _methods(fields, frozen, eq, order) if name not in own}
    if slots:
        del space["__dict__"], space["__weakref__"]
        new["__slots__"] = tuple(name for name in fields if name not in inherited)
        cls = type(cls)(cls.__name__, cls.__bases__, {**space, **new, "__qualname__": cls.__qualname__})
    else:
        new |= {name: item.default for name, item in fields.items() if item.default is not _NOTHING}
        for name, value in new.items():
            setattr(cls, name, value)
    if "__init__" not in space:
        cls.__init__ = _first_init(cls)  # type: ignore[misc]  # on purpose
    return cls


def _methods(fields: dict[str, _Field], frozen: bool, eq: bool, order: bool) -> Iterator[tuple[str, Any]]:
    """What compares, hashes and prints objects."""
    yield "__repr__", _repr
    if not eq:
        return
    key = _key([name for name, item in fields.items() if item.compare])
    hashed = _key([name for name, item in fields.items() if item.hash])

    def __eq__(self: Any, other: object) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __lt__(self: Any, other: object) -> Any:
        return key(self) < key(other) if other.__class__ is self.__class__ else NotImplemented

    yield "__eq__", __eq__
    yield "__hash__", (lambda self: hash(hashed(self))) if frozen else None
    if order:
        yield "__lt__", __lt__


def _key(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What of an object is compared."""
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda _: ()) if not names else (lambda thing: (getattr(thing, names[0]),))


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, item in _own(type(self)).items() if item.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _first_init(cls: type) -> Callable[..., None]:
    """The `__init__` of a class of which there is no object yet: it makes the real one."""

    def __init__(self: Any, *arguments: Any, **named: Any) -> None:
        made = _compiled(cls)
        cls.__init__ = made  # type: ignore[misc]  # on purpose
        made(self, *arguments, **named)

    return __init__


def _compiled(cls: type) -> Callable[..., None]:
    names: dict[str, Any] = {"_NOTHING": _NOTHING}
    parameters, body = ["self"], []
    for name, item in _own(cls).items():
        value = name
        if item.default_factory is not _NOTHING:
            names[f"_{name}"] = item.default_factory
            value = f"_{name}() if {name} is _NOTHING else {name}" if item.init else f"_{name}()"
            parameters += [f"{name}=_NOTHING"] if item.init else []
        elif item.default is not _NOTHING:
            names[f"_{name}"] = item.default
            value = name if item.init else f"_{name}"
            parameters += [f"{name}=_{name}"] if item.init else []
        elif item.init:
            parameters.append(name)
        else:
            continue
        body.append(f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    made: dict[str, Any] = {}
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(body) or " pass"), names, made)
    found: Callable[..., None] = made["__init__"]
    return found
