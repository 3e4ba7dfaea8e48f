"""Rows and numbers at an address: how compiled code reaches the arrays of the engines.

A model and a state are one record each, which holds numbers and the addresses of arrays. Two pointers then go from
function to function in place of a hundred arrays, which keeps compilation short and counts no references. Whoever
makes such a record keeps the arrays alive (`Model`, `State`); nothing here checks a bound.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, lower_getattr_generic, register_model
from numba.np.arrayobj import record_getattr

from sim.jit import small_part

_CACHE_LINE = 64
Maker = tuple[Any, Callable[..., Any]]


class _Knowing(types.Type):
    """A record that is read only, some of whose numbers are known when what reads them is compiled."""

    def __init__(self, record: Any, numbers: Mapping[str, int]) -> None:
        super().__init__(f"knowing {numbers} of {record.name}")
        self.record, self.numbers = record, numbers
        self.members, self.size = record.members, record.size


register_model(_Knowing)(models.RecordModel)


@infer_getattr
class _KindOfKnown(AttributeTemplate):
    key = _Knowing

    def generic_resolve(self, known: Any, name: str) -> Any:  # type: ignore[override]
        return known.record.typeof(name) if name in known.record.fields else None


def _known_or_read(context: Any, builder: Any, known: Any, value: Any, name: str) -> Any:
    if name in known.numbers:
        return context.get_constant(known.record.typeof(name), known.numbers[name])
    return record_getattr(context, builder, known.record, value, name)


lower_getattr_generic(_Knowing)(_known_or_read)  # type: ignore[no-untyped-call]


def knowing(numbers: Mapping[str, int]) -> Callable[[Any], Any]:
    """Make what compiled code takes a record for one in which these numbers stand.

    Whoever takes that record is compiled for it: a number that is known is not read, and what it rules out is left out,
    with all that is called there alone. So one text of the rules costs nothing where few of them are asked for.
    """

    def take(_typing: Any, record: Any) -> Maker:
        return _Knowing(record, numbers)(record), lambda _context, _builder, _signature, args: args[0]

    return cast(Callable[[Any], Any], intrinsic(take))


def _row(_typing: Any, _address: Any, _number: Any, kind: Any) -> Maker:
    def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        step = context.get_constant(types.intp, kind.dtype.size)
        place = builder.add(args[0], builder.mul(args[1], step))
        return builder.inttoptr(place, context.get_value_type(kind.dtype))

    return kind.dtype(types.intp, types.intp, kind), emit


def _pointer(_typing: Any, _address: Any, _number: Any) -> Maker:
    kind: Any = types.CPointer(types.float64)  # type: ignore[no-untyped-call]

    def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        place = builder.add(args[0], builder.mul(args[1], context.get_constant(types.intp, 8)))
        return builder.inttoptr(place, context.get_value_type(kind))

    return kind(types.intp, types.intp), emit


def _call(_typing: Any, _function: Any, _a: Any, _b: Any, _c: Any, _d: Any, _value: Any) -> Maker:
    whole, real = types.int64, types.float64

    def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        given = [context.get_value_type(kind) for kind in (whole, whole, whole, whole, real)]
        kind = ir.FunctionType(context.get_value_type(real), given)
        return builder.call(builder.inttoptr(args[0], kind.as_pointer()), args[1:])

    return real(whole, whole, whole, whole, whole, real), emit


def _address(_typing: Any, record: Any) -> Maker | None:
    if not isinstance(record, types.Record):
        return None

    def emit(_context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ptrtoint(args[0], _context.get_value_type(signature.return_type))

    return types.intp(record), emit


def _first_bit(_typing: Any, _word: Any) -> Maker:
    def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], context.get_constant(types.boolean, 1))

    return types.int64(types.int64), emit


def _prefetch(_typing: Any, _address: Any) -> Maker:
    def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        byte, number, name = ir.IntType(8).as_pointer(), ir.IntType(32), "llvm.prefetch.p0i8"
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function: Any = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        how = (ir.Constant(number, n) for n in (1, 3, 1))  # to be written, kept as long as can be, data
        builder.call(function, [builder.inttoptr(args[0], byte), *how])
        return context.get_dummy_value()

    return types.void(types.intp), emit


def _reader(kind: Any, size: int) -> Callable[..., Maker]:
    def read(_typing: Any, _address: Any, _number: Any) -> Maker:
        def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            place = builder.add(args[0], builder.mul(args[1], context.get_constant(types.intp, size)))
            return builder.load(builder.inttoptr(place, context.get_value_type(kind).as_pointer()))

        return kind(types.intp, types.intp), emit

    return read


def _writer(kind: Any, size: int) -> Callable[..., Maker]:
    def write(_typing: Any, _address: Any, _number: Any, _value: Any) -> Maker:
        def emit(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            place = builder.add(args[0], builder.mul(args[1], context.get_constant(types.intp, size)))
            builder.store(args[2], builder.inttoptr(place, context.get_value_type(kind).as_pointer()), align=1)
            return context.get_dummy_value()

        return types.void(types.intp, types.intp, kind), emit

    return write


row = cast(Callable[[int, int, Any], Any], intrinsic(_row))
"""row(address, number, dtype): the record of that number in an array of them; what is written to it stays."""

call = cast(Callable[[int, int, int, int, int, float], float], intrinsic(_call))
"""call(function, a, b, c, d, value): what the function at an address makes of four whole numbers and a real one."""

address = cast(Callable[[Any], int], intrinsic(_address))
"""address(record): where a record lies."""

first_bit = cast(Callable[[int], int], intrinsic(_first_bit))
"""first_bit(word): the place of the lowest bit that is set in a word that is not 0."""

prefetch = cast(Callable[[int], None], intrinsic(_prefetch))
"""prefetch(address): fetch what lies there into the processor's cache, while it goes on; any number will do."""

real = cast(Callable[[int, int], float], intrinsic(_reader(types.float64, 8)))
"""real(address, number): a number of an array of float64."""

whole = cast(Callable[[int, int], int], intrinsic(_reader(types.int64, 8)))
"""whole(address, number): a number of an array of int64."""

flag = cast(Callable[[int, int], int], intrinsic(_reader(types.int8, 1)))
"""flag(address, number): one of an array of booleans."""

put_real = cast(Callable[[int, int, float], None], intrinsic(_writer(types.float64, 8)))
put_whole = cast(Callable[[int, int, int], None], intrinsic(_writer(types.int64, 8)))

_reals_at = cast(Callable[[int, int], Any], intrinsic(_pointer))


def address_of(array: npt.NDArray[Any]) -> int:
    """Where an array begins.

    Raises
    ------
    ValueError
        If its rows do not follow one another.
    """
    if not array.flags.c_contiguous:
        raise ValueError("an array of the engines must be contiguous")
    return int(array.ctypes.data)


@small_part
def reals(address: int, first: int, size: int) -> npt.NDArray[np.float64]:
    """A part of an array of float64, as an array."""
    return numba.carray(_reals_at(address, first), size)  # type: ignore[attr-defined]


@small_part
def fetch(place: int, size: int) -> None:
    """Have a row at hand that is wanted soon, while other work goes on: memory takes its time."""
    prefetch(place)
    for line in range(_CACHE_LINE, size, _CACHE_LINE):
        prefetch(place + line)
    prefetch(place + size - 1)
