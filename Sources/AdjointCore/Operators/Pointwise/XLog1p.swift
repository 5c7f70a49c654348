/// a log(1 + b), and 0 where a is 0, whatever b (unless NaN).
public struct XLog1p: BinaryChainOp {
    public static let info = OpInfo(
        "xlog1py", family: .pointwise, formula: "a log(1 + b), 0 log(1 + b) = 0",
        derivative: "log(1 + b), a / (1 + b)",
        torch: "torch.special.xlog1py")
    public static var resultKind: ResultKind { .floating }
    public static var samples: [Sample] {
        Sample.binary(XLog1p(), .uniform(-2, 2), .uniform(0.3, 3))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T { b.isNaN ? b : a == 0 ? 0 : a * T.log1p(b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (a, b) = saved.pair
        if i == 1 { return flow * (a / (b + 1)) }
        return Tensor.where((a .== 0).logicalAnd(b .<= -1), 0, flow.xlog1py(b))
    }
}

extension Tensor {
    /// a log(1 + b) for each pair of elements, and 0 where a is 0. Same as `torch.special.xlog1py`.
    public func xlog1py(_ other: Tensor) -> Tensor { apply(XLog1p(), Operands(self, other)) }
    /// a log(1 + b) for each element a and one number b, and 0 where a is 0.
    public func xlog1py(_ other: some TensorScalar) -> Tensor { xlog1py(.number(other)) }
}
