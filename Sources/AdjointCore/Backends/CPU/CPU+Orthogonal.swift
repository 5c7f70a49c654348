import CAdjoint

// Factorisations into orthogonal matrices: Q R, singular values, eigenvalues.

extension CPU {
    /// Q and R of each matrix; Q is as wide as it says. A nil Q is not computed.
    static func qr(_ a: Block, q: Block?, r: Block) throws(TensorError) {
        try needLapack(a)
        a.dtype == .float64 ? try qr(Double.self, a, q, r) : try qr(Float.self, a, q, r)
    }

    private static func qr<T: LapackReal>(_: T.Type, _ a: Block, _ q: Block?, _ r: Block)
        throws(TensorError)
    {
        let (count, m, n) = matrices(a)
        let k = Swift.min(m, n)
        if r.numel == 0, q?.numel ?? 0 == 0 { return }
        let packed = try columns(a)
        let tau = try Block(scratch: [Swift.max(k, 1)], a.dtype)
        let height = r.sizes[r.ndim - 2]
        let upper = try Block(scratch: r.sizes, r.dtype)
        let width = q.map { $0.sizes[$0.ndim - 1] } ?? 0
        let whole = try scratch(q.map { transposed($0).sizes }, a.dtype)
        for g in 0..<count {
            let matrix = packed.elements(T.self) + g * m * n
            if T.geqrf(m, n, matrix, tau.elements()) == ADJ_LAPACK_MEMORY { throw outOfMemory() }
            let rows = upper.elements(T.self) + g * height * n
            for i in 0..<height {
                for j in 0..<n { rows[i * n + j] = i <= j && i < m ? matrix[j * m + i] : 0 }
            }
            guard let whole, width > 0, m > 0 else { continue }
            let target = whole.elements(T.self) + g * m * width
            target.update(repeating: 0, count: m * width)
            target.update(from: matrix, count: m * Swift.min(n, width))
            if T.orgqr(m, width, k, target, tau.elements()) == ADJ_LAPACK_MEMORY {
                throw outOfMemory()
            }
        }
        try CPU.copy(upper, into: r)
        if let q, let whole { try put(whole, into: q) }
    }

    /// U, the singular values in falling order, and Vᵀ. Without `vectors` only the values.
    static func svd(_ a: Block, vectors: (u: Block, vt: Block)?, values: Block)
        throws(TensorError)
    {
        try needLapack(a)
        a.dtype == .float64
            ? try svd(Double.self, a, vectors, values) : try svd(Float.self, a, vectors, values)
    }

    private static func svd<T: LapackReal>(
        _: T.Type, _ a: Block, _ vectors: (u: Block, vt: Block)?, _ values: Block
    ) throws(TensorError) {
        let (count, m, n) = matrices(a)
        let k = Swift.min(m, n)
        if values.numel == 0, vectors.map({ $0.u.numel == 0 && $0.vt.numel == 0 }) ?? true {
            return
        }
        let work = try columns(a)
        let s = try Block(scratch: values.sizes, values.dtype)
        let u = try scratch(vectors.map { transposed($0.u).sizes }, a.dtype)
        let vt = try scratch(vectors.map { transposed($0.vt).sizes }, a.dtype)
        let wide = u.map { $0.sizes[$0.ndim - 2] } ?? 0
        let high = vt.map { $0.sizes[$0.ndim - 1] } ?? 0
        let isFull = u != nil && (wide > k || high > k)
        for g in 0..<count {
            let matrix = work.elements(T.self) + g * m * n
            if k == 0 {
                if let u { identity(u.elements(T.self) + g * m * wide, m, wide) }
                if let vt { identity(vt.elements(T.self) + g * high * n, high, n) }
                continue
            }
            if !isFinite(matrix, m * n) {
                throw TensorError(
                    .argument,
                    FactorFailure(0, g, batched: a.ndim > 2).place
                        + "The algorithm failed to converge because the input matrix contained "
                        + "non-finite values.")
            }
            let info = Int(
                T.gesdd(
                    u == nil ? 0 : isFull ? 2 : 1, m, n, matrix, s.elements(T.self) + g * k,
                    u.map { $0.elements(T.self) + g * m * wide },
                    vt.map { $0.elements(T.self) + g * high * n }))
            if info == Int(ADJ_LAPACK_MEMORY) { throw outOfMemory() }
            if info != 0 {
                throw TensorError(
                    .argument,
                    FactorFailure(info, g, batched: a.ndim > 2).place
                        + "The algorithm failed to converge because the input matrix is "
                        + "ill-conditioned or has too many repeated singular values (error code: "
                        + "\(info)).")
            }
        }
        try CPU.copy(s, into: values)
        if let vectors, let u, let vt {
            try put(u, into: vectors.u)
            try put(vt, into: vectors.vt)
        }
    }

    /// Eigenvalues in rising order and eigenvectors of symmetric matrices, of which one triangle
    /// is read. A nil `vectors` is not computed.
    static func eigh(_ a: Block, upper: Bool, values: Block, vectors: Block?) throws(TensorError) {
        try needLapack(a)
        a.dtype == .float64
            ? try eigh(Double.self, a, upper, values, vectors)
            : try eigh(Float.self, a, upper, values, vectors)
    }

    private static func eigh<T: LapackReal>(
        _: T.Type, _ a: Block, _ upper: Bool, _ values: Block, _ vectors: Block?
    ) throws(TensorError) {
        let (count, n, _) = matrices(a)
        if n == 0 { return }
        let work = try columns(a)
        let w = try Block(scratch: values.sizes, values.dtype)
        for g in 0..<count {
            let matrix = work.elements(T.self) + g * n * n
            if !isFinite(matrix, n * n) {
                throw TensorError(
                    .argument,
                    FactorFailure(0, g, batched: a.ndim > 2).place
                        + "The algorithm failed to converge because the input matrix contained "
                        + "non-finite values.")
            }
            let info = Int(
                T.syevd(
                    vectors == nil ? 0 : 1, upper ? 1 : 0, n, matrix, w.elements(T.self) + g * n))
            if info == Int(ADJ_LAPACK_MEMORY) { throw outOfMemory() }
            if info != 0 {
                throw TensorError(
                    .argument,
                    FactorFailure(info, g, batched: a.ndim > 2).place
                        + "The algorithm failed to converge because the input matrix is "
                        + "ill-conditioned or has too many repeated eigenvalues (error code: "
                        + "\(info)).")
            }
        }
        try CPU.copy(w, into: values)
        if let vectors { try put(work, into: vectors) }
    }

    private static func isFinite<T: LapackReal>(_ numbers: UnsafePointer<T>, _ count: Int) -> Bool {
        for i in 0..<count where !numbers[i].isFinite { return false }
        return true
    }

    /// Columns of the unit matrix: the vectors of a matrix that has no singular values.
    private static func identity<T: LapackReal>(
        _ matrix: UnsafeMutablePointer<T>, _ rows: Int, _ columns: Int
    ) {
        for j in 0..<columns { for i in 0..<rows { matrix[j * rows + i] = i == j ? 1 : 0 } }
    }
}
