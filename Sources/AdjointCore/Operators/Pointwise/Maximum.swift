import CAdjoint

/// The larger of two numbers; a NaN on either side wins. Equal numbers share the gradient.
public struct Maximum: BinaryChainOp {
    public static let info = OpInfo(
        "maximum", family: .pointwise, formula: "max(a, b)",
        derivative: "1 for the larger, ½ each for equals")
    public static let kernel: BinaryKernel? = BinaryKernel(
        adj_max_f32, adj_max_f64, adj_max_i64)
    public static var samples: [Sample] { Sample.binary(Maximum(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T {
        a.isNaN || a > b ? a : b
    }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { Swift.max(a, b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (own, other) = (saved[i], saved[1 - i])
        return Tensor.where(own .< other, 0, Tensor.where(own .== other, flow / 2, flow))
    }
}

extension Tensor {
    /// The larger of each pair of elements; NaN where either is NaN. Same as `torch.maximum`.
    public func maximum(_ other: Tensor) -> Tensor { apply(Maximum(), Operands(self, other)) }
}
