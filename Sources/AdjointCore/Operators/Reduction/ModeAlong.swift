/// The most frequent element of each row along a dimension, the smallest of several, and the last
/// position where it is. A NaN equals nothing.
public struct ModeAlong: PickingOp {
    public static let info = OpInfo(
        "mode", family: .reduction, formula: "the most frequent x along dim",
        derivative: "1 at the position", results: 2)
    public let dim: Int
    public let keepsDim: Bool

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let sizes = try Axes([dim], keeps: keepsDim).extremes(x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let i = try Dim.resolve(dim, inputs.first.ndim)
        try CPU.modes(inputs.first, dim: i, values: outputs[0], positions: outputs[1])
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim, keepsDim: keepsDim) }

    public static var samples: [Sample] {
        [
            Sample(ModeAlong(dim: 0, keepsDim: false), .init([4, 2], .distinct)),
            Sample(ModeAlong(dim: -1, keepsDim: true), .init([2, 3], .distinct)),
            Sample(ModeAlong(dim: 0, keepsDim: false), .init([])),
        ]
    }
}

extension Tensor {
    /// The most frequent element along `dim`, the smallest of several, and the last position where
    /// it is. Same as `torch.mode`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.shape` where it is empty.
    public func mode(dim: Int = -1, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        let found = apply(ModeAlong(dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }
}
