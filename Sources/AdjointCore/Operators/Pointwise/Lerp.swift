// Combinations of a few operations; they have no rule of their own.

extension Tensor {
    /// The point on the way from this tensor to `end`, linearly: this tensor for `weight` 0, `end`
    /// for 1. Same as `torch.lerp`.
    public func lerp(_ end: Tensor, _ weight: Tensor) -> Tensor { self + weight * (end - self) }
    /// The point on the way to `end` at one weight for all elements. Both ends are met exactly.
    public func lerp(_ end: Tensor, _ weight: some TensorScalar) -> Tensor {
        let weight = weight.scalar.double
        // From the nearer end, so that both ends are met exactly.
        return weight < 0.5 ? self + (end - self) * weight : end - (end - self) * (1 - weight)
    }
    /// Moves this tensor towards `end` in place, by `weight` of the way.
    @discardableResult public func lerp_(_ end: Tensor, _ weight: Tensor) -> Tensor {
        add_(weight * (end - self))
    }
    /// Moves this tensor towards `end` in place, by one weight for all elements.
    @discardableResult public func lerp_(_ end: Tensor, _ weight: some TensorScalar) -> Tensor {
        add_((end - self) * weight)
    }

    /// This tensor plus `value` · `a` · `b`. Same as `torch.addcmul`.
    public func addcmul(_ a: Tensor, _ b: Tensor, value: some TensorScalar = 1) -> Tensor {
        self + a * b * value
    }
    /// Adds `value` · `a` · `b` in place.
    @discardableResult
    public func addcmul_(_ a: Tensor, _ b: Tensor, value: some TensorScalar = 1) -> Tensor {
        add_(a * b * value)
    }
    /// This tensor plus `value` · `a` / `b`. Same as `torch.addcdiv`.
    ///
    /// - Errors: `.dtype` for whole numbers on both sides of the division.
    public func addcdiv(_ a: Tensor, _ b: Tensor, value: some TensorScalar = 1) -> Tensor {
        if let error = divisionError(a, b) { return Failure.poison(error, like: sizes, dtype) }
        return self + a / b * value
    }
    /// Adds `value` · `a` / `b` in place.
    ///
    /// - Errors: `.dtype` for whole numbers on both sides of the division.
    @discardableResult
    public func addcdiv_(_ a: Tensor, _ b: Tensor, value: some TensorScalar = 1) -> Tensor {
        if let error = divisionError(a, b) {
            Failure.raise(error)
            return self
        }
        return add_(a / b * value)
    }

    private func divisionError(_ a: Tensor, _ b: Tensor) -> TensorError? {
        if a.dtype.isFloatingPoint || b.dtype.isFloatingPoint { return nil }
        return TensorError(
            .dtype,
            "does not divide \(a.dtype) by \(b.dtype): convert one to a floating-point dtype",
            operation: "addcdiv")
    }
}
