/// A view that repeats dimensions of size 1, and adds leading ones, without copying.
public struct Expand: ViewOperator, Hashable {
    public static let info = OpInfo(
        "expand", family: .movement, formula: "x, repeated", derivative: "the gradient summed back",
        torch: "torch.Tensor.expand")
    let sizes: [Int]

    init(_ sizes: [Int]) { self.sizes = sizes }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let lead = sizes.count - input.rank
        guard lead >= 0 else { throw refusal(input) }
        var target = Dims(sizes)
        for i in 0..<sizes.count {
            let old = i < lead ? 1 : input.sizes[i - lead]
            if sizes[i] == -1 && i >= lead { target[i] = old }
            if target[i] < 0 || (target[i] != old && old != 1) { throw refusal(input) }
        }
        return input.broadcast(to: target)
    }

    private func refusal(_ input: Layout) -> TensorError {
        TensorError(
            .shape,
            "a tensor of shape \(input.sizes) cannot be expanded to \(sizes): counted from the "
                + "last, sizes must be equal, -1 (keep), or 1 in the tensor")
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        cotangent.sum(to: saved.sizes(0))
    }

    public static var samples: [Sample] {
        [
            Sample(Expand([2, 3]), .init([3])), Sample(Expand([2, 3]), .init([2, 1])),
            Sample(Expand([4, -1, 3]), .init([2, 1])), Sample(Expand([2]), .init([])),
            Sample(Expand([0, 3]), .init([1, 3])),
        ]
    }
}

extension Tensor {
    /// A view of the given shape in which dimensions of size 1 repeat; -1 keeps a size.
    ///
    /// - Errors: `.shape` where a dimension of another size would have to change.
    public func expand(_ sizes: [Int]) -> Tensor { apply(Expand(sizes), self) }
    /// Repeats dimensions of size 1, as `expand(2, 3)`, without a copy. Same as
    /// `torch.Tensor.expand`.
    public func expand(_ sizes: Int...) -> Tensor { expand(sizes) }
    /// A view in the shape of `other`, in which dimensions of size 1 repeat.
    public func expandAs(_ other: Tensor) -> Tensor { expand(other.shape) }
    /// The same as `expand`. Same as `torch.broadcast_to`.
    public func broadcastTo(_ sizes: [Int]) -> Tensor { expand(sizes) }
    /// Stretches to the shape `broadcastTo(2, 3)`, without a copy. Same as `torch.broadcast_to`.
    public func broadcastTo(_ sizes: Int...) -> Tensor { expand(sizes) }
}
