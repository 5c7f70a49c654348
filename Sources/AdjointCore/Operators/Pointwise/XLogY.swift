/// a log b, and 0 where a is 0, whatever b (unless NaN).
public struct XLogY: BinaryChainOp {
    public static let info = OpInfo(
        "xlogy", family: .pointwise, formula: "a log b, 0 log b = 0", derivative: "log b, a / b")
    public static var resultKind: ResultKind { .floating }
    public static var samples: [Sample] {
        Sample.binary(XLogY(), .uniform(-2, 2), .uniform(0.3, 3))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T { b.isNaN ? b : a == 0 ? 0 : a * T.log(b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (a, b) = saved.pair
        if i == 1 { return flow * (a / b) }
        return Tensor.where((a .== 0).logicalAnd(b .<= 0), 0, flow.xlogy(b))
    }
}

extension Tensor {
    /// a log b for each pair of elements, and 0 where a is 0. Same as `torch.xlogy`.
    public func xlogy(_ other: Tensor) -> Tensor { apply(XLogY(), Operands(self, other)) }
    /// a log b for each element a and one number b, and 0 where a is 0.
    public func xlogy(_ other: some TensorScalar) -> Tensor { xlogy(.number(other)) }
    /// Writes the result over this tensor's elements.
    @discardableResult public func xlogy_(_ other: Tensor) -> Tensor {
        applyInPlace(XLogY(), self, other)
    }
    /// Writes a log b, for one number b, over each element a.
    @discardableResult public func xlogy_(_ other: some TensorScalar) -> Tensor {
        xlogy_(.number(other))
    }
}
