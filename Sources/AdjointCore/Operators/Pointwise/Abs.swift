import CAdjoint

/// The absolute value. Its derivative at 0 is chosen as 0.
public struct Abs: UnaryPointwiseOp {
    public static let info = OpInfo(
        "abs", family: .pointwise, formula: "|x|", derivative: "sign x", dtypes: .numeric)
    public static var resultKind: ResultKind { .promoted }
    public static let kernel: UnaryKernel? = UnaryKernel(adj_abs_f32, adj_abs_f64)
    public static var samples: [Sample] { Sample.unary(Abs(), over: .distinct) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x.magnitude }
    public func value(_ x: Int64) -> Int64 { x < 0 ? 0 &- x : x }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].sign() }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_abs_backward_f32, adj_abs_backward_f64)
    }
}

extension Tensor {
    /// The absolute value of each element; its derivative at 0 is 0. Same as `torch.abs`.
    public func abs() -> Tensor { apply(Abs(), Operands(self)) }
    /// Writes |x| over each element `x`.
    @discardableResult public func abs_() -> Tensor { applyInPlace(Abs(), self) }
}
