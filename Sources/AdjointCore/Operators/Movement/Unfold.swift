/// All windows of a dimension, of one size and a step apart; a view, in which windows overlap.
public struct Unfold: ViewOperator {
    public static let info = OpInfo(
        "unfold", family: .movement, formula: "x[i step + j] at [i, j]",
        derivative: "the gradient added where windows overlap", torch: "torch.Tensor.unfold")
    let dim: Int
    let size: Int
    let step: Int

    init(dim: Int, size: Int, step: Int) {
        self.dim = dim
        self.size = size
        self.step = step
    }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let i = try Dim.resolve(dim, input.rank)
        let length = input.rank == 0 ? 1 : input.sizes[i]
        if size < 0 || size > length || step <= 0 {
            throw TensorError(
                .argument,
                "windows of size \(size), \(step) apart, do not fit a dimension of size \(length); "
                    + "the step must be positive")
        }
        var (sizes, strides) = (input.sizes, input.strides)
        let stride = input.rank == 0 ? 1 : strides[i]
        if input.rank > 0 {
            sizes[i] = (length - size) / step + 1
            strides[i] = sizes[i] > 1 ? stride &* step : stride
        }
        sizes.append(size)
        strides.append(stride)
        return Layout(sizes: sizes, strides: strides, offset: input.offset)
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        apply(ViewBackward(self, saved.sizes(0)), Operands(cotangent))
    }

    public static var samples: [Sample] {
        [
            Sample(Unfold(dim: 0, size: 2, step: 1), .init([4])),
            Sample(Unfold(dim: -1, size: 3, step: 2), .init([2, 5])),
            Sample(Unfold(dim: 0, size: 2, step: 2), .init([4, 2])),
            Sample(Unfold(dim: 0, size: 1, step: 1), .init([])),
        ]
    }
}

extension Tensor {
    /// All windows of `size` positions along `dim`, `step` apart, as a new last dimension; a view.
    /// Same as `torch.Tensor.unfold`.
    ///
    /// - Errors: `.argument` where no window fits, or for a step that is not positive.
    public func unfold(dim: Int, size: Int, step: Int) -> Tensor {
        apply(Unfold(dim: dim, size: size, step: step), self)
    }
}
