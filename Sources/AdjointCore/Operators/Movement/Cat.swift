/// Tensors one after another along a dimension.
public struct Cat: LinearOp, Hashable {
    public static let info = OpInfo(
        "cat", family: .movement, formula: "[x₀, x₁, ...] along dim",
        derivative: "the gradient's parts")
    public static let operandCount = 1...Int.max
    let dim: Int
    /// How much of the dimension each input takes.
    let lengths: [Int]
    /// Where each input begins, and where the last one ends.
    private let starts: [Int]

    init(dim: Int, lengths: [Int]) {
        self.dim = dim
        self.lengths = lengths
        // A sum that no Int counts stays negative, and the result's size is refused.
        starts = lengths.reduce(into: [0]) { $0.append($0.last! < 0 ? -1 : $0.last! &+ $1) }
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if inputs.count != lengths.count {
            throw TensorError(
                .argument, "lengths are given for \(lengths.count) tensors, not \(inputs.count)")
        }
        var sizes = inputs.first.sizes
        if sizes.isEmpty {
            throw TensorError(
                .shape, "0-dimensional tensors cannot be concatenated; stack makes a dimension")
        }
        let i = try Dim.resolve(dim, sizes.count)
        for tensor in inputs {
            var other = tensor.sizes
            if other.count == sizes.count { other[i] = sizes[i] }
            if other != sizes {
                throw TensorError(
                    .shape,
                    "sizes must match except in dimension \(i), and shapes "
                        + "\(inputs.first.shape) and \(tensor.shape) do not")
            }
        }
        sizes[i] = starts.last!
        return TensorSpec(sizes, promotedType(inputs))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        var start = 0
        for tensor in inputs {
            let place = Slice(dim: i, start: start, length: tensor.sizes[i])
            let part = Block(
                output.storage, try place.view(output.layout), output.dtype, output.device)
            try CPU.copy(tensor, into: part)
            start += tensor.sizes[i]
        }
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(Slice(dim: dim, start: starts[i], length: lengths[i]), cotangent)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(Cat(dim: try inputs.dim(dim), lengths: lengths), Operands(inputs.wholes))
    }

    public static var samples: [Sample] {
        [
            Sample(Cat(dim: 0, lengths: [2, 1]), .init([2, 3]), .init([1, 3])),
            Sample(
                Cat(dim: -1, lengths: [1, 2, 0, 3]), .init([2, 1]), .init([2, 2]), .init([2, 0]),
                .init([2, 3])),
            Sample(Cat(dim: 0, lengths: [3]), .init([3])),
        ]
    }
}

/// Tensors of one shape one after another along a new dimension.
public struct Stack: LinearOp {
    public static let info = OpInfo(
        "stack", family: .movement, formula: "[x₀, x₁, ...] along a new dim",
        derivative: "the gradient's slices")
    public static let operandCount = 1...Int.max
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let sizes = inputs.first.sizes
        for tensor in inputs where tensor.sizes != sizes {
            throw TensorError(
                .shape,
                "stack takes tensors of one shape, and these have \(sizes) and \(tensor.shape)")
        }
        var stacked = sizes
        stacked.insert(inputs.count, at: try Dim.resolve(dim, sizes.count + 1))
        return TensorSpec(stacked, promotedType(inputs))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        for (i, tensor) in inputs.enumerated() {
            let layout = try Select(dim: dim, index: i).view(output.layout)
            try CPU.copy(tensor, into: Block(output.storage, layout, output.dtype, output.device))
        }
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        cotangent.select(dim: dim, index: i)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let i = try Dim.resolve(dim, inputs.rank(0) + 1)
        return apply(Stack(dim: i + 1), Operands(inputs.wholes))
    }

    public static var samples: [Sample] {
        [
            Sample(Stack(dim: 0), .init([2, 3]), .init([2, 3])),
            Sample(Stack(dim: -1), .init([2]), .init([2]), .init([2]), .init([2])),
            Sample(Stack(dim: 0), .init([]), .init([])), Sample(Stack(dim: 1), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// Tensors one after another along `dim`; dtypes promote. Same as `torch.cat`.
    ///
    /// - Errors: `.shape` where sizes differ in another dimension, `.argument` for no tensors.
    public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        // Empty vectors fit everything, as PyTorch has had it from the start.
        let parts = tensors.filter { $0.sizes != [0] || $0.isPoisoned }
        guard let first = parts.first ?? tensors.first else { return none("cat") }
        let used = parts.isEmpty ? [first] : parts
        let i = (try? Dim.resolve(dim, first.ndim)) ?? 0
        let lengths = used.map { i < $0.ndim ? $0.sizes[i] : 0 }
        return apply(Cat(dim: dim, lengths: lengths), Operands(used))
    }

    /// Tensors of one shape along a new dimension `dim`; dtypes promote. Same as `torch.stack`.
    ///
    /// - Errors: `.shape` where shapes differ, `.argument` for no tensors.
    public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        tensors.isEmpty ? none("stack") : apply(Stack(dim: dim), Operands(tensors))
    }

    private static func none(_ operation: String) -> Tensor {
        Failure.poison(
            TensorError(.argument, "expected a list with at least one tensor", operation: operation)
        )
    }

    /// The tensors stacked along a new first dimension; gradients flow through.
    ///
    /// - Errors: `.shape` where shapes differ, `.argument` for no tensors.
    @_disfavoredOverload
    public convenience init(_ tensors: [Tensor]) {
        let stacked = Tensor.stack(tensors)
        self.init(aliasing: stacked)
        producer = stacked.producer
        outputIndex = stacked.outputIndex
        if stacked.isDual { copyTangents(from: stacked) }
    }
}
