import CAdjoint

/// The negative.
public struct Neg: UnaryChainOp {
    public static let info = OpInfo(
        "neg", family: .pointwise, formula: "-x", derivative: "-1", dtypes: .numeric)
    public static var resultKind: ResultKind { .promoted }
    public static let kernel: UnaryKernel? = UnaryKernel(adj_neg_f32, adj_neg_f64)
    public static let saves: SavedSet = .none
    public static var samples: [Sample] { Sample.unary(Neg(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { -x }
    public func value(_ x: Int64) -> Int64 { 0 &- x }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        -flow
    }
}

extension Tensor {
    /// The negative of each element. Same as `torch.neg`.
    public func neg() -> Tensor { apply(Neg(), Operands(self)) }
    /// Writes -x over each element `x`.
    @discardableResult public func neg_() -> Tensor { applyInPlace(Neg(), self) }
}

extension Tensor {
    /// The negative of each element. Binds tighter than `**`: `-x ** 2` is `(-x) ** 2`.
    public static prefix func - (x: consuming Tensor) -> Tensor { apply(Neg(), Operands(x)) }
}
