/// One position of one dimension, which disappears; a view.
public struct Select: ViewOperator {
    public static let info = OpInfo(
        "select", family: .movement, formula: "x[index]", derivative: "the gradient among zeros")
    let dim: Int
    let index: Int

    init(dim: Int, index: Int) {
        self.dim = dim
        self.index = index
    }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        if input.rank == 0 {
            throw TensorError(.index, "a 0-dimensional tensor has no positions; item() reads it")
        }
        let i = try Dim.resolve(dim, input.rank)
        let size = input.sizes[i]
        if index < -size || index >= size {
            throw TensorError(
                .index, "index \(index) is out of range for dimension \(i), which has size \(size)")
        }
        var (sizes, strides) = (input.sizes, input.strides)
        sizes.remove(at: i)
        strides.remove(at: i)
        let position = index < 0 ? index + size : index
        return Layout(
            sizes: sizes, strides: strides, offset: input.offset &+ position &* input.strides[i])
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        let sizes = saved.sizes(0)
        let i = dim < 0 ? dim + sizes.count : dim
        let slice = Slice(dim: i, start: index < 0 ? index + sizes[i] : index, length: 1)
        return apply(SliceBackward(slice, sizes), Operands(cotangent.unsqueeze(i)))
    }

    public static var samples: [Sample] {
        [
            Sample(Select(dim: 0, index: 1), .init([2, 3])),
            Sample(Select(dim: -1, index: -1), .init([2, 3])),
            Sample(Select(dim: 0, index: 0), .init([2])),
        ]
    }
}

extension Tensor {
    /// The slice at `index` of one dimension, without that dimension; a view.
    ///
    /// - Errors: `.index` outside the dimension.
    public func select(dim: Int, index: Int) -> Tensor {
        apply(Select(dim: dim, index: index), self)
    }
}
