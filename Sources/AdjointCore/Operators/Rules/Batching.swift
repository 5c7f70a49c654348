// The batching rules that follow from an operation's shape of rule, and what the others are
// written with.

extension Operator {
    /// Pointwise operations broadcast, and a batch is one more dimension to broadcast along.
    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        Self.info.family == .pointwise ? apply(self, inputs.aligned()) : nil
    }
}

extension MultiOperator {
    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? { nil }
}

extension Batch {
    /// Operand `i` with dimensions of size 1 put in behind the batch dimension until it has `rank`
    /// of its own, so that broadcasting counts its dimensions from the last as for one sample.
    func padded(_ i: Int, to rank: Int) -> Tensor {
        let value = self[i]
        let missing = rank - self.rank(i)
        if !isBatched(i) || missing <= 0 { return value }
        let sizes = value.shape
        return value.reshape([sizes[0]] + [Int](repeating: 1, count: missing) + sizes.dropFirst())
    }

    /// The operands, ready to be broadcast with each other.
    func aligned() -> Operands {
        let rank = (0..<count).reduce(0) { Swift.max($0, self.rank($1)) }
        return Operands((0..<count).map { weighed(padded($0, to: rank), $0) })
    }

    /// A sample without dimensions weighs less in promotion than one that has some, and the batch
    /// dimension must not count: such operands are cast to the dtype that samples meet in.
    private func weighed(_ value: Tensor, _ i: Int) -> Tensor {
        if !isBatched(i) || rank(i) > 0 || value.dtype == .bool { return value }
        let others = (0..<count).filter { self[$0].dtype != value.dtype && rank($0) > 0 }
        if others.isEmpty { return value }
        let samples = (0..<count).map { isBatched($0) ? sample($0) : self[$0] }
        let dtype = promotedType(samples)
        return dtype.category == value.dtype.category ? value.to(dtype) : value
    }

    /// A tensor without elements in the shape and dtype that one sample has.
    private func sample(_ i: Int) -> Tensor {
        Tensor(
            Storage.absent(), Layout(contiguous: sizes(i)), self[i].dtype, self[i].device)
    }

    /// Operand `i` with the batch dimension first, repeated there if all samples share it.
    func whole(_ i: Int) -> Tensor {
        isBatched(i) ? self[i] : self[i].expand([size] + self[i].shape)
    }

    /// All operands with the batch dimension first.
    var wholes: [Tensor] { (0..<count).map { whole($0) } }

    /// Dimension `dim` of a sample of operand `i`, counted with the batch dimension.
    func dim(_ dim: Int, of i: Int = 0) throws(TensorError) -> Int {
        try Dim.resolve(dim, rank(i)) + 1
    }

    /// Calls `rule` on all operands with their batch dimensions and the dimension `dim`, counted
    /// with those. Samples without dimensions get one of size 1 meanwhile.
    func along(_ dim: Int, _ rule: (Operands, Int) -> Tensor) throws(TensorError) -> Tensor {
        let i = try self.dim(dim)
        if rank(0) > 0 { return rule(Operands(wholes), i) }
        return rule(Operands(wholes.map { $0.unsqueeze(1) }), 1).reshape(size)
    }

    /// The samples one after another, where there is no rule.
    func oneByOne(_ op: some AnyOperator, _ specs: [TensorSpec]) throws(TensorError) -> [Tensor] {
        if size == 0 {
            return specs.map {
                Tangents.zeros(TensorSpec(Dims([0] + $0.sizes), $0.dtype), self[0].device)
            }
        }
        try Tensor.checkPieces(size)
        SlowBatch.tell(type(of: op).info.name)
        var results: [[Tensor]] = []
        for i in 0..<size {
            if i > 0, Failure.isActive { break }
            let sample = (0..<count).map {
                isBatched($0) ? self[$0].select(dim: 0, index: i) : self[$0]
            }
            results.append(op(sample))
        }
        return results[0].indices.map { k in Tensor.stack(results.map { $0[k] }) }
    }
}

extension Tensor {
    /// This tensor with the batch dimension of `level` in front, repeated there if all samples
    /// share it.
    func repeated(at level: VmapLevel) -> Tensor {
        value(at: level) ?? (isPoisoned ? self : expand([level.size] + shape))
    }
}

extension Axes {
    /// The same dimensions, counted with a batch dimension in front of `rank` others.
    func batched(_ rank: Int) -> Axes {
        let dims = dims.map { $0.map { ($0 < 0 ? $0 + rank : $0) + 1 } }
        return Axes(dims ?? Array(1..<(rank + 1)), keeps: keeps)
    }
}

extension Batch {
    /// Calls `rule` with all operands and what `axes` are when counted with the batch dimension.
    /// Samples without dimensions get one of size 1, which is reduced.
    func reduced(_ axes: Axes, _ rule: (Operands, Axes) -> Tensor) -> Tensor {
        if rank(0) > 0 { return rule(Operands(wholes), axes.batched(rank(0))) }
        let columns = wholes.enumerated().map { $0 == 0 ? $1.unsqueeze(1) : $1 }
        return rule(Operands(columns), Axes([1])).reshape(size)
    }
}
