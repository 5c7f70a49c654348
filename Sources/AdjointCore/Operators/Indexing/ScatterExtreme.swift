/// The largest, or smallest, of x and of elements of another tensor at positions along one
/// dimension. Equal ones share the gradient.
public struct ScatterExtreme: PositionedOp {
    public static let info = OpInfo(
        "scatterReduce", family: .indexing, formula: "max(x, y at x[index]) along dim, or min",
        derivative: "the gradient shared by the extreme elements",
        torch: "torch.scatter_reduce(amax)")
    public static let worksInPlace = true
    let dim: Int
    let isLargest: Bool
    /// False where the new elements alone take part at the positions.
    let includesSelf: Bool

    init(dim: Int, isLargest: Bool, includesSelf: Bool) {
        self.dim = dim
        self.isLargest = isLargest
        self.includesSelf = includesSelf
    }

    public func saves(for wanted: InputSet) -> SavedSet {
        [.input, .second, .input(2), .output]
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkPositions(inputs[1])
        try GatherShape.check(inputs[1].sizes, within: inputs[0].sizes, dim)
        try GatherShape.checkSource(inputs)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (shape, positions, source, i) = try GatherShape.write(inputs, dim)
        try output.beginUpdate(of: inputs.first)
        try CPU.scatter(
            isLargest ? .largest : .smallest, source, positions, shape,
            countsOutput: includesSelf, into: output.cropped(to: inputs[1].sizes, except: i))
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (own, new) = shares(saved)
        return i == 0 ? cotangent * own : cotangent.gather(dim: dim, index: saved[1]) * new
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let (own, new) = shares(saved)
        let kept = tangents.a.map { $0 * own }
        guard let moved = tangents.c else { return kept }
        return (kept ?? Tensor.zerosLike(inputs[0])).scatterAdd(
            dim: dim, index: saved[1], src: (moved * new).expand(saved[1].shape))
    }

    /// How much of each result x and the new elements make up: 1 / n for each of n equal extremes.
    private func shares(_ saved: Saved) -> (own: Tensor, new: Tensor) {
        noGrad {
            let (x, index, result) = (saved[0].detach(), saved[1], saved.output.detach())
            let source = saved[2].detach().expand(index.shape)
            let dtype =
                result.dtype.isFloatingPoint && result.dtype != .float64
                ? DType.float32 : result.dtype
            var isOwn = x.isSame(as: result)
            if !includesSelf, index.numel > 0 {
                isOwn = isOwn.scatter(dim: dim, index: index, value: false)
            }
            let isNew = source.isSame(as: result.gather(dim: dim, index: index)).to(dtype)
            let own = isOwn.to(dtype)
            let part = own.scatterAdd(dim: dim, index: index, src: isNew).reciprocal()
            return (
                (own * part).to(x.dtype),
                (isNew * part.gather(dim: dim, index: index)).to(x.dtype)
            )
        }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.scattered(dim) {
            apply(
                ScatterExtreme(dim: $1, isLargest: isLargest, includesSelf: includesSelf), $0)
        }
    }

    public static var samples: [Sample] {
        [(true, true), (true, false), (false, true), (false, false)].flatMap { largest, own in
            [
                Sample(
                    ScatterExtreme(dim: 0, isLargest: largest, includesSelf: own),
                    .init([3, 2]), .init([4, 2], .indices(3)), .init([4, 2], .distinct)),
                Sample(
                    ScatterExtreme(dim: -1, isLargest: largest, includesSelf: own),
                    .init([3, 3]), .init([2, 4], .indices(3)), .init([2, 4])),
                Sample(
                    ScatterExtreme(dim: 0, isLargest: largest, includesSelf: own),
                    .init([]), .init([], .indices(1)), .init([])),
                Sample(
                    ScatterExtreme(dim: 0, isLargest: largest, includesSelf: own),
                    .init([3]), .init([0], .indices(3)), .init([0])),
            ]
        }
    }
}

extension Tensor {
    /// True where elements are equal, NaN to NaN.
    fileprivate func isSame(as other: Tensor) -> Tensor {
        (self .== other).logicalOr(isnan().logicalAnd(other.isnan()))
    }
}
