/// The larger of two numbers; a number wins over NaN. Equal numbers share the gradient.
public struct FMax: BinaryChainOp {
    public static let info = OpInfo(
        "fmax", family: .pointwise, formula: "max(a, b), NaN aside",
        derivative: "1 for the larger, ½ each for equals")
    public static var samples: [Sample] { Sample.binary(FMax(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T {
        b.isNaN || a > b ? a : a.isNaN || b > a ? b : a
    }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { Swift.max(a, b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (a, b) = (saved[0], saved[1])
        let first = (a .> b).logicalOr(b.isnan())
        let chosen = i == 0 ? Tensor.where(first, flow, 0) : Tensor.where(first, 0, flow)
        return Tensor.where(a .== b, flow / 2, chosen)
    }
}

extension Tensor {
    /// The larger of each pair of elements; NaN only where both are NaN. Same as `torch.fmax`.
    public func fmax(_ other: Tensor) -> Tensor { apply(FMax(), Operands(self, other)) }
}
