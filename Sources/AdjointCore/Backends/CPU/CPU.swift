import CAdjoint

/// The processor's verbs. They know shapes, strides and numbers, and nothing of gradients.
enum CPU {
    /// Elements below which splitting element-wise work among threads costs more than it saves.
    static let grain = 32_768

    /// Runs `body` over `0..<n` in chunks whose bounds depend on `n` and `grain` alone, so that
    /// results do not depend on the number of threads.
    @inline(__always)
    static func parallel(_ n: Int, grain: Int = CPU.grain, _ body: (Int, Int) -> Void) {
        if n <= grain {
            if n > 0 { body(0, n) }
            return
        }
        split(n, grain, body)
    }

    @inline(never)
    private static func split(_ n: Int, _ grain: Int, _ body: (Int, Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            var body = body
            withUnsafeMutablePointer(to: &body) { context in
                adj_parallel(
                    n, grain,
                    { begin, end, context in
                        context!.assumingMemoryBound(to: ((Int, Int) -> Void).self)
                            .pointee(begin, end)
                    }, context)
            }
        }
    }

    /// `tensor` itself where it is contiguous and of this dtype, else a copy that is.
    @inline(__always)
    static func dense(_ tensor: Block, _ dtype: DType) -> Block {
        if tensor.dtype == dtype && tensor.layout.isContiguous { return tensor }
        return denseCopy(tensor, dtype)
    }

    @inline(never)
    private static func denseCopy(_ tensor: Block, _ dtype: DType) -> Block {
        let copy = Block(empty: tensor.sizes, dtype)
        CPU.copy(tensor, into: copy)
        return copy
    }

    /// Calls `body` with a contiguous tensor of `dtype` that ends up in `output`: the output
    /// itself where it is one.
    @inline(__always)
    static func writing(_ output: Block, as dtype: DType, _ body: (Block) -> Void) {
        if output.dtype == dtype && output.layout.isContiguous {
            body(output)
        } else {
            let staged = Block(empty: output.sizes, dtype)
            body(staged)
            CPU.copy(staged, into: output)
        }
    }
}
