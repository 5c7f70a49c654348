import CAdjoint

/// 1 - erf x, accurate in the tail.
public struct Erfc: UnaryPointwiseOp {
    public static let info = OpInfo(
        "erfc", family: .pointwise, formula: "1 - erf x", derivative: "-2/√π exp(-x²)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_erfc_f32, adj_erfc_f64)
    public static var samples: [Sample] { Sample.unary(Erfc(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .erfc(x) }
    public func derivative(_ saved: Saved) -> Tensor {
        (-(saved[0] * saved[0])).exp() * -1.12837916709551257390
    }
}

extension Tensor {
    /// 1 - erf x for each element `x`, accurate in the tail. Same as `torch.erfc`.
    public func erfc() -> Tensor { apply(Erfc(), Operands(self)) }
    /// Writes 1 - erf x over each element `x`.
    @discardableResult public func erfc_() -> Tensor { applyInPlace(Erfc(), self) }
}
