// In-place forms of combinations, and of operations whose loop cannot overwrite what it reads.

extension Tensor {
    /// Writes a result over this tensor; it may not be of a higher kind of number, or larger.
    private func overwrite(_ name: String, _ result: Tensor) -> Tensor {
        if result.isPoisoned { return self }
        if result.dtype.category.rawValue > dtype.category.rawValue {
            Failure.raise(
                TensorError(
                    .dtype, "the result is \(result.dtype), and the target \(dtype)",
                    operation: name))
            return self
        }
        return copy_(result)
    }

    /// Writes the digamma function over each element.
    @discardableResult public func digamma_() -> Tensor { applyInPlace(Polygamma(0), self) }
    /// Writes the derivative of digamma of order `n` over each element.
    @discardableResult public func polygamma_(_ n: Int) -> Tensor {
        applyInPlace(Polygamma(n), self)
    }
    /// Writes the logarithm of the odds over each element.
    @discardableResult public func logit_(eps: Double? = nil) -> Tensor {
        applyInPlace(Logit(eps: eps), self)
    }
    /// Writes 0, 1 or an element of `values` over each element, after its sign.
    @discardableResult public func heaviside_(_ values: Tensor) -> Tensor {
        applyInPlace(Heaviside(), self, values)
    }
    /// Writes sin(πx) / (πx) over each element `x`.
    @discardableResult public func sinc_() -> Tensor { overwrite("sinc", sinc()) }
    /// Writes radians over degrees.
    @discardableResult public func deg2rad_() -> Tensor { mul_(Double.pi / 180) }
    /// Writes degrees over radians.
    @discardableResult public func rad2deg_() -> Tensor { mul_(180 / Double.pi) }
    /// Writes numbers over NaN and the infinities.
    @discardableResult
    public func nanToNum_(nan: Double = 0, posinf: Double? = nil, neginf: Double? = nil) -> Tensor {
        overwrite("nanToNum", nanToNum(nan: nan, posinf: posinf, neginf: neginf))
    }
    /// Gives each element the sign of the other's.
    @discardableResult public func copysign_(_ other: Tensor) -> Tensor {
        overwrite("copysign", copysign(other))
    }
    /// Gives each element the sign of a number.
    @discardableResult public func copysign_(_ other: some TensorScalar) -> Tensor {
        overwrite("copysign", copysign(other))
    }
    /// Writes quotients, rounded down.
    @discardableResult public func floorDivide_(_ other: Tensor) -> Tensor {
        div_(other, rounding: .floor)
    }
    /// Writes quotients by a number, rounded down.
    @discardableResult public func floorDivide_(_ other: some TensorScalar) -> Tensor {
        div_(other, rounding: .floor)
    }
    /// Writes the running sums along `dim`.
    @discardableResult public func cumsum_(dim: Int) -> Tensor {
        applyInPlace(CumSum(dim: dim), self)
    }
    /// Writes the running products along `dim`.
    @discardableResult public func cumprod_(dim: Int) -> Tensor {
        applyInPlace(CumProd(dim: dim), self)
    }
    /// Each element, or the bound where that is larger. Same as `torch.clamp_min`.
    public func clampMin(_ bound: Tensor) -> Tensor { clamp(min: bound) }
    /// Each element, or a number where that is larger. Same as `torch.clamp_min`.
    public func clampMin(_ bound: some TensorScalar) -> Tensor { clamp(min: bound) }
    /// Each element, or the bound where that is smaller. Same as `torch.clamp_max`.
    public func clampMax(_ bound: Tensor) -> Tensor { clamp(max: bound) }
    /// Each element, or a number where that is smaller. Same as `torch.clamp_max`.
    public func clampMax(_ bound: some TensorScalar) -> Tensor { clamp(max: bound) }
}
