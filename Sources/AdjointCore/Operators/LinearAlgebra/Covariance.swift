extension Tensor {
    /// The covariances of the variables that are the rows of a matrix, its columns being
    /// observations; a vector is one variable. `fweights` says how often each observation counts,
    /// `aweights` how much it weighs; sums are divided by the number of observations less
    /// `correction`. Same as `torch.cov`.
    ///
    /// - Errors: `.shape` for more than two dimensions or weights that do not fit, `.dtype` for
    ///   booleans and for weights of another kind, `.argument` for weights below 0.
    public func cov(correction: Int = 1, fweights: Tensor? = nil, aweights: Tensor? = nil) -> Tensor
    {
        Failure.running("cov") { () throws(TensorError) in
            if ndim > 2 {
                throw TensorError(
                    .shape, "expected input to have two or fewer dimensions, not \(shape)")
            }
            if dtype == .bool { throw TensorError(.dtype, "bool dtype is not supported") }
            let rows = ndim == 2 ? self : reshape([1, numel])
            let count = rows.sizes[1]
            try Tensor.check(fweights, "fweights", count) { $0.isInteger }
            try Tensor.check(aweights, "aweights", count) { $0.isFloatingPoint }
            var weights = fweights
            if let aweights { weights = weights.map { $0 * aweights } ?? aweights }

            let values = rows.dtype.isFloatingPoint ? rows : rows.to(.float32)
            let total = weights?.sum() ?? Tensor(count, device: device)
            let sums = (weights.map { values * $0 } ?? values).sum(dim: 1)
            let centered = values - (sums / total).unsqueeze(1)
            var divisor: Tensor
            if let weights, let aweights, correction != 0 {
                divisor = total - correction * (weights * aweights).sum() / total
            } else {
                divisor = aweights == nil ? total - correction : total
            }
            divisor = Tensor.where(divisor .<= 0, Tensor.zerosLike(divisor), divisor)
            let weighed = weights.map { centered * $0 } ?? centered
            return (centered.matmul(weighed.to(values.dtype).mT) / divisor).squeeze()
        }
    }

    private static func check(
        _ weights: Tensor?, _ name: String, _ count: Int, _ fits: (DType) -> Bool
    ) throws(TensorError) {
        guard let weights else { return }
        if weights.ndim > 1 || weights.numel != count {
            throw TensorError(
                .shape,
                "expected \(name) to have one weight for each of \(count) observations, but its "
                    + "shape is \(weights.shape)")
        }
        if !fits(weights.dtype) {
            throw TensorError(
                .dtype,
                "\(name) cannot be \(weights.dtype): fweights are integers, aweights floating-point"
            )
        }
        if weights.device == .cpu, !weights.flags.contains(.batched), weights.numel > 0,
            noGrad({ (weights.detach() .< 0).any() }).item(as: Bool.self)
        {
            throw TensorError(.argument, "\(name) cannot be negative")
        }
    }

    /// The correlations of the variables that are the rows of a matrix, between -1 and 1. Same as
    /// `torch.corrcoef`.
    ///
    /// - Errors: `.shape` for more than two dimensions, `.dtype` for booleans.
    public func corrcoef() -> Tensor {
        let c = cov()
        if c.isPoisoned { return c }
        if c.ndim == 0 { return c / c }
        let deviations = c.diagonal().sqrt()
        return (c / deviations.unsqueeze(1) / deviations.unsqueeze(0)).clamp(min: -1, max: 1)
    }
}
