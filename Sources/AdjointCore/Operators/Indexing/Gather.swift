/// y[..., j, ...] = x[..., index[..., j, ...], ...] along one dimension.
public struct Gather: PositionedOp {
    public static let info = OpInfo(
        "gather", family: .indexing, formula: "x[index] along dim",
        derivative: "the gradient added at the positions")
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, index) = (inputs.first, inputs.second!)
        try checkPositions(index)
        try GatherShape.check(index.sizes, within: x.sizes, dim)
        return TensorSpec(index.sizes, x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (x, index) = (inputs.first, inputs.second!)
        let i = try Dim.resolve(dim, x.ndim)
        let size = x.ndim == 0 ? 1 : x.sizes[i]
        let positions = try CPU.positions(index, below: size)
        if output.numel == 0 { return }
        let shape = GatherShape(index.sizes, dim: i, size: size)
        try CPU.gather(x.cropped(to: index.sizes, except: i), positions, shape, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(GatherBackward(dim: dim, saved.sizes(0)), Operands(cotangent, saved[1]))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if inputs.rank(0) != inputs.rank(1) { return nil }
        return try inputs.along(dim) { apply(Gather(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Gather(dim: 1), .init([3, 4]), .init([3, 2], .indices(4))),
            Sample(Gather(dim: 0), .init([3, 4]), .init([5, 2], .indices(3))),
            Sample(Gather(dim: -1), .init([2, 3, 2]), .init([2, 2, 3], .indices(2))),
            Sample(Gather(dim: 0), .init([]), .init([], .indices(1))),
            Sample(Gather(dim: 0), .init([3]), .init([0], .indices(3))),
        ]
    }
}

/// The transpose of `Gather`: elements added up at their positions, among zeros.
struct GatherBackward: PositionedOp {
    static let info = OpInfo(
        "gatherBackward", family: .indexing, formula: "x added at the positions, among zeros",
        derivative: "the gradient gathered", torch: "")
    let dim: Int
    let sizes: Dims

    init(dim: Int, _ sizes: Dims) {
        self.dim = dim
        self.sizes = sizes
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, index) = (inputs.first, inputs.second!)
        try checkPositions(index)
        try GatherShape.check(index.sizes, within: sizes, dim)
        try x.check(sizes: index.sizes)
        return TensorSpec(sizes, x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let index = inputs.second!
        let i = try Dim.resolve(dim, sizes.count)
        let size = sizes.isEmpty ? 1 : sizes[i]
        let positions = try CPU.positions(index, below: size)
        CPU.fill(output, .int(0))
        if index.numel == 0 { return }
        try CPU.scatterAdd(
            inputs.first, positions, GatherShape(index.sizes, dim: i, size: size),
            into: output.cropped(to: index.sizes, except: i))
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(Gather(dim: dim), Operands(cotangent, saved[1]))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let sizes = Dims([inputs.size] + (sizes.isEmpty ? [1] : sizes))
        return try inputs.along(dim) { apply(GatherBackward(dim: $1, sizes), $0) }
    }

    static var samples: [Sample] {
        [
            Sample(
                GatherBackward(dim: 1, [3, 4]), .init([2, 5]), .init([2, 5], .indices(4)))
        ]
    }
}

extension GatherShape {
    /// Checks that `index` is no larger than `sizes` in any dimension but `dim`.
    static func check(_ index: Dims, within sizes: Dims, _ dim: Int) throws(TensorError) {
        let i = try Dim.resolve(dim, sizes.count)
        if index.product == 0 { return }
        if Swift.max(index.count, 1) != Swift.max(sizes.count, 1) {
            throw TensorError(
                .shape,
                "positions of shape \(index) and a tensor of shape \(sizes) must have as many "
                    + "dimensions as each other")
        }
        for d in index.indices where d < sizes.count && d != i && index[d] > sizes[d] {
            throw TensorError(
                .shape,
                "positions of shape \(index) exceed the tensor's shape \(sizes) in dimension \(d), "
                    + "which is not the one indexed, \(i)")
        }
    }
}

extension Tensor {
    /// The leading part of every dimension but `dim`, to the sizes given; the same memory.
    func cropped(to sizes: Dims, except dim: Int) -> Block {
        if ndim != sizes.count { return self }
        var cut = self.sizes
        for d in 0..<ndim where d != dim { cut[d] = sizes[d] }
        if cut == self.sizes { return self }
        let layout = Layout(sizes: cut, strides: layout.strides, offset: layout.offset)
        return Block(storage, layout, dtype, device)
    }

    /// The elements at the positions `index` along `dim`: the result has the index's shape.
    /// Same as `torch.gather`.
    ///
    /// - Errors: `.index` for a position outside the dimension, `.dtype` for positions that are
    ///   not integers, `.shape` where the index exceeds the tensor in another dimension.
    public func gather(dim: Int, index: Tensor) -> Tensor {
        apply(Gather(dim: dim), Operands(self, index))
    }

    /// The elements at the positions `index` along `dim`, the other dimensions broadcast; without
    /// `dim`, of the flat tensor. Same as `torch.take_along_dim`.
    public func takeAlongDim(_ index: Tensor, dim: Int? = nil) -> Tensor {
        guard let dim else {
            return reshape(-1).takeAlongDim(index.reshape(-1), dim: 0)
        }
        guard let i = try? Dim.resolve(dim, ndim), index.ndim == ndim, ndim > 0 else {
            return gather(dim: dim, index: index)
        }
        var (left, right) = (sizes, index.sizes)
        (left[i], right[i]) = (1, 1)
        guard var common = Layout.broadcastSizes(left, right) else {
            return gather(dim: dim, index: index)
        }
        common[i] = sizes[i]
        let source = expand(common.array)
        common[i] = index.sizes[i]
        // Unlike gather's, positions may count from the end.
        let wrapped = Tensor.where(index .< 0, index + sizes[i], index)
        return source.gather(dim: i, index: wrapped.expand(common.array))
    }
}
