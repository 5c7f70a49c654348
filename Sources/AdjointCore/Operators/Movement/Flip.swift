/// The elements in reverse order along some dimensions.
public struct Flip: LinearOp, Hashable {
    public static let info = OpInfo(
        "flip", family: .movement, formula: "x[n - 1 - i]", derivative: "the gradient flipped")
    let dims: [Int]

    init(_ dims: [Int]) { self.dims = dims }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        _ = try chosen(inputs.first.ndim)
        return inputs.first.spec
    }

    private func chosen(_ rank: Int) throws(TensorError) -> [Bool] {
        // An empty list flips nothing, though for a reduction it stands for all dimensions.
        dims.isEmpty ? [Bool](repeating: false, count: rank) : try Axes(dims).mask(rank)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.flip(inputs.first, try chosen(output.ndim), into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(self, Operands(cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        var whole: [Int] = []
        for dim in dims where inputs.rank(0) > 0 { whole.append(try inputs.dim(dim)) }
        return apply(Flip(whole), Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(Flip([0]), .init([3, 2])), Sample(Flip([-1, 0]), .init([2, 3])),
            Sample(Flip([]), .init([2])), Sample(Flip([0]), .init([])),
            Sample(Flip([1]), .init([2, 0])),
        ]
    }
}

/// The elements moved on along one dimension; those that leave it come in at its other end.
public struct Roll: LinearOp {
    public static let info = OpInfo(
        "roll", family: .movement, formula: "x[(i - shift) mod n]",
        derivative: "the gradient rolled back")
    let shift: Int
    let dim: Int

    init(_ shift: Int, dim: Int) {
        self.shift = shift
        self.dim = dim
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        _ = try Dim.resolve(dim, inputs.first.ndim)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        let i = try Dim.resolve(dim, x.ndim)
        if output.numel == 0 { return }
        if x.ndim == 0 { return try CPU.copy(x, into: output) }
        let length = x.sizes[i]
        let by = (shift % length + length) % length
        for (from, to, count) in [(0, by, length - by), (length - by, 0, by)] {
            let source = try Slice(dim: i, start: from, length: count).view(x.layout)
            let target = try Slice(dim: i, start: to, length: count).view(output.layout)
            try CPU.copy(
                Block(x.storage, source, x.dtype, .cpu),
                into: Block(output.storage, target, output.dtype, .cpu))
        }
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(Roll(shift == .min ? 0 : -shift, dim: dim), Operands(cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(Roll(shift, dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Roll(1, dim: 0), .init([3, 2])), Sample(Roll(-4, dim: -1), .init([2, 3])),
            Sample(Roll(1, dim: 0), .init([])), Sample(Roll(1, dim: 1), .init([2, 0])),
        ]
    }
}

extension Tensor {
    /// The elements in reverse order along the dimensions given: a copy.
    ///
    /// - Errors: `.index` for a dimension that is not there, or is named twice.
    public func flip(_ dims: [Int]) -> Tensor { apply(Flip(dims), Operands(self)) }
    /// This tensor with the order turned round along each of `dims`. Same as `torch.flip`.
    public func flip(_ dims: Int...) -> Tensor { flip(dims) }

    /// The elements in reverse order along dimension 1: left becomes right. Same as
    /// `torch.fliplr`.
    ///
    /// - Errors: `.index` for fewer than 2 dimensions.
    public func fliplr() -> Tensor { ndim == 0 ? unsplittable("fliplr") : flip(1) }
    /// The elements in reverse order along dimension 0: top becomes bottom. Same as
    /// `torch.flipud`.
    ///
    /// - Errors: `.index` for a 0-dimensional tensor.
    public func flipud() -> Tensor { ndim == 0 ? unsplittable("flipud") : flip(0) }

    private func unsplittable(_ operation: String) -> Tensor {
        refusal(
            operation, TensorError(.index, "a 0-dimensional tensor has no dimension to reverse"))
    }

    /// Turned by `k` quarters, from the first of two dimensions towards the second; a copy. Same
    /// as `torch.rot90`.
    ///
    /// - Errors: `.index` unless the two are different dimensions of this tensor.
    public func rot90(_ k: Int = 1, dims: [Int] = [0, 1]) -> Tensor {
        guard dims.count == 2, let i = try? Dim.resolve(dims[0], ndim),
            let j = try? Dim.resolve(dims[1], ndim), i != j
        else {
            return refusal(
                "rot90",
                TensorError(
                    .index,
                    "a turn is in two different dimensions, not in \(dims) of shape \(shape)"))
        }
        return switch (k % 4 + 4) % 4 {
        case 1: flip(j).transpose(i, j)
        case 2: flip(i, j)
        case 3: flip(i).transpose(i, j)
        default: clone()
        }
    }

    /// The elements moved on by `shift` along `dim`, those that leave it coming in at its other
    /// end; without `dim`, of the flat tensor.
    public func roll(_ shift: Int, dim: Int? = nil) -> Tensor {
        guard let dim else { return reshape(-1).roll(shift, dim: 0).reshape(shape) }
        return apply(Roll(shift, dim: dim), Operands(self))
    }

    /// One roll a dimension.
    ///
    /// - Errors: `.argument` unless there is one shift for each dimension.
    public func roll(_ shifts: [Int], dims: [Int]) -> Tensor {
        if shifts.count != dims.count {
            return Failure.poison(
                TensorError(
                    .argument, "one shift for each dimension is needed: \(shifts) and \(dims)",
                    operation: "roll"), like: sizes, dtype)
        }
        return zip(shifts, dims).reduce(self) { $0.roll($1.0, dim: $1.1) }
    }
}
