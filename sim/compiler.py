# mypy: disable-error-code="no-untyped-call"
"""What numba is told beyond its decorators: when it optimises, and where it keeps compiled code.

numba optimises every function and makes machine code of it when it is compiled, and once more, within its caller, when
that is compiled, and so on up: with hundreds of small functions that is most of the time. Here a function that compiled
callers alone call is a `PartLibrary`, which waits; the function that Python calls is a `WholeLibrary`, which takes in
all that it reaches, once, and optimises that as one program. What comes out is the same to the last bit, since
optimising reorders no arithmetic.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numba
from llvmlite import ir  # type: ignore[import-untyped]
from llvmlite.binding import Linkage, get_host_cpu_features, parse_assembly  # type: ignore[import-untyped]
from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core import caching, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.environment import lookup_environment
from numba.core.runtime import rtsys  # type: ignore[attr-defined]
from numba.extending import typeof_impl

from sim.jit import Deferred, brought, cache_folder, source_hash

_NARROW = (types.int8, types.int16, types.int32, types.uint8, types.uint16, types.uint32)
ROOT = Path(__file__).resolve().parent
PROCESSOR = ("x86-64-v3" if platform.machine() in ("x86_64", "AMD64") else "generic", "")
"""The processor, and what it can do beyond that, for which a wheel's code is made: any of the last ten years."""
NEEDED = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe") if PROCESSOR[0] != "generic" else ()
ENVIRONMENT = "_ZN08NumbaEnv"
"""How the names of the variables begin in which numba keeps what a function needs to raise an error."""


def runs_here() -> bool:
    """Whether this machine's processor can do all that a wheel's code may ask of it."""
    features = get_host_cpu_features()
    return all(features.get(name, False) for name in NEEDED)


def _reached(libraries: list[Any], seen: set[int]) -> Iterator[Any]:
    """All libraries that these are linked with, each once; of one that has been optimised, it alone."""
    for library in libraries:
        if id(library) not in seen:
            seen.add(id(library))
            yield library
            if isinstance(library, PartLibrary):
                yield from _reached(library._linking_libraries, seen)


def _link(module: Any, libraries: list[Any]) -> None:
    for library in _reached(libraries, set()):
        taken = library._final_module if isinstance(library, PartLibrary) else library._get_module_for_linking()
        module.link_in(_to_take_in(taken))


def _close(module: Any, own: set[str]) -> None:
    """Tell the optimiser that nobody else calls what was taken in: it may then change how that is called."""
    for function in module.functions:
        if function.linkage == Linkage.linkonce_odr and function.name not in own:
            function.linkage = "internal"


def _to_take_in(module: Any) -> Any:
    """A copy that many may take in, and of which nothing stays that nobody asks for."""
    copy = module.clone()
    for function in copy.functions:
        if not function.is_declaration and function.linkage == Linkage.external:
            function.linkage = "linkonce_odr"
    for variable in copy.global_variables:
        if variable.name.startswith(ENVIRONMENT):
            variable.linkage = "linkonce_any"
    return copy


class PartLibrary(JITCodeLibrary):
    """A function for compiled callers only: as it was written, until somebody takes it in."""

    def finalize(self) -> None:
        """Leave it as it is."""
        self._finalized = True

    def _optimize_functions(self, module: Any) -> None:
        """Leave that too."""
        module.data_layout = self._codegen._data_layout

    def _get_module_for_linking(self) -> Any:
        """With all that it calls, for a function of somebody else's."""
        module = _to_take_in(self._final_module)
        _link(module, self._linking_libraries)
        return module


class InlinedLibrary(PartLibrary):
    """A part whose body is copied into every caller."""

    order = "alwaysinline"

    def add_llvm_module(self, module: Any) -> None:
        """Take a module in, with the order to copy, or not to."""
        for function in module.functions:
            if not function.is_declaration:
                function.add_function_attribute(self.order)
        super().add_llvm_module(module)


class ApartLibrary(InlinedLibrary):
    """A part that stays a function of its own."""

    order = "noinline"


class WholeLibrary(JITCodeLibrary):
    """A function that Python calls, and all that it calls."""

    def finalize(self) -> None:
        """Take everything in, optimise it and make machine code of it."""
        self._raise_if_finalized()
        for library in _reached(self._linking_libraries, set()):
            self._reload_init.update(library._reload_init)
        own = {function.name for function in self.get_defined_functions()}
        _link(self._final_module, self._linking_libraries)
        _close(self._final_module, own)
        self._optimize_functions(self._final_module)
        self._optimize_final_module()
        self._final_module.verify()
        self._finalize_final_module()
        for variable in self._final_module.global_variables:
            if environment := lookup_environment(variable.name):
                cast(Any, self._codegen).set_env(variable.name, environment)

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """Machine code, and names alone in place of the code that others could take in: nobody does."""
        self._ensure_finalized()
        names = self._codegen._create_empty_module(self.name)
        for function in self.get_defined_functions():
            body = ir.Function(names, ir.FunctionType(ir.VoidType(), []), function.name)
            ir.IRBuilder(body.append_basic_block()).ret_void()
        for variable in self._final_module.global_variables:
            if not variable.is_declaration:
                ir.GlobalVariable(names, ir.IntType(8), variable.name).initializer = ir.Constant(ir.IntType(8), 0)
        return self.name, "object", (self._get_compiled_object(), parse_assembly(str(names)).as_bitcode())


class _With(Compiler):
    library: Any

    def compile_extra(self, function: Any) -> Any:
        codegen = self.state.targetctx.codegen()
        self.state.library = self.library(codegen, function.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(function)


class PartCompiler(_With):
    """Compiles a part: there is nothing to run."""

    library = PartLibrary

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.state.targetctx.get_executable = _not_to_be_called


class InlinedCompiler(PartCompiler):
    """Compiles a part whose body is copied into every caller."""

    library = InlinedLibrary


class ApartCompiler(PartCompiler):
    """Compiles a part that stays a function of its own."""

    library = ApartLibrary


_COMPILERS = {None: PartCompiler, True: InlinedCompiler, False: ApartCompiler}


class WholeCompiler(_With):
    """Compiles what Python calls."""

    library = WholeLibrary

    def define_pipelines(self) -> Any:
        """Ask for the way in from Python only now, when numba has noted the options for its own helpers."""
        self.state.flags.no_cpython_wrapper = False
        return super().define_pipelines()


def _not_to_be_called(library: Any, description: Any, environment: Any) -> Any:
    """What stands for a part among the functions that numba knows, in place of one that can be run."""
    module, name = description.lookup_module(), description.qualname.split(".")[-1]
    return _dynfunc.make_function(module, name, "for compiled callers only", 0, environment, (library,))


def part(function: Callable[..., Any], inline: bool | None, **options: Any) -> Any:
    """What compiled callers call: compiled once, whatever numbers stand in the calls.

    It is not numba's option that has it inlined: each combination of options has numba's own helpers compiled anew.

    Parameters
    ----------
    inline : whether its body is copied into every caller, or stays a function of its own; None where neither matters.
    """
    made = numba.njit(pipeline_class=_COMPILERS[inline], **options)(function)
    template, whole = made.get_call_template, _whole_numbers(function)

    def one_template(given: Sequence[Any], named: dict[str, Any]) -> Any:
        names = function.__code__.co_varnames
        kinds = tuple(_plain(kind, name in whole) for kind, name in zip(given, names, strict=False))
        return template(kinds, {name: _plain(kind, name in whole) for name, kind in named.items()})

    made.get_call_template = one_template
    return made


def _whole_numbers(function: Callable[..., Any]) -> set[str]:
    return {name for name, kind in function.__annotations__.items() if kind in (int, "int")}


def _plain(kind: Any, whole: bool) -> Any:
    """A type without the value that a literal has; a whole number that fits into int64 as one."""
    plain = types.unliteral(kind)
    return types.int64 if whole and plain in _NARROW else plain


def whole(function: Callable[..., Any], **options: Any) -> Any:
    """What Python calls, kept on disk."""
    made = numba.njit(pipeline_class=WholeCompiler, **options)(function)
    made._cache = OwnCache(function)
    return made


@typeof_impl.register(Deferred)
def _typeof(value: Deferred, _context: Any) -> Any:
    return types.Dispatcher(value.part)


class _Locator(caching.UserProvidedCacheLocator):
    """Where a function's compiled code lies below a folder: named by its file, not by where ccsim is installed."""

    def __init__(self, function: Any, file: str) -> None:
        self._py_file, self._lineno = file, function.__code__.co_firstlineno
        self._is_own = Path(file).resolve().is_relative_to(ROOT)
        self._cache_path = str(cache_folder() / self.place)

    @property
    def place(self) -> str:
        """The folder's name."""
        if self._is_own:
            return "_".join(Path(self._py_file).resolve().relative_to(ROOT).with_suffix("").parts)
        return cast(str, cast(Any, self).get_suitable_cache_subpath(self._py_file))

    def get_source_stamp(self) -> Any:
        """What must be the same for code to be used again; a user's own file counts by time and size."""
        return source_hash() if self._is_own else super().get_source_stamp()

    @classmethod
    def from_function(cls, function: Any, file: str) -> Any:
        found: Any = cls(function, file)
        found.ensure_cache_path()
        return found


class _Results(caching.CompileResultCacheImpl):
    _locator_classes = [_Locator]  # noqa: RUF012


class OwnCache(caching.FunctionCache):
    """Numba's cache on disk, in our folder whatever the process has set for others; before it, what a wheel brought."""

    _impl_class = _Results

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Load compiled code, without all that numba makes ready for compiling: that takes longer than the rest."""
        rtsys.initialize(target)
        return self._brought(signature, target) or self._load_overload(signature, target)

    def _brought(self, signature: Any, target: Any) -> Any:
        """What a wheel brought: for any processor of this kind, not for this very one."""
        if (folder := brought()) is None:
            return None
        impl = cast(Any, self)._impl
        file = caching.IndexDataCacheFile(str(folder / impl.locator.place), impl.filename_base, source_hash())
        _, (triple, *_), code = self._index_key(signature, target.codegen())
        found = file.load((signature, (triple, *PROCESSOR), code))
        return None if found is None else impl.rebuild(target, found)
