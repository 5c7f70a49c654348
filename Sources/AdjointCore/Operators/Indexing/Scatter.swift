/// x with elements of another tensor put at positions along one dimension. Where a position
/// repeats, the last one stays.
public struct Scatter: PositionedOp {
    public static let info = OpInfo(
        "scatter", family: .indexing, formula: "x with x[index] = y along dim",
        derivative: "the gradient with zeros there, and its elements there")
    public static let worksInPlace = true
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkPositions(inputs[1])
        try GatherShape.check(inputs[1].sizes, within: inputs[0].sizes, dim)
        try GatherShape.checkSource(inputs)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (shape, positions, source, i) = try GatherShape.write(inputs, dim)
        try output.beginUpdate(of: inputs.first)
        if positions.numel == 0 { return }
        try CPU.scatter(
            source, positions, shape, into: output.cropped(to: inputs[1].sizes, except: i))
    }

    // The result holds nothing of a writer that another one overwrote: its gradient is 0.
    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        if i == 2 {
            let gathered = apply(Gather(dim: dim), Operands(cotangent, saved[1]))
            return gathered.kept(where: lastWriters(saved[1], cotangent.shape))
        }
        let zero = Tensor.zeros([], dtype: cotangent.dtype, device: cotangent.device)
        return apply(self, Operands(cotangent, saved[1], zero))
    }

    /// True for the positions that no later one repeats.
    private func lastWriters(_ index: Tensor, _ shape: [Int]) -> Tensor {
        let turns = Tensor.arange(index.numel).reshape(index.shape).to(index.device)
        let places = Tensor.zeros(shape, dtype: .int64, device: index.device)
        let last = apply(self, Operands(places, index, turns))
        return apply(Gather(dim: dim), Operands(last, index)) .== turns
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.scattered(dim) { apply(Scatter(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            // The second repeats positions.
            Sample(Scatter(dim: 0), .init([3, 2]), .init([1, 2], .indices(3)), .init([1, 2])),
            Sample(Scatter(dim: 0), .init([3, 2]), .init([4, 2], .indices(3)), .init([4, 2])),
            Sample(Scatter(dim: -1), .init([2, 3]), .init([2, 1], .indices(3)), .init([])),
            Sample(Scatter(dim: 1), .init([3, 3]), .init([2, 1], .indices(3)), .init([2, 1])),
            Sample(Scatter(dim: 0), .init([]), .init([], .indices(1)), .init([])),
            Sample(Scatter(dim: 0), .init([3]), .init([0], .indices(3)), .init([0])),
        ]
    }
}

/// x with elements of another tensor added at positions along one dimension.
public struct ScatterAdd: PositionedOp {
    public static let info = OpInfo(
        "scatterAdd", family: .indexing, formula: "x with x[index] += y along dim",
        derivative: "the gradient, and its elements at the positions", torch: "torch.scatter_add")
    public static let worksInPlace = true
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkPositions(inputs[1])
        try GatherShape.check(inputs[1].sizes, within: inputs[0].sizes, dim)
        try GatherShape.checkSource(inputs)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (shape, positions, source, i) = try GatherShape.write(inputs, dim)
        try output.beginUpdate(of: inputs.first)
        if positions.numel == 0 { return }
        try CPU.scatterAdd(
            source, positions, shape, into: output.cropped(to: inputs[1].sizes, except: i))
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0 ? cotangent : apply(Gather(dim: dim), Operands(cotangent, saved[1]))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.scattered(dim) { apply(ScatterAdd(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(ScatterAdd(dim: 0), .init([3, 2]), .init([4, 2], .indices(3)), .init([4, 2])),
            Sample(
                ScatterAdd(dim: -1), .init([2, 3]), .init([1, 4], .indices(3)), .init([1, 4])),
            Sample(ScatterAdd(dim: 0), .init([]), .init([], .indices(1)), .init([])),
        ]
    }
}

extension GatherShape {
    /// Checks that there is one element for each position, of the tensor's dtype.
    static func checkSource(_ inputs: Operands) throws(TensorError) {
        let (index, source) = (inputs[1], inputs[2])
        if source.ndim > 0 && source.sizes != index.sizes {
            throw TensorError(
                .shape,
                "positions of shape \(index.shape) and elements of shape \(source.shape) "
                    + "must fit: at least one element for each position")
        }
        if source.dtype != inputs[0].dtype, !source.isWrappedNumber {
            throw TensorError(
                .dtype,
                "expected both tensors to have the same dtype, but got "
                    + "\(inputs[0].dtype) and \(source.dtype); convert one with to(_:)")
        }
    }

    /// The checked positions, one element for each, and the dimension.
    static func write(_ inputs: Operands, _ dim: Int) throws(TensorError)
        -> (GatherShape, Block, Block, Int)
    {
        let (x, index, source) = (inputs[0], inputs[1], inputs[2])
        let i = try Dim.resolve(dim, x.ndim)
        let size = x.ndim == 0 ? 1 : x.sizes[i]
        let positions = try CPU.positions(index, below: size)
        let elements = Block(
            source.storage, source.layout.broadcast(to: index.sizes), source.dtype, .cpu)
        return (GatherShape(index.sizes, dim: i, size: size), positions, elements, i)
    }
}

extension Batch {
    /// Calls `rule` with tensor, positions and elements, one for each position, of whole batches.
    func scattered(_ dim: Int, _ rule: (Operands, Int) -> Tensor) throws(TensorError) -> Tensor? {
        if rank(0) != rank(1) { return nil }
        let i = try self.dim(dim)
        let elements = padded(2, to: rank(1)).expand([size] + sizes(1)).to(self[0].dtype)
        let whole = [whole(0), whole(1), elements]
        if rank(0) > 0 { return rule(Operands(whole), i) }
        return rule(Operands(whole.map { $0.unsqueeze(1) }), 1).reshape(size)
    }
}

extension Tensor {
    /// This tensor with the elements of `src` put at the positions `index` along `dim`. Same as
    /// `torch.scatter`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` where there are fewer
    ///   elements than positions; `.dtype` where the dtypes differ.
    public func scatter(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        apply(Scatter(dim: dim), Operands(self, index, src.leading(index)))
    }
    /// This tensor with a number put at the positions `index` along `dim`.
    public func scatter(dim: Int, index: Tensor, value: some TensorScalar) -> Tensor {
        apply(Scatter(dim: dim), Operands(self, index, Tensor.number(value).to(dtype)))
    }
    /// Puts elements in place.
    @discardableResult public func scatter_(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        applyInPlace(Scatter(dim: dim), self, index, src.leading(index))
    }
    /// Puts a number at the positions `index` along `dim`, in place.
    @discardableResult
    public func scatter_(dim: Int, index: Tensor, value: some TensorScalar) -> Tensor {
        applyInPlace(Scatter(dim: dim), self, index, Tensor.number(value).to(dtype))
    }

    /// This tensor with the elements of `src` added at the positions `index` along `dim`. Same as
    /// `torch.scatter_add`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` where there are fewer
    ///   elements than positions; `.dtype` where the dtypes differ.
    public func scatterAdd(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        apply(ScatterAdd(dim: dim), Operands(self, index, src.leading(index)))
    }
    /// Adds elements in place.
    @discardableResult public func scatterAdd_(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        applyInPlace(ScatterAdd(dim: dim), self, index, src.leading(index))
    }

    /// A number added, or multiplied in, at the positions `index` along `dim`: what `torch.scatter`
    /// does with `reduce`.
    public func scatter(
        dim: Int, index: Tensor, value: some TensorScalar, reduce: ScatterReduction
    ) -> Tensor {
        let numbers = Tensor.full(index.shape, value, dtype: dtype, device: device)
        return scatterReduce(dim: dim, index: index, src: numbers, reduce: reduce)
    }

    /// The part of this tensor that has the shape of `index`, where it is larger; a view.
    func leading(_ index: Tensor) -> Tensor {
        if ndim != index.ndim || sizes == index.sizes { return self }
        if zip(sizes, index.sizes).contains(where: { $0 < $1 }) { return self }
        return (0..<ndim).reduce(self) { part, d in
            sizes[d] == index.sizes[d]
                ? part : part.narrow(dim: d, start: 0, length: index.sizes[d])
        }
    }
}

extension Tensor {
    /// This gradient where `mask` is true, and 0 elsewhere.
    func kept(where mask: Tensor) -> Tensor {
        Tensor.where(mask, self, Tensor.zeros([], dtype: dtype, device: device))
    }
}
