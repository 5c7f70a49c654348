/// log₂(2ᵃ + 2ᵇ), without overflow on the way.
public struct LogAddExp2: BinaryChainOp {
    public static let info = OpInfo(
        "logaddexp2", family: .pointwise, formula: "log₂(2ᵃ + 2ᵇ)",
        derivative: "σ((a - b) log 2), σ((b - a) log 2)", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.binary(LogAddExp2(), .uniform(-3, 3), .uniform(-3, 3))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T {
        // Equal infinities have no difference.
        if a == b && a.isInfinite { return a }
        let top = a > b ? a : b
        return top + T.log1p(T.exp2(-(a - b).magnitude)) * T(1.442_695_040_888_963_407_4)
    }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let difference = saved[i] - saved[1 - i]
        return flow * (difference * 0.693147180559945309417).sigmoid()
    }
}

extension Tensor {
    /// log₂(2ᵃ + 2ᵇ) for each pair of elements. Same as `torch.logaddexp2`.
    public func logaddexp2(_ other: Tensor) -> Tensor { apply(LogAddExp2(), Operands(self, other)) }
}
