import CAdjoint

/// -1, 0 or 1 by the sign; 0 for NaN.
public struct Sign: UnaryStepOp {
    public static let info = OpInfo(
        "sign", family: .pointwise, formula: "sign x", derivative: "0")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_sign_f32, adj_sign_f64)
    public static var samples: [Sample] { Sample.unary(Sign(), over: .uniform(0.1, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x > 0 ? 1 : x < 0 ? -1 : 0 }
    public func value(_ x: Int64) -> Int64 { x.signum() }
}

extension Tensor {
    /// The sign of each element: -1, 0 or 1; 0 for NaN. Same as `torch.sign`.
    public func sign() -> Tensor { apply(Sign(), Operands(self)) }
    /// Writes sign x over each element `x`.
    @discardableResult public func sign_() -> Tensor { applyInPlace(Sign(), self) }
}
