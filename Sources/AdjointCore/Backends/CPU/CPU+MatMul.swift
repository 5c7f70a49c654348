import CAdjoint

extension CPU {
    /// output = a · b over the last two dimensions, the others broadcast. A transposed operand is
    /// handed to the kernel as such, without a copy.
    static func matmul(_ a: Block, _ b: Block, into output: Block) throws(TensorError) {
        switch output.dtype {
        case .float32, .float16, .bfloat16:
            try matmulFloat(a, b, output, .float32, adj_gemm_f32, adj_gemm_batched_f32)
        case .float64: try matmulFloat(a, b, output, .float64, adj_gemm_f64, adj_gemm_batched_f64)
        default: try matmulInteger(a, b, output)
        }
    }

    private typealias Gemm<T> =
        @Sendable (
            Int32, Int32, Int, Int, Int, T, UnsafePointer<T>?, Int, UnsafePointer<T>?, Int, T,
            UnsafeMutablePointer<T>?, Int
        ) -> Void
    private typealias BatchedGemm<T> =
        @Sendable (
            Int, Int, Int, Int, Int32, Int32, Int, Int, Int, T, UnsafePointer<T>?, Int,
            UnsafePointer<T>?, Int, T, UnsafeMutablePointer<T>?, Int
        ) -> Void

    /// A matrix operand as the kernel takes it: the memory, whether it is transposed, the step
    /// from row to row.
    static func matrix(_ tensor: Block, _ dtype: DType) throws(TensorError)
        -> (tensor: Block, isTransposed: Bool, lead: Int)
    {
        let typed = try tensor.dtype == dtype ? tensor : dense(tensor, dtype)
        let (rows, columns) = (typed.sizes[typed.ndim - 2], typed.sizes[typed.ndim - 1])
        let (down, across) = (
            typed.layout.strides[typed.ndim - 2], typed.layout.strides[typed.ndim - 1]
        )
        if across == 1 || columns == 1, down >= Swift.max(columns, 1) || rows == 1 {
            return (typed, false, Swift.max(rows == 1 ? columns : down, columns, 1))
        }
        if down == 1 || rows == 1, across >= Swift.max(rows, 1) || columns == 1 {
            return (typed, true, Swift.max(columns == 1 ? rows : across, rows, 1))
        }
        return (try dense(typed, dtype), false, Swift.max(columns, 1))
    }

    @inline(__always)
    private static func matmulFloat<T: Real>(
        _ a: Block, _ b: Block, _ output: Block, _ dtype: DType, _ gemm: Gemm<T>,
        _ batched: BatchedGemm<T>
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let rank = output.ndim
        let (m, n) = (output.sizes[rank - 2], output.sizes[rank - 1])
        let k = a.sizes[a.ndim - 1]
        try writing(output, as: dtype) { (target) throws(TensorError) in
            let (p, transA, lda) = try matrix(a, dtype)
            let (q, transB, ldb) = try matrix(b, dtype)
            let y = target.elements(T.self)
            let (ta, tb): (Int32, Int32) = (transA ? 1 : 0, transB ? 1 : 0)
            if rank == 2 {
                gemm(ta, tb, m, n, k, 1, p.elements(), lda, q.elements(), ldb, 0, y, n)
                return
            }
            let batch = Dims(output.sizes.dropLast(2))
            let stepsA = batchStrides(p, batch)
            let stepsB = batchStrides(q, batch)
            let loop = StridedLoop(batch, stepsA, stepsB, Layout(contiguous: batch).strides)
            // One call for each stretch of matrices that lie evenly.
            let count = loop.sizes.last!
            let step = loop.strides.last!
            var index = 0
            let rows = loop.sizes.dropLast().reduce(1, *)
            while index < rows {
                var rest = index
                var (offA, offB, offC) = (0, 0, 0)
                for d in stride(from: loop.sizes.count - 2, through: 0, by: -1) {
                    let i = rest % loop.sizes[d]
                    rest /= loop.sizes[d]
                    offA += i * loop.strides[d].0
                    offB += i * loop.strides[d].1
                    offC += i * loop.strides[d].2
                }
                batched(
                    count, step.0, step.1, step.2 * m * n, ta, tb, m, n, k, 1,
                    p.elements(T.self) + offA,
                    lda, q.elements(T.self) + offB, ldb, 0, y + offC * m * n, n)
                index += 1
            }
        }
    }

    private static func batchStrides(_ tensor: Block, _ batch: Dims) -> Dims {
        let layout = Layout(
            sizes: Dims(tensor.sizes.dropLast(2)), strides: Dims(tensor.layout.strides.dropLast(2)),
            offset: 0)
        return layout.broadcast(to: batch).strides
    }

    /// Whole numbers: the plain triple loop, exact modulo 2⁶⁴.
    private static func matmulInteger(_ a: Block, _ b: Block, _ output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        let rank = output.ndim
        let batch = output.sizes.dropLast(2)
        let (m, n, k) = (output.sizes[rank - 2], output.sizes[rank - 1], a.sizes[a.ndim - 1])
        func expanded(_ tensor: Block, _ rows: Int, _ columns: Int) throws(TensorError) -> Block {
            let layout = tensor.layout.broadcast(to: Dims(Array(batch) + [rows, columns]))
            return try dense(Block(tensor.storage, layout, tensor.dtype, .cpu), .int64)
        }
        let (p, q) = try (expanded(a, m, k), expanded(b, k, n))
        try writing(output, as: .int64) { target in
            let (x, w, y) = (
                p.elements(Int64.self), q.elements(Int64.self), target.elements(Int64.self)
            )
            for g in 0..<batch.reduce(1, *) {
                for i in 0..<m {
                    for j in 0..<n {
                        var sum: Int64 = 0
                        for l in 0..<k { sum &+= x[(g * m + i) * k + l] &* w[(g * k + l) * n + j] }
                        y[(g * m + i) * n + j] = sum
                    }
                }
            }
        }
    }
}
