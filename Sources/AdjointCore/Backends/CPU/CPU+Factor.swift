import CAdjoint

// Factorisations of matrices in batches. LAPACK wants columns one after another and overwrites
// what it is given: each function works on a copy of the transpose, and copies back.

/// A matrix of a batch that has no factorisation, or an iteration that did not converge.
struct FactorFailure {
    let info: Int
    /// Nil where there is one matrix alone.
    let batch: Int?

    init(_ info: Int, _ index: Int, batched: Bool) {
        self.info = info
        batch = batched ? index : nil
    }

    /// "(Batch element 3): ", or nothing.
    var place: String { batch.map { "(Batch element \($0)): " } ?? "" }
}

extension CPU {
    /// Throws where no LAPACK can be loaded, or where a size is more than its integers hold.
    static func needLapack(_ tensor: Block) throws(TensorError) {
        if let problem = adj_lapack_problem() {
            throw TensorError(
                .argument,
                "needs a LAPACK, and none was found (\(String(cString: problem))). Install "
                    + "libopenblas0 or liblapack3 (Debian, Ubuntu) or openblas (Fedora), or name a "
                    + "library in the environment variable ADJOINT_LAPACK; macOS has one")
        }
        if tensor.sizes.contains(where: { $0 > Int(Int32.max) }) {
            throw TensorError(
                .shape,
                "a matrix of shape \(tensor.shape) is larger than LAPACK takes: sizes up to "
                    + "\(Int32.max)")
        }
    }

    /// How many matrices there are, and their sizes.
    static func matrices(_ tensor: Block) -> (count: Int, rows: Int, columns: Int) {
        let rank = tensor.ndim
        return (
            Dims(tensor.sizes.dropLast(2)).product, tensor.sizes[rank - 2], tensor.sizes[rank - 1]
        )
    }

    /// The same memory with the last two dimensions exchanged.
    static func transposed(_ tensor: Block) -> Block {
        var (sizes, strides) = (tensor.sizes, tensor.layout.strides)
        let rank = sizes.count
        (sizes[rank - 2], sizes[rank - 1]) = (sizes[rank - 1], sizes[rank - 2])
        (strides[rank - 2], strides[rank - 1]) = (strides[rank - 1], strides[rank - 2])
        let layout = Layout(sizes: sizes, strides: strides, offset: tensor.layout.offset)
        return Block(tensor.storage, layout, tensor.dtype, .cpu)
    }

    /// A copy with the columns of each matrix one after another.
    static func columns(_ tensor: Block) throws(TensorError) -> Block {
        let source = transposed(tensor)
        let copy = try Block(scratch: source.sizes, source.dtype)
        try CPU.copy(source, into: copy)
        return copy
    }

    /// Writes matrices whose columns lie one after another.
    static func put(_ columns: Block, into output: Block) throws(TensorError) {
        try CPU.copy(transposed(columns), into: output)
    }

    /// A block for what may not be wanted.
    static func scratch(_ sizes: Dims?, _ dtype: DType) throws(TensorError) -> Block? {
        guard let sizes else { return nil }
        return try Block(scratch: sizes, dtype)
    }

    static func outOfMemory() -> TensorError {
        TensorError(.argument, "there is no memory for LAPACK's workspace; free some")
    }

    // MARK: A = L Lᵀ

    /// The lower factor of each matrix; `infos` gets the order of the first minor that is not
    /// positive, or 0. Returns the first failure.
    static func cholesky(_ a: Block, upper: Bool, into factor: Block, infos: Block)
        throws(TensorError) -> FactorFailure?
    {
        try needLapack(a)
        return a.dtype == .float64
            ? try cholesky(Double.self, a, upper, factor, infos)
            : try cholesky(Float.self, a, upper, factor, infos)
    }

    private static func cholesky<T: LapackReal>(
        _: T.Type, _ a: Block, _ upper: Bool, _ factor: Block, _ infos: Block
    ) throws(TensorError) -> FactorFailure? {
        let (count, n, _) = matrices(a)
        let work = try columns(a)
        let codes = try Block(scratch: infos.sizes, .int32)
        var failure: FactorFailure?
        for b in 0..<count {
            let matrix = work.elements(T.self) + b * n * n
            let info = Int(T.potrf(upper ? 1 : 0, n, matrix))
            if info == Int(ADJ_LAPACK_MEMORY) { throw outOfMemory() }
            codes.elements(Int32.self)[b] = Int32(info)
            if info != 0, failure == nil {
                failure = FactorFailure(info, b, batched: a.ndim > 2)
            }
            // The triangle that was not the factor's is 0, and an upper factor is transposed.
            for i in 0..<n {
                for j in i..<n where i != j {
                    if upper { matrix[i * n + j] = matrix[j * n + i] }
                    matrix[j * n + i] = 0
                }
            }
        }
        try put(work, into: factor)
        try CPU.copy(codes, into: infos)
        return failure
    }

    // MARK: A = P L U

    /// L and U of each matrix in one, the rows exchanged, and which ones were (from 1); `infos`
    /// gets the position of the first 0 on U's diagonal, or 0. Returns the first failure.
    static func luFactor(_ a: Block, into lu: Block, pivots: Block, infos: Block)
        throws(TensorError) -> FactorFailure?
    {
        try needLapack(a)
        return a.dtype == .float64
            ? try luFactor(Double.self, a, lu, pivots, infos)
            : try luFactor(Float.self, a, lu, pivots, infos)
    }

    private static func luFactor<T: LapackReal>(
        _: T.Type, _ a: Block, _ lu: Block, _ pivots: Block, _ infos: Block
    ) throws(TensorError) -> FactorFailure? {
        let (count, m, n) = matrices(a)
        let k = Swift.min(m, n)
        let work = try columns(a)
        let (codes, rows) = try (
            Block(scratch: infos.sizes, .int32), Block(scratch: pivots.sizes, .int32)
        )
        var failure: FactorFailure?
        for b in 0..<count {
            let info = Int(
                T.getrf(m, n, work.elements(T.self) + b * m * n, rows.elements() + b * k))
            if info == Int(ADJ_LAPACK_MEMORY) { throw outOfMemory() }
            codes.elements(Int32.self)[b] = Int32(info)
            if info != 0, failure == nil {
                failure = FactorFailure(info, b, batched: a.ndim > 2)
            }
        }
        try put(work, into: lu)
        try CPU.copy(rows, into: pivots)
        try CPU.copy(codes, into: infos)
        return failure
    }

    /// X of A X = B; `infos` as `luFactor`. A singular matrix gives infinities and NaN.
    static func solve(_ a: Block, _ b: Block, into x: Block, infos: Block) throws(TensorError)
        -> FactorFailure?
    {
        try needLapack(a)
        try needLapack(b)
        return a.dtype == .float64
            ? try solve(Double.self, a, b, x, infos) : try solve(Float.self, a, b, x, infos)
    }

    private static func solve<T: LapackReal>(
        _: T.Type, _ a: Block, _ b: Block, _ x: Block, _ infos: Block
    ) throws(TensorError) -> FactorFailure? {
        let (count, n, k) = matrices(x)
        let wide = a.layout.broadcast(to: Dims(Array(x.sizes.dropLast(2)) + [n, n]))
        let right = b.layout.broadcast(to: x.sizes)
        // A matrix that all right sides share is factored once.
        let isShared = a.sizes.dropLast(2).reduce(1, &*) == 1
        let factor = try columns(isShared ? a : Block(a.storage, wide, a.dtype, .cpu))
        let work = try columns(Block(b.storage, right, b.dtype, .cpu))
        let pivots = try Block(scratch: [Swift.max(n, 1)], .int32)
        let codes = try Block(scratch: infos.sizes, .int32)
        var failure: FactorFailure?
        var info = 0
        // Without right sides one matrix is factored once, and none that has no elements.
        let rounds = n == 0 ? 0 : isShared && k == 0 ? Swift.min(count, 1) : count
        for g in 0..<rounds {
            let lu = factor.elements(T.self) + (isShared ? 0 : g * n * n)
            if g == 0 || !isShared {
                info = Int(T.getrf(n, n, lu, pivots.elements()))
                if info == Int(ADJ_LAPACK_MEMORY) { throw outOfMemory() }
            }
            if codes.numel > 0 {
                codes.elements(Int32.self)[Swift.min(g, codes.numel - 1)] = Int32(info)
            }
            if info != 0, failure == nil {
                failure = FactorFailure(info, g, batched: a.ndim > 2)
            }
            if n > 0, k > 0 {
                _ = T.getrs(0, n, k, lu, pivots.elements(), work.elements(T.self) + g * n * k)
            }
        }
        if rounds == 0 { for i in 0..<codes.numel { codes.elements(Int32.self)[i] = 0 } }
        try put(work, into: x)
        try CPU.copy(codes, into: infos)
        return failure
    }

    // MARK: Triangular systems

    /// X of A X = B for triangular matrices; needs no LAPACK.
    static func solveTriangular(_ a: Block, _ b: Block, upper: Bool, unit: Bool, into x: Block)
        throws(TensorError)
    {
        if x.numel == 0 { return }
        x.dtype == .float64
            ? try solveTriangular(Double.self, a, b, upper, unit, x)
            : try solveTriangular(Float.self, a, b, upper, unit, x)
    }

    private static func solveTriangular<T: LapackReal>(
        _: T.Type, _ a: Block, _ b: Block, _ upper: Bool, _ unit: Bool, _ x: Block
    ) throws(TensorError) {
        let (count, n, k) = matrices(x)
        let wide = a.layout.broadcast(to: Dims(Array(x.sizes.dropLast(2)) + [n, n]))
        let left = try dense(Block(a.storage, wide, a.dtype, .cpu), a.dtype)
        let right = b.layout.broadcast(to: x.sizes)
        let work = try Block(scratch: x.sizes, x.dtype)
        try CPU.copy(Block(b.storage, right, b.dtype, .cpu), into: work)
        for g in 0..<count {
            T.trsm(
                upper ? 1 : 0, unit ? 1 : 0, n, k, left.elements(T.self) + g * n * n,
                work.elements(T.self) + g * n * k)
        }
        try CPU.copy(work, into: x)
    }
}
