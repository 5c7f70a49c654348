// Norms of vectors and of matrices.

extension Linalg {
    /// The norms of matrices that have a name: the root of the sum of squares, and the sum of the
    /// singular values.
    public enum NamedNorm: String, Sendable {
        /// Frobenius: the root of the sum of squares.
        case fro
        /// The nuclear norm: the sum of the singular values.
        case nuc
    }

    /// (Σ |x|ᵖ)^(1/p) over some dimensions, or all: the largest |x| for infinite `ord`, the
    /// smallest for minus infinity, the number of elements other than 0 for 0. Its gradient is 0
    /// where it is 0, and a second derivative there is NaN. Same as `torch.linalg.vector_norm`.
    ///
    /// - Errors: `.dtype` for integers, `.shape` where nothing is left to compare.
    public static func vectorNorm(
        _ x: Tensor, ord: Double = 2, dim: [Int]? = nil, keepDim: Bool = false,
        dtype: DType? = nil
    ) -> Tensor {
        let x = dtype.map { x.to($0) } ?? x
        let axes = Axes(dim, keeps: keepDim)
        return apply(Norm(ord, axes, isSharp: true), Operands(x))
    }

    /// A norm of each matrix that lies in the dimensions `dim`: the largest (1, or -1 for the
    /// smallest) sum of sizes along a column, that along a row (±infinity), the largest or smallest
    /// singular value (±2). Same as `torch.linalg.matrix_norm`.
    ///
    /// - Errors: `.argument` for another `ord`, `.shape` for what is no matrix, `.dtype` for
    ///   integers.
    public static func matrixNorm(
        _ a: Tensor, ord: Double, dim: [Int] = [-2, -1], keepDim: Bool = false,
        dtype: DType? = nil
    ) -> Tensor {
        let a = dtype.map { a.to($0) } ?? a
        return Failure.running("matrixNorm") { () throws(TensorError) in
            let (i, j) = try plane(a, dim)
            switch ord.magnitude {
            case 2: return singular(a, i, j, keepDim) { reduced($0, ord, keepDim) }
            case 1, .infinity:
                let (along, across) = ord.magnitude == 1 ? (i, j) : (j, i)
                let sums = vectorNorm(a, ord: 1, dim: [along], keepDim: true)
                let extreme =
                    ord > 0
                    ? sums.amax(dim: [across], keepDim: true)
                    : sums.amin(dim: [across], keepDim: true)
                return keepDim || extreme.isPoisoned ? extreme : extreme.squeeze([i, j])
            default:
                throw TensorError(
                    .argument, "order \(ord) is no norm of matrices: take ±1, ±2 or ±infinity")
            }
        }
    }

    /// The root of the sum of squares (`.fro`), or the sum of the singular values (`.nuc`).
    public static func matrixNorm(
        _ a: Tensor, ord: NamedNorm = .fro, dim: [Int] = [-2, -1], keepDim: Bool = false,
        dtype: DType? = nil
    ) -> Tensor {
        let a = dtype.map { a.to($0) } ?? a
        return Failure.running("matrixNorm") { () throws(TensorError) in
            let (i, j) = try plane(a, dim)
            if ord == .fro { return vectorNorm(a, dim: [i, j], keepDim: keepDim) }
            return singular(a, i, j, keepDim) { $0.sum(dim: -1, keepDim: keepDim) }
        }
    }

    /// Two different dimensions of a tensor of numbers.
    private static func plane(_ a: Tensor, _ dim: [Int]) throws(TensorError) -> (Int, Int) {
        if !a.dtype.isFloatingPoint {
            throw TensorError(.dtype, "expected floating-point matrices, not \(a.dtype)")
        }
        if a.ndim < 2 {
            throw TensorError(.shape, "expected a matrix, or a batch, but got shape \(a.shape)")
        }
        if dim.count != 2 {
            throw TensorError(.argument, "a matrix lies in two dimensions, not in \(dim)")
        }
        let (i, j) = (try Dim.resolve(dim[0], a.ndim), try Dim.resolve(dim[1], a.ndim))
        if i == j {
            throw TensorError(.index, "a matrix lies in two different dimensions, not in \(dim)")
        }
        return (i, j)
    }

    /// What `reduce` makes of the singular values, with dimensions of size 1 put back.
    private static func singular(
        _ a: Tensor, _ i: Int, _ j: Int, _ keepDim: Bool, _ reduce: (Tensor) -> Tensor
    ) -> Tensor {
        let values = svdvals(a.movedim([i, j], [-2, -1]))
        if values.isPoisoned { return values }
        let found = reduce(values)
        return keepDim && !found.isPoisoned
            ? found.unsqueeze(-1).movedim([-2, -1], [i, j]) : found
    }

    private static func reduced(_ values: Tensor, _ ord: Double, _ keepDim: Bool) -> Tensor {
        ord > 0
            ? values.amax(dim: [-1], keepDim: keepDim) : values.amin(dim: [-1], keepDim: keepDim)
    }

    /// A norm of vectors or of matrices: without `ord` the root of the sum of squares; with it that
    /// of the vector or matrix that the tensor is, or that lies in one or two dimensions `dim`. Same
    /// as `torch.linalg.norm`.
    ///
    /// - Errors: as `vectorNorm` and `matrixNorm`; `.shape` where `ord` is given without `dim` and
    ///   the tensor is neither.
    public static func norm(
        _ a: Tensor, ord: Double? = nil, dim: [Int]? = nil, keepDim: Bool = false,
        dtype: DType? = nil
    ) -> Tensor {
        guard let ord else { return vectorNorm(a, dim: dim, keepDim: keepDim, dtype: dtype) }
        if let dim, dim.count != 2 || a.ndim < 2 {
            if dim.count == 1 {
                return vectorNorm(a, ord: ord, dim: dim, keepDim: keepDim, dtype: dtype)
            }
        } else if dim == nil, a.ndim != 2 {
            if a.ndim == 1 { return vectorNorm(a, ord: ord, keepDim: keepDim, dtype: dtype) }
            return Failure.poison(
                TensorError(
                    .shape,
                    "without dim an order needs a vector or a matrix, not a tensor of shape "
                        + "\(a.shape)", operation: "norm"))
        }
        return matrixNorm(a, ord: ord, dim: dim ?? [-2, -1], keepDim: keepDim, dtype: dtype)
    }

    /// A named norm of the matrix that the tensor is, or that lies in two dimensions.
    public static func norm(
        _ a: Tensor, ord: NamedNorm, dim: [Int]? = nil, keepDim: Bool = false,
        dtype: DType? = nil
    ) -> Tensor {
        if dim == nil, a.ndim != 2 {
            return Failure.poison(
                TensorError(
                    .shape, "a norm of matrices needs a matrix, or dim, not shape \(a.shape)",
                    operation: "norm"))
        }
        return matrixNorm(a, ord: ord, dim: dim ?? [-2, -1], keepDim: keepDim, dtype: dtype)
    }

    /// How far the solution of a linear system may move with its right side: the norm of each
    /// matrix times that of its inverse; nil is the ratio of the largest to the smallest singular
    /// value. Same as `torch.linalg.cond`.
    ///
    /// - Errors: as `matrixNorm`, and those of `inv`.
    public static func cond(_ a: Tensor, p: Double? = nil) -> Tensor {
        if p == nil || p?.magnitude == 2 {
            let values = svdvals(a)
            if values.isPoisoned { return values }
            let (largest, smallest) = (values.amax(dim: [-1]), values.amin(dim: [-1]))
            return p == -2 ? smallest / largest : largest / smallest
        }
        let inverse = invEx(a).inverse
        return matrixNorm(a, ord: p!) * matrixNorm(inverse, ord: p!)
    }
}

extension Tensor {
    /// A named norm: over all elements, or over some dimensions, the root of the sum of squares
    /// (`.fro`); the sum of the singular values of the matrix in two of them (`.nuc`). Same as
    /// `torch.norm` with a name.
    ///
    /// - Errors: as `Linalg.matrixNorm`.
    public func norm(_ name: Linalg.NamedNorm, dim: [Int]? = nil, keepDim: Bool = false) -> Tensor {
        if name == .fro { return apply(Norm(2, Axes(dim, keeps: keepDim)), Operands(self)) }
        return Linalg.norm(self, ord: .nuc, dim: dim, keepDim: keepDim)
    }

    /// The p-norm of the difference, broadcast. Same as `torch.dist`.
    ///
    /// - Errors: `.shape` where the shapes do not broadcast, `.dtype` for integers.
    public func dist(_ other: Tensor, p: Double = 2) -> Tensor { (self - other).norm(p) }

    /// Each slice along `dim` whose p-norm is above `maxnorm` scaled down to it, by maxnorm / (norm
    /// + 1e-7). Same as `torch.renorm`.
    ///
    /// - Errors: `.argument` for a `p` or `maxnorm` that is not positive, `.shape` for fewer than
    ///   two dimensions, `.index` for a dimension that is not there.
    public func renorm(p: Double, dim: Int, maxnorm: Double) -> Tensor {
        Failure.running("renorm") { () throws(TensorError) in
            if !(p > 0) {
                throw TensorError(.argument, "non-positive-norm not supported: p is \(p)")
            }
            if !(maxnorm >= 0) {
                throw TensorError(
                    .argument, "expected maxnorm to be >= 0, and it is \(maxnorm)")
            }
            if ndim < 2 {
                throw TensorError(
                    .shape, "renorm needs at least 2 dimensions, got \(ndim) dimensions")
            }
            let i = try Dim.resolve(dim, ndim)
            let norms = norm(p, dim: (0..<ndim).filter { $0 != i }, keepDim: true)
            let isAbove = norms .> maxnorm
            let safe = Tensor.where(isAbove, norms, Tensor.onesLike(norms))
            let factors = Tensor.where(isAbove, maxnorm / (safe + 1e-7), Tensor.onesLike(safe))
            return self * factors.to(dtype)
        }
    }

    /// Scales slices in place.
    @discardableResult
    public func renorm_(p: Double, dim: Int, maxnorm: Double) -> Tensor {
        let scaled = renorm(p: p, dim: dim, maxnorm: maxnorm)
        return scaled.isPoisoned ? scaled : copy_(scaled)
    }
}
