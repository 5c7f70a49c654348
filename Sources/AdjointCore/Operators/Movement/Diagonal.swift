/// A diagonal of two dimensions, as a new last dimension; a view.
public struct Diagonal: ViewOperator {
    public static let info = OpInfo(
        "diagonal", family: .movement, formula: "x[..., i, i + offset]",
        derivative: "the gradient on the diagonal among zeros")
    let offset: Int
    let dim1: Int
    let dim2: Int

    init(offset: Int = 0, dim1: Int = 0, dim2: Int = 1) {
        self.offset = offset
        self.dim1 = dim1
        self.dim2 = dim2
    }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let (i, j) = (try Dim.resolve(dim1, input.rank), try Dim.resolve(dim2, input.rank))
        if i == j || input.rank < 2 {
            throw TensorError(
                .index, "a diagonal lies in two different dimensions, not in \(dim1) and \(dim2)")
        }
        let (rows, columns) = (input.sizes[i], input.sizes[j])
        // Clamped first: an offset far outside gives an empty diagonal, not an overflow.
        let shift = Swift.min(Swift.max(offset, -rows), columns)
        let length =
            shift >= 0
            ? Swift.max(Swift.min(rows, columns - shift), 0)
            : Swift.max(Swift.min(rows + shift, columns), 0)
        let left = (0..<input.rank).filter { $0 != i && $0 != j }
        let start =
            length == 0 ? 0 : shift >= 0 ? shift &* input.strides[j] : -shift &* input.strides[i]
        return Layout(
            sizes: Dims(left.map { input.sizes[$0] } + [length]),
            strides: Dims(left.map { input.strides[$0] } + [input.strides[i] &+ input.strides[j]]),
            offset: input.offset &+ start)
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        apply(ViewBackward(self, saved.sizes(0)), Operands(cotangent))
    }

    public static var samples: [Sample] {
        [
            Sample(Diagonal(), .init([3, 3])), Sample(Diagonal(offset: 1), .init([2, 4])),
            Sample(Diagonal(offset: -1, dim1: -1, dim2: 0), .init([3, 2, 3])),
            Sample(Diagonal(offset: 5), .init([2, 2])),
        ]
    }
}

extension Tensor {
    /// The diagonal of dimensions `dim1` and `dim2`, `offset` places above the main one, as a new
    /// last dimension; a view.
    ///
    /// - Errors: `.index` unless the two are different dimensions of this tensor.
    public func diagonal(offset: Int = 0, dim1: Int = 0, dim2: Int = 1) -> Tensor {
        apply(Diagonal(offset: offset, dim1: dim1, dim2: dim2), self)
    }
}
