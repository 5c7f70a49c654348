import CAdjoint

/// The error function, 2/√π times the integral of exp(-t²) from 0 to x.
public struct Erf: UnaryPointwiseOp {
    public static let info = OpInfo(
        "erf", family: .pointwise, formula: "erf x", derivative: "2/√π exp(-x²)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_erf_f32, adj_erf_f64)
    public static var samples: [Sample] { Sample.unary(Erf(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .erf(x) }
    public func derivative(_ saved: Saved) -> Tensor {
        (-(saved[0] * saved[0])).exp() * 1.12837916709551257390
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_erf_backward_f32, adj_erf_backward_f64)
    }
}

extension Tensor {
    /// The error function of each element. Same as `torch.erf`.
    public func erf() -> Tensor { apply(Erf(), Operands(self)) }
    /// Writes erf x over each element `x`.
    @discardableResult public func erf_() -> Tensor { applyInPlace(Erf(), self) }
}
