import CAdjoint

/// The angle of the point (b, a), in radians.
public struct Atan2: BinaryChainOp {
    public static let info = OpInfo(
        "atan2", family: .pointwise, formula: "atan2(a, b)",
        derivative: "b / (a² + b²), -a / (a² + b²)")
    public static let kernel: BinaryKernel? = BinaryKernel(adj_atan2_f32, adj_atan2_f64)
    public static var resultKind: ResultKind { .floating }
    public static var samples: [Sample] {
        Sample.binary(Atan2(), .uniform(-2, 2), .uniform(0.3, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T { .atan2(a, b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (a, b) = saved.pair
        let square = a * a + b * b
        // At the origin there is no angle: 0, not NaN.
        let inverse = Tensor.where(square .== 0, 0, square.reciprocal())
        return flow * ((i == 0 ? b : -a) * inverse)
    }
}

extension Tensor {
    /// The angle in radians, from -π to π, of the point (`other`, `self`). Same as `torch.atan2`.
    public func atan2(_ other: Tensor) -> Tensor { apply(Atan2(), Operands(self, other)) }
    /// Writes the result over this tensor's elements.
    @discardableResult public func atan2_(_ other: Tensor) -> Tensor {
        applyInPlace(Atan2(), self, other)
    }
}
