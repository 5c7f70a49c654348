/// One dimension cut into pieces of given lengths, as views.
public struct Split: MultiViewOperator, Hashable {
    public static let info = OpInfo(
        "split", family: .movement, formula: "x[start ..< end], ...",
        derivative: "the gradients one after another", results: 2)
    let dim: Int
    let lengths: [Int]

    init(dim: Int, lengths: [Int]) {
        self.dim = dim
        self.lengths = lengths
    }

    public func views(_ input: Layout) throws(TensorError) -> [Layout] {
        let i = try Dim.resolve(dim, input.rank)
        var start = 0
        var pieces: [Layout] = []
        pieces.reserveCapacity(lengths.count)
        for length in lengths {
            pieces.append(try Slice(dim: i, start: start, length: length).view(input))
            start += length
        }
        return pieces
    }

    public func transpose(_ cotangents: [Tensor?], _ saved: Saved) -> Tensor {
        let sizes = saved.sizes(0)
        let i = dim < 0 ? dim + sizes.count : dim
        let parts = cotangents.parts { k in
            var piece = sizes
            piece[i] = lengths[k]
            return piece
        }
        return apply(Cat(dim: i, lengths: lengths), Operands(parts))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor] {
        apply(Split(dim: try inputs.dim(dim), lengths: lengths), inputs[0])
    }

    public static var samples: [Sample] {
        [
            Sample(Split(dim: 0, lengths: [2, 1]), .init([3, 2])),
            Sample(Split(dim: -1, lengths: [1, 0, 3, 1]), .init([2, 5])),
            Sample(Split(dim: 1, lengths: [2]), .init([3, 2])),
            Sample(Split(dim: 0, lengths: [0]), .init([0, 2])),
        ]
    }
}

/// The slices of one dimension, without it, as views.
public struct Unbind: MultiViewOperator {
    public static let info = OpInfo(
        "unbind", family: .movement, formula: "x[0], x[1], ...",
        derivative: "the gradients stacked", results: 2)
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func views(_ input: Layout) throws(TensorError) -> [Layout] {
        let i = try Dim.resolve(dim, input.rank)
        var slices: [Layout] = []
        for k in 0..<(input.rank == 0 ? 0 : input.sizes[i]) {
            slices.append(try Select(dim: i, index: k).view(input))
        }
        return slices
    }

    public func transpose(_ cotangents: [Tensor?], _ saved: Saved) -> Tensor {
        let sizes = saved.sizes(0)
        let i = dim < 0 ? dim + sizes.count : dim
        var slice = sizes
        slice.remove(at: i)
        return apply(Stack(dim: i), Operands(cotangents.parts { _ in slice }))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor] {
        apply(Unbind(dim: try inputs.dim(dim)), inputs[0])
    }

    public static var samples: [Sample] {
        [
            Sample(Unbind(dim: 0), .init([3, 2])), Sample(Unbind(dim: -1), .init([2, 4])),
            Sample(Unbind(dim: 1), .init([2, 1, 3])), Sample(Unbind(dim: 0), .init([2])),
        ]
    }
}

extension [Tensor?] {
    /// The gradients, with zeros, of which one serves all places, for the missing ones.
    fileprivate func parts(_ sizes: (Int) -> Dims) -> [Tensor] {
        guard let known = lazy.compactMap({ $0 }).first else { return [] }
        let zero = Tensor.zeros([], dtype: known.dtype, device: known.device)
        return enumerated().map { $1 ?? zero.expand(sizes($0).array) }
    }
}
