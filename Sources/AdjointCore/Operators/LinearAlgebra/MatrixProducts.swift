// Products of vectors and matrices that say what shapes they take, and sums of them with another
// tensor.

extension Tensor {
    /// Poisons the result of `operation` with a shape error.
    private func wrongShape(_ operation: String, _ expected: String, _ others: Tensor...) -> Tensor
    {
        let shapes = ([self] + others).map { "\($0.shape)" }.joined(separator: " and ")
        return Failure.poison(
            TensorError(
                .shape, "expected \(expected), but got shapes \(shapes)", operation: operation),
            like: [], dtype)
    }

    /// The product of two matrices. Same as `torch.mm`.
    ///
    /// - Errors: `.shape` for what are no matrices, or where the inner sizes differ.
    public func mm(_ other: Tensor) -> Tensor {
        if ndim != 2 || other.ndim != 2 { return wrongShape("mm", "two matrices", other) }
        return matmul(other)
    }

    /// The product of a matrix and a vector. Same as `torch.mv`.
    ///
    /// - Errors: `.shape` for other numbers of dimensions, or where the sizes do not fit.
    public func mv(_ vector: Tensor) -> Tensor {
        if ndim != 2 || vector.ndim != 1 {
            return wrongShape("mv", "a matrix and a vector", vector)
        }
        return matmul(vector)
    }

    /// The products of two batches of matrices. Same as `torch.bmm`.
    ///
    /// - Errors: `.shape` unless both have three dimensions and batches of one size.
    public func bmm(_ other: Tensor) -> Tensor {
        if ndim != 3 || other.ndim != 3 || sizes[0] != other.sizes[0] {
            return wrongShape("bmm", "two batches of as many matrices", other)
        }
        return matmul(other)
    }

    /// The sum of the products of two vectors' elements. Same as `torch.dot`.
    ///
    /// - Errors: `.shape` unless both are vectors of one size; `.dtype` where the types differ.
    public func dot(_ other: Tensor) -> Tensor {
        if ndim != 1 || other.ndim != 1 || sizes != other.sizes {
            return wrongShape("dot", "two vectors of one size", other)
        }
        return matmul(other)
    }

    /// `dot`: for real numbers they are the same.
    public func vdot(_ other: Tensor) -> Tensor { dot(other) }

    /// The sums of products over the last dimensions of both; a number multiplies. Same as
    /// `torch.inner`.
    ///
    /// - Errors: `.shape` where the last sizes differ.
    public func inner(_ other: Tensor) -> Tensor {
        if ndim == 0 || other.ndim == 0 { return self * other }
        if sizes[ndim - 1] != other.sizes[other.ndim - 1] {
            return wrongShape("inner", "equal last sizes", other)
        }
        return tensordot(other, dims: ([-1], [-1]))
    }

    /// The products of each element of one vector with each of another. Same as `torch.outer`.
    ///
    /// - Errors: `.shape` unless both are vectors.
    public func outer(_ other: Tensor) -> Tensor {
        if ndim != 1 || other.ndim != 1 { return wrongShape("outer", "two vectors", other) }
        return unsqueeze(1) * other.unsqueeze(0)
    }

    /// `outer` under its older name.
    public func ger(_ other: Tensor) -> Tensor { outer(other) }

    /// beta · this + alpha · product, where this broadcasts to the product. A beta of 0 leaves this
    /// out, NaN and all.
    private func plus(
        _ product: Tensor, _ beta: Scalar, _ alpha: Scalar, _ operation: String
    ) -> Tensor {
        if product.isPoisoned { return product }
        guard Layout.broadcastSizes(sizes, product.sizes) == product.sizes else {
            return Failure.poison(
                TensorError(
                    .shape,
                    "a tensor of shape \(shape) does not broadcast to the product's shape, "
                        + "\(product.shape)", operation: operation), like: product.sizes, dtype)
        }
        if dtype != product.dtype, Mode.current.autocast == product.dtype {
            return to(product.dtype).plus(product, beta, alpha, operation)
        }
        if dtype != product.dtype {
            return Failure.poison(
                TensorError(
                    .dtype,
                    "expected all tensors to have one dtype, but got \(dtype) and "
                        + "\(product.dtype); convert one with to(_:)", operation: operation),
                like: product.sizes, dtype)
        }
        for number in [beta, alpha] where !dtype.isFloatingPoint {
            if case .float = number {
                return Failure.poison(
                    TensorError(
                        .argument,
                        "for \(dtype) tensors beta and alpha must be whole numbers",
                        operation: operation), like: product.sizes, dtype)
            }
        }
        let scaled = alpha.isOne ? product : product * Tensor.number(alpha)
        if beta.isZero { return scaled }
        return (beta.isOne ? self : self * Tensor.number(beta)) + scaled
    }

    /// beta · this + alpha · a b for matrices a and b. Same as `torch.addmm`.
    ///
    /// - Errors: `.shape` where the sizes do not fit, `.dtype` where the types differ.
    public func addmm(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor {
        plus(a.mm(b), beta.scalar, alpha.scalar, "addmm")
    }

    /// beta · this + alpha · a v for a matrix a and a vector v. Same as `torch.addmv`.
    ///
    /// - Errors: as `addmm`.
    public func addmv(
        _ a: Tensor, _ v: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor {
        plus(a.mv(v), beta.scalar, alpha.scalar, "addmv")
    }

    /// beta · this + alpha · a bᵀ for vectors a and b. Same as `torch.addr`.
    ///
    /// - Errors: as `addmm`.
    public func addr(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor {
        plus(a.outer(b), beta.scalar, alpha.scalar, "addr")
    }

    /// beta · this + alpha · the products of two batches of matrices. Same as `torch.baddbmm`.
    ///
    /// - Errors: as `addmm`.
    public func baddbmm(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor {
        plus(a.bmm(b), beta.scalar, alpha.scalar, "baddbmm")
    }

    /// beta · this + alpha · the sum of the products of two batches of matrices. Same as
    /// `torch.addbmm`.
    ///
    /// - Errors: as `addmm`.
    public func addbmm(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor {
        let products = a.bmm(b)
        if products.isPoisoned { return products }
        return plus(
            products.sum(dim: 0, dtype: products.dtype), beta.scalar, alpha.scalar, "addbmm")
    }

    /// Writes beta · this + alpha · a b over this.
    ///
    /// - Errors: as `addmm`, and `.shape` where this would have to grow.
    @discardableResult public func addmm_(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor { replaced(by: addmm(a, b, beta: beta, alpha: alpha), "addmm_") }

    /// Writes beta · this + alpha · a v over this.
    @discardableResult public func addmv_(
        _ a: Tensor, _ v: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor { replaced(by: addmv(a, v, beta: beta, alpha: alpha), "addmv_") }

    /// Writes beta · this + alpha · a bᵀ over this.
    @discardableResult public func addr_(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor { replaced(by: addr(a, b, beta: beta, alpha: alpha), "addr_") }

    /// Writes beta · this + alpha · the products of two batches over this.
    @discardableResult public func baddbmm_(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor { replaced(by: baddbmm(a, b, beta: beta, alpha: alpha), "baddbmm_") }

    /// Writes beta · this + alpha · the sum of the products of two batches over this.
    @discardableResult public func addbmm_(
        _ a: Tensor, _ b: Tensor, beta: some TensorScalar = 1, alpha: some TensorScalar = 1
    ) -> Tensor { replaced(by: addbmm(a, b, beta: beta, alpha: alpha), "addbmm_") }

    private func replaced(by result: Tensor, _ operation: String) -> Tensor {
        if result.isPoisoned { return result }
        if result.sizes != sizes {
            return Failure.poison(
                TensorError(
                    .shape,
                    "a tensor of shape \(shape) cannot hold the result of shape \(result.shape)",
                    operation: operation), like: sizes, dtype)
        }
        return copy_(result)
    }
}

extension Scalar {
    fileprivate var isZero: Bool {
        switch self {
        case .int(let value): value == 0
        case .float(let value): value == 0
        case .bool(let value): !value
        }
    }
    fileprivate var isOne: Bool {
        switch self {
        case .int(let value): value == 1
        case .float(let value): value == 1
        case .bool(let value): value
        }
    }
}
