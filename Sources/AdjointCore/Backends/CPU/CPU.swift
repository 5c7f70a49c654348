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
    static func dense(_ tensor: Block, _ dtype: DType) throws(TensorError) -> Block {
        if tensor.dtype == dtype && tensor.layout.isContiguous { return tensor }
        return try denseCopy(tensor, dtype)
    }

    /// The same of what may not be there.
    static func dense(ifAny tensor: Block?, _ dtype: DType) throws(TensorError) -> Block? {
        guard let tensor else { return nil }
        return try dense(tensor, dtype)
    }

    @inline(never)
    private static func denseCopy(_ tensor: Block, _ dtype: DType) throws(TensorError) -> Block {
        let copy = try Block(scratch: tensor.sizes, dtype)
        try CPU.copy(tensor, into: copy)
        return copy
    }

    /// Calls `body` with a contiguous tensor of `dtype` that ends up in `output`: the output
    /// itself where it is one.
    @inline(__always)
    static func writing(
        _ output: Block, as dtype: DType, _ body: (Block) throws(TensorError) -> Void
    ) throws(TensorError) {
        if output.dtype == dtype && output.layout.isContiguous {
            try body(output)
        } else {
            let staged = try Block(scratch: output.sizes, dtype)
            try body(staged)
            try CPU.copy(staged, into: output)
        }
    }
}
