// Combinations of a few operations, which have no rule of their own.

extension Tensor {
    /// x / (1 + |x|) for each element `x`. Same as `torch.nn.functional.softsign`.
    public func softsign() -> Tensor { self / (abs() + 1) }
    /// x - tanh x for each element `x`. Same as `torch.nn.functional.tanhshrink`.
    public func tanhshrink() -> Tensor { self - tanh() }
    /// Degrees as radians. Same as `torch.deg2rad`.
    public func deg2rad() -> Tensor { self * (Double.pi / 180) }
    /// Radians as degrees. Same as `torch.rad2deg`.
    public func rad2deg() -> Tensor { self * (180 / Double.pi) }
    /// sin(πx) / (πx) for each element `x`, and 1 at 0. Same as `torch.sinc`.
    public func sinc() -> Tensor {
        let angle = self * Double.pi
        return Tensor.where(self .== 0, 1, angle.sin() / angle)
    }
    /// The power in float64. Same as `torch.float_power`.
    public func floatPower(_ exponent: Tensor) -> Tensor {
        to(.float64) ** exponent.to(.float64)
    }
    /// The power of a number, in float64. Same as `torch.float_power`.
    public func floatPower(_ exponent: some TensorScalar) -> Tensor {
        to(.float64) ** exponent.scalar.double
    }
    /// This tensor, as an operation; booleans have no sign.
    public func positive() -> Tensor {
        dtype == .bool
            ? Failure.poison(
                TensorError(.dtype, "not implemented for bool tensors", operation: "positive"),
                like: sizes, dtype)
            : self
    }
    /// True where the sign is negative, -0 included. Same as `torch.signbit`.
    public func signbit() -> Tensor {
        dtype.isFloatingPoint ? apply(SignBit(), Operands(self)) : self .< 0
    }
    /// Numbers in place of NaN (`nan`) and of the infinities (`posinf`, `neginf`; nil for the
    /// largest finite numbers). Same as `torch.nan_to_num`.
    public func nanToNum(nan: Double = 0, posinf: Double? = nil, neginf: Double? = nil) -> Tensor {
        if !dtype.isFloatingPoint { return clone() }
        let largest =
            switch dtype {
            case .float64: Double.greatestFiniteMagnitude
            case .float16: 65504.0
            case .bfloat16: 0x1.FEp127
            default: Double(Float.greatestFiniteMagnitude)
            }
        let top = Tensor.where(isposinf(), posinf ?? largest, self)
        return Tensor.where(isnan(), nan, Tensor.where(isneginf(), neginf ?? -largest, top))
    }
    /// True where |self - other| ≤ atol + rtol |other|, or both are the same infinity. Same as
    /// `torch.isclose`.
    public func isclose(
        _ other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
    ) -> Tensor {
        let (a, b) = (detach(), other.detach())
        let isWhole = !promotedType(a, b).isFloatingPoint
        let (p, q) = isWhole ? (a.to(.float64), b.to(.float64)) : (a, b)
        let near = ((p - q).abs() .<= q.abs() * rtol + atol).logicalAnd(q.isfinite())
        let same = near.logicalOr(p .== q)
        return equalNaN ? same.logicalOr(p.isnan().logicalAnd(q.isnan())) : same
    }
}
