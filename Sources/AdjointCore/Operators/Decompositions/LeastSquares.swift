extension Linalg {
    /// The methods of `torch.linalg.lstsq`. `gels` takes matrices to have full rank; the others
    /// find the rank, counting small singular values as 0. Here the first factors A into Q R, and
    /// the others use the singular values: they differ in what they return besides the solution.
    public enum LeastSquaresDriver: String, Sendable {
        /// By Q R; the matrix has full rank.
        case gels
        /// Finds the rank.
        case gelsy
        /// Finds the rank, and returns the singular values too.
        case gelsd
        /// The same as `gelsd`.
        case gelss
    }

    /// What `lstsq` returns.
    public struct LeastSquares: Sendable {
        /// X, the smallest of those for which A X is nearest to B.
        public let solution: Tensor
        /// The squared lengths of the columns of A X - B where A is higher than wide and of full
        /// rank; else empty. Not computed by `gelsy`.
        public let residuals: Tensor
        /// The rank of each matrix, int64; empty for `gels`.
        public let rank: Tensor
        /// The singular values of A; empty for `gels` and `gelsy`.
        public let singularValues: Tensor
    }

    /// The X that makes the columns of A X - B shortest, the smallest one where there are several.
    /// B is a vector where it has one dimension, or a batch of them where it has the shape of A
    /// without the last. Singular values up to `rcond` times the largest count as 0; nil is the
    /// larger size of A times the distance from 1 to the next number. Same as
    /// `torch.linalg.lstsq`.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ or are not
    ///   float32 or float64.
    public static func lstsq(
        _ a: Tensor, _ b: Tensor, rcond: Double? = nil, driver: LeastSquaresDriver = .gelsy
    ) -> LeastSquares {
        let isVector =
            a.ndim >= 2 && (b.ndim == 1 || (b.ndim == a.ndim - 1 && b.shape == a.shape.dropLast()))
        let found = Failure.running("lstsq", 4) { () throws(TensorError) in
            let right = isVector ? b.unsqueeze(-1) : b
            try check(a, right)
            return parts(a, right, rcond, driver)
        }
        let isBad = found[0].isPoisoned
        return LeastSquares(
            solution: isVector && !isBad ? found[0].squeeze(-1) : found[0], residuals: found[1],
            rank: found[2], singularValues: found[3])
    }

    private static func check(_ a: Tensor, _ b: Tensor) throws(TensorError) {
        if a.ndim < 2 || b.ndim < 2 {
            throw TensorError(
                .shape,
                "expected matrices, or batches of them, but got shapes \(a.shape) and \(b.shape)")
        }
        if a.dtype != b.dtype {
            throw TensorError(
                .dtype, "expected A and B of one dtype, but got \(a.dtype) and \(b.dtype)")
        }
        if a.matrixRows != b.matrixRows {
            throw TensorError(
                .shape,
                "A of shape \(a.shape) has \(a.matrixRows) rows, and B of shape \(b.shape) has "
                    + "\(b.matrixRows)")
        }
    }

    private static func parts(
        _ a: Tensor, _ b: Tensor, _ rcond: Double?, _ driver: LeastSquaresDriver
    ) -> [Tensor] {
        let (m, n) = (a.matrixRows, a.matrixColumns)
        let epsilon = a.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
        let bound = rcond ?? Double(Swift.max(m, n)) * epsilon
        func empty(_ dtype: DType) -> Tensor { Tensor.zeros([0], dtype: dtype, device: a.device) }

        let solution =
            driver == .gels ? byFactors(a, b, m >= n) : pinv(a, rtol: bound).matmul(b)
        var (rank, values) = (empty(.int64), empty(a.dtype))
        if driver != .gels { rank = matrixRank(a, rtol: bound) }
        if driver == .gelsd || driver == .gelss { values = noGrad { svdvals(a.detach()) } }

        let isFull =
            driver == .gels
            || (driver != .gelsy && m > n && !rank.isPoisoned && noGrad { (rank .== n).all() }.isOn)
        guard m > n, isFull, !solution.isPoisoned else {
            return [solution, empty(a.dtype), rank, values]
        }
        let distance = a.matmul(solution) - b
        return [solution, (distance * distance).sum(dim: -2), rank, values]
    }

    /// R⁻¹ Qᵀ B of A = Q R; Q R⁻ᵀ B of Aᵀ = Q R where A is wider than high.
    private static func byFactors(_ a: Tensor, _ b: Tensor, _ isTall: Bool) -> Tensor {
        let (q, r) = qr(isTall ? a : a.mT)
        if q.isPoisoned { return q }
        if isTall { return r.solvedTriangular(q.mT.matmul(b), upper: true) }
        return q.matmul(r.mT.solvedTriangular(b, upper: false))
    }
}

extension Tensor {
    /// The one truth value that this tensor holds; true for one without data.
    fileprivate var isOn: Bool { device == .cpu ? item(as: Bool.self) : true }
}
