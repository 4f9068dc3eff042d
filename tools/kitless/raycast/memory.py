"""Reading arrays by address inside compiled loops.

A scene has as many arrays as it has meshes. Passing their addresses in one table leaves each where it is:
no concatenation when one changes, one compiled kernel for any number. Whoever fills the table keeps them alive.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from llvmlite.ir import Constant
from numba import types
from numba.extending import intrinsic


def _reader(result: Any, width: int, llvm: ir.Type) -> Any:
    def read(typing_context: Any, address: Any, index: Any) -> Any:  # noqa: ARG001 numba's calling convention
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
            base, offset = arguments
            place = builder.add(base, builder.mul(offset, Constant(offset.type, width)))
            return builder.load(builder.inttoptr(place, llvm.as_pointer()))

        return result(types.int64, types.int64), generate

    return intrinsic(read)


read_float = _reader(types.float32, 4, ir.FloatType())
"""read_float(address, index) -> float32."""
read_int = _reader(types.int32, 4, ir.IntType(32))
"""read_int(address, index) -> int32."""
read_byte = _reader(types.uint8, 1, ir.IntType(8))
"""read_byte(address, index) -> uint8."""


def _lend(typing_context: Any, array: Any) -> Any:  # noqa: ARG001 numba's calling convention
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        proxy = context.make_array(kind)(context, builder, arguments[0])
        proxy.meminfo = Constant(proxy.meminfo.type, None)
        proxy.parent = Constant(proxy.parent.type, None)
        return proxy._getvalue()

    return array(array), generate


lent: Any = intrinsic(_lend)
"""lent(array) -> the same array without an owner; whoever called the compiled loop keeps the memory.

Every use of an owned array counts references, and threads that count the same ones wait for each other.
"""
