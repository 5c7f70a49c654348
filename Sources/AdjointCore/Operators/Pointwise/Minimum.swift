import CAdjoint

/// The smaller of two numbers; a NaN on either side wins. Equal numbers share the gradient.
public struct Minimum: BinaryChainOp {
    public static let info = OpInfo(
        "minimum", family: .pointwise, formula: "min(a, b)",
        derivative: "1 for the smaller, ½ each for equals")
    public static let kernel: BinaryKernel? = BinaryKernel(
        adj_min_f32, adj_min_f64, adj_min_i64)
    public static var samples: [Sample] { Sample.binary(Minimum(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T {
        a.isNaN || a < b ? a : b
    }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { Swift.min(a, b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (own, other) = (saved[i], saved[1 - i])
        return Tensor.where(own .> other, 0, Tensor.where(own .== other, flow / 2, flow))
    }
}

extension Tensor {
    /// The smaller of each pair of elements; NaN where either is NaN. Same as `torch.minimum`.
    public func minimum(_ other: Tensor) -> Tensor { apply(Minimum(), Operands(self, other)) }
}
