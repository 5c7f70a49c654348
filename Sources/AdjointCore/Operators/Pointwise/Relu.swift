import CAdjoint

/// The positive part. Its derivative at 0 is 0; a NaN lets the gradient through.
public struct Relu: UnaryChainOp {
    public static let info = OpInfo(
        "relu", family: .pointwise, formula: "max(x, 0)", derivative: "0 where x ≤ 0, else 1",
        torch: "torch.relu", dtypes: .numeric)
    public static var resultKind: ResultKind { .promoted }
    public static let kernel: UnaryKernel? = UnaryKernel(adj_relu_f32, adj_relu_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Relu(), over: .distinct) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x > 0 || x.isNaN ? x : 0 }
    public func value(_ x: Int64) -> Int64 { Swift.max(x, 0) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        Tensor.where(saved.output .<= 0, 0, flow)
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_relu_backward_f32, adj_relu_backward_f64)
    }
}

extension Tensor {
    /// max(x, 0) for each element `x`; its derivative at 0 is 0. Same as `torch.relu`.
    public func relu() -> Tensor { apply(Relu(), Operands(self)) }
    /// Writes max(x, 0) over each element `x`.
    @discardableResult public func relu_() -> Tensor { applyInPlace(Relu(), self) }
}
