/// log(eᵃ + eᵇ), without overflow on the way.
public struct LogAddExp: BinaryChainOp {
    public static let info = OpInfo(
        "logaddexp", family: .pointwise, formula: "log(eᵃ + eᵇ)",
        derivative: "σ(a - b), σ(b - a)", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.binary(LogAddExp(), .uniform(-3, 3), .uniform(-3, 3))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T {
        // Equal infinities have no difference.
        if a == b && a.isInfinite { return a }
        let top = a > b ? a : b
        return top + T.log1p(T.exp(-(a - b).magnitude))
    }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let difference = saved[i] - saved[1 - i]
        return flow * difference.sigmoid()
    }
}

extension Tensor {
    /// log(eᵃ + eᵇ) for each pair of elements. Same as `torch.logaddexp`.
    public func logaddexp(_ other: Tensor) -> Tensor { apply(LogAddExp(), Operands(self, other)) }
}
