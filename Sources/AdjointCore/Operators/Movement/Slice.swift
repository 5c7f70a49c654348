/// Every `step`-th position of one dimension, from `start`, as a view.
public struct Slice: ViewOperator {
    public static let info = OpInfo(
        "slice", family: .movement, formula: "x[start ..< end by step]",
        derivative: "the gradient among zeros", torch: "torch.Tensor.__getitem__")
    let dim: Int
    let start: Int
    let length: Int
    let step: Int

    init(dim: Int, start: Int, length: Int, step: Int = 1) {
        self.dim = dim
        self.start = start
        self.length = length
        self.step = step
    }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let i = try Dim.resolve(dim, input.rank)
        let size = input.rank == 0 ? 0 : input.sizes[i]
        let isInside =
            start >= 0 && length >= 0 && step > 0
            && (length == 0
                ? start <= size : start < size && (length - 1) <= (size - 1 - start) / step)
        if input.rank == 0 || !isInside {
            throw TensorError(
                .index,
                "start \(start) and length \(length) with step \(step) exceed dimension \(dim), "
                    + "which has size \(size)")
        }
        var (sizes, strides) = (input.sizes, input.strides)
        sizes[i] = length
        // Where there is no second position, no step leads to it, however large. Where there are no
        // elements at all, strides may be of any size.
        if length > 1 { strides[i] = input.strides[i] &* step }
        return Layout(
            sizes: sizes, strides: strides, offset: input.offset &+ start &* input.strides[i])
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        apply(SliceBackward(self, saved.sizes(0)), Operands(cotangent))
    }

    public static var samples: [Sample] {
        [
            Sample(Slice(dim: 0, start: 1, length: 2), .init([4, 3])),
            Sample(Slice(dim: -1, start: 0, length: 2, step: 2), .init([2, 3])),
            Sample(Slice(dim: 0, start: 2, length: 0), .init([2, 3])),
        ]
    }
}

/// The transpose of a slice: its elements at their places among zeros.
struct SliceBackward: LinearOp {
    static let info = OpInfo(
        "sliceBackward", family: .movement, formula: "x at [start ..< end by step] among zeros",
        derivative: "the gradient's slice", torch: "")
    let slice: Slice
    let sizes: Dims

    init(_ slice: Slice, _ sizes: Dims) {
        self.slice = slice
        self.sizes = sizes
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try inputs.first.check(sizes: try slice.view(Layout(contiguous: sizes)).sizes)
        return TensorSpec(sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        CPU.fill(output, .float(0))
        let part = Tensor(output.storage, try slice.view(output.layout), output.dtype, .cpu)
        try CPU.copy(inputs.first, into: part)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(slice, cotangent)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let whole = Slice(
            dim: try inputs.dim(slice.dim), start: slice.start, length: slice.length,
            step: slice.step)
        return apply(
            SliceBackward(whole, Dims([inputs.size] + sizes)), Operands(inputs[0]))
    }

    static var samples: [Sample] {
        [Sample(SliceBackward(Slice(dim: 0, start: 1, length: 2), [4, 3]), .init([2, 3]))]
    }
}

extension Tensor {
    /// `length` positions of one dimension from `start`, a view. `start` may count from the end.
    ///
    /// - Errors: `.index` where the dimension is shorter.
    public func narrow(dim: Int, start: Int, length: Int) -> Tensor {
        let size = (try? Dim.resolve(dim, ndim)).flatMap { ndim > 0 ? sizes[$0] : nil } ?? 0
        return apply(Slice(dim: dim, start: start < 0 ? start + size : start, length: length), self)
    }

    /// The same with the start in a 0-dimensional tensor of whole numbers, on the processor.
    ///
    /// - Errors: `.dtype` and `.shape` for another tensor, `.index` where the dimension is shorter.
    public func narrow(dim: Int, start: Tensor, length: Int) -> Tensor {
        if let error = Tensor.readingError(start, "narrow", most: 0) {
            return Failure.poison(error, like: sizes, dtype)
        }
        return narrow(dim: dim, start: start.item(as: Int.self), length: length)
    }

    /// Every `step`-th position of `dim` from `start` up to, and without, `end`; a view. Negative
    /// bounds count from the end, and bounds outside the dimension are cut, as between brackets.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.argument` for a step below 1.
    public func slice(dim: Int = 0, start: Int? = nil, end: Int? = nil, step: Int = 1) -> Tensor {
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            if ndim == 0 {
                throw TensorError(.index, "a 0-dimensional tensor has no dimension to slice")
            }
            let (first, length) = try IndexTerm.span(start, end, step, of: sizes[i])
            return apply(Slice(dim: i, start: first, length: length, step: step), self)
        } catch {
            return refusal("slice", error)
        }
    }
}
