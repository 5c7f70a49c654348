import CAdjoint

extension CPU {
    /// The determinant of each square matrix, or its sign and the logarithm of its size.
    static func determinants(_ a: Block, into output: Block, logarithms: Block?)
        throws(TensorError)
    {
        try needLapack(a)
        a.dtype == .float64
            ? try determinants(Double.self, a, output, logarithms)
            : try determinants(Float.self, a, output, logarithms)
    }

    private static func determinants<T: LapackReal>(
        _: T.Type, _ a: Block, _ output: Block, _ logarithms: Block?
    ) throws(TensorError) {
        let (count, n, _) = matrices(a)
        let work = try columns(a)
        let found = try Block(scratch: output.sizes, a.dtype)
        let logs = try scratch(logarithms?.sizes, a.dtype)
        for g in 0..<count {
            let (sign, product, logarithm) = try determinant(
                work.elements(T.self) + g * n * n, n, logarithm: logs != nil)
            found.elements(T.self)[g] = logs == nil ? product : sign
            logs?.elements(T.self)[g] = logarithm
        }
        try CPU.copy(found, into: output)
        if let logs, let logarithms { try CPU.copy(logs, into: logarithms) }
    }

    /// Of one matrix, which is overwritten by its factors.
    private static func determinant<T: LapackReal>(
        _ matrix: UnsafeMutablePointer<T>, _ n: Int, logarithm: Bool
    ) throws(TensorError) -> (sign: T, product: T, logarithm: T) {
        let pivots = Block(empty: [Swift.max(n, 1)], .int32)
        if T.getrf(n, n, matrix, pivots.elements()) == ADJ_LAPACK_MEMORY { throw outOfMemory() }
        var (sign, product, sum): (T, T, T) = (1, 1, 0)
        for i in 0..<n {
            let pivot = matrix[i * n + i]
            if pivots.elements(Int32.self)[i] != Int32(i + 1) {
                sign = -sign
                product = -product
            }
            product *= pivot
            if pivot < 0 { sign = -sign } else if pivot == 0 { sign = 0 }
            if pivot.isNaN { sign = .nan }
            if logarithm { sum += .log(pivot.magnitude) }
        }
        return (sign, product, sum)
    }

    /// The cofactors of each square matrix: with A = U Σ Vᵀ they are det(U) det(V) U C Vᵀ, C the
    /// cofactors of Σ, products of all singular values but one. No division: A may be singular.
    /// With `change`, an X for each A, their derivative along X: with M = Uᵀ X V it is
    /// -Mⱼᵢ Π σ (without i and j) off C's diagonal, and the sum of Mⱼⱼ Π σ (without i and j) on it.
    static func cofactors(_ a: Block, change: Block?, into output: Block) throws(TensorError) {
        try needLapack(a)
        a.dtype == .float64
            ? try cofactors(Double.self, a, change, output)
            : try cofactors(Float.self, a, change, output)
    }

    private static func cofactors<T: LapackReal>(
        _: T.Type, _ a: Block, _ change: Block?, _ output: Block
    ) throws(TensorError) {
        let (count, n, _) = matrices(a)
        if n == 0 || count == 0 { return }
        let (u, vt) = try (Block(scratch: a.sizes, a.dtype), Block(scratch: a.sizes, a.dtype))
        let s = try Block(scratch: Dims(a.sizes.dropLast()), a.dtype)
        try svd(a, vectors: (u, vt), values: s)
        let core = try Block(scratch: a.sizes, a.dtype)
        var signs: [T] = []
        for vectors in [u, vt] {
            let copy = try columns(vectors)
            for g in 0..<count {
                let found = try determinant(
                    copy.elements(T.self) + g * n * n, n, logarithm: false)
                signs.append(found.product < 0 ? -1 : 1)
            }
        }
        var turned: Block?
        if let change {
            let (half, whole) = try (
                Block(scratch: a.sizes, a.dtype), Block(scratch: a.sizes, a.dtype)
            )
            try CPU.matmul(transposed(u), change, into: half)
            try CPU.matmul(half, transposed(vt), into: whole)
            turned = whole
        }
        for g in 0..<count {
            let values = s.elements(T.self) + g * n
            let target = core.elements(T.self) + g * n * n
            let sign = signs[g] * signs[count + g]
            target.update(repeating: 0, count: n * n)
            for i in 0..<n {
                guard let turned else {
                    target[i * n + i] = sign * product(values, n, without: i, i)
                    continue
                }
                let m = turned.elements(T.self) + g * n * n
                for j in 0..<n where j != i {
                    let rest = sign * product(values, n, without: i, j)
                    target[i * n + j] = -m[j * n + i] * rest
                    target[i * n + i] += m[j * n + j] * rest
                }
            }
        }
        let half = try Block(scratch: a.sizes, a.dtype)
        try CPU.matmul(u, core, into: half)
        try CPU.matmul(half, vt, into: output)
    }

    private static func product<T: LapackReal>(
        _ values: UnsafePointer<T>, _ n: Int, without i: Int, _ j: Int
    ) -> T {
        var product: T = 1
        for k in 0..<n where k != i && k != j { product *= values[k] }
        return product
    }
}
