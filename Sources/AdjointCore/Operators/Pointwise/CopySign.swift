extension Tensor {
    /// The size of each element with the sign of the other's, -0 included. The other gets no
    /// gradient. Whole numbers are
    /// converted to float32. Same as `torch.copysign`.
    public func copysign(_ other: Tensor) -> Tensor {
        let dtype = ResultKind.floating.dtype(promotedType(self, other))
        let x = to(dtype)
        return Tensor.where(x.signbit().logicalXor(other.detach().signbit()), -x, x)
    }
    /// The size of each element with the sign of a number, -0 included.
    public func copysign(_ other: some TensorScalar) -> Tensor { copysign(.number(other)) }

    /// `other` minus this tensor times `alpha`. Same as `torch.rsub`.
    ///
    /// - Errors: `.dtype` for booleans.
    public func rsub(_ other: Tensor, alpha: some TensorScalar = 1) -> Tensor {
        other.sub(self, alpha: alpha)
    }
    /// A number minus this tensor times `alpha`. Same as `torch.rsub`.
    ///
    /// - Errors: `.dtype` for booleans.
    public func rsub(_ other: some TensorScalar, alpha: some TensorScalar = 1) -> Tensor {
        Tensor.number(other).sub(self, alpha: alpha)
    }
}
