// The commonest pointwise loops, without the set-up of a general walk: each operand contiguous in
// the shape of the result, or a single number.

extension CPU {
    /// Runs `loop` where the operands lie so; false where they do not.
    static func flat<T: TensorScalar, R>(
        _ loop: (
            UnsafePointer<T>?, Int, UnsafePointer<T>?, Int, UnsafeMutablePointer<R>?, Int, Int
        ) -> Void, _ a: Block, _ b: Block, as dtype: DType,
        into output: Block, _: R.Type
    ) -> Bool {
        guard output.layout.isContiguous, let sa = step(a, dtype, output),
            let sb = step(b, dtype, output)
        else { return false }
        if output.numel == 0 { return true }
        withUnsafeTemporaryAllocation(of: T.self, capacity: 2) { numbers in
            let p = address(a, dtype, numbers.baseAddress!)
            let q = address(b, dtype, numbers.baseAddress! + 1)
            let y = output.elements(R.self)
            parallel(output.numel) { i, end in
                loop(p + i * sa, sa, q + i * sb, sb, y + i, 1, end - i)
            }
        }
        return true
    }

    /// 1 for an operand like the result, 0 for a single number, also one that was expanded, nil for
    /// anything else.
    @inline(__always)
    static func step(_ block: Block, _ dtype: DType, _ output: Block) -> Int? {
        if block.layout.isContiguous {
            if block.dtype == dtype, block.sizes == output.sizes { return 1 }
            return block.numel == 1 ? 0 : nil
        }
        return block.layout.isOneNumber ? 0 : nil
    }

    /// Where the elements of an operand start; a number of another type is written to `scratch`.
    static func address<T: TensorScalar>(
        _ block: Block, _ dtype: DType, _ scratch: UnsafeMutablePointer<T>
    ) -> UnsafeMutablePointer<T> {
        if block.dtype == dtype { return block.elements(T.self) }
        scratch.initialize(to: T(scalar: decode(block.dtype, block.pointer!)))
        return scratch
    }
}
