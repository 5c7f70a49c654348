/// x with elements of another tensor multiplied in at positions along one dimension.
public struct ScatterProd: PositionedOp {
    public static let info = OpInfo(
        "scatterReduce", family: .indexing, formula: "x with x[index] *= y along dim",
        derivative: "the product of the others", torch: "torch.scatter_reduce(prod)")
    public static let worksInPlace = true
    let dim: Int
    /// False where the products are of the new elements alone.
    let includesSelf: Bool

    init(dim: Int, includesSelf: Bool) {
        self.dim = dim
        self.includesSelf = includesSelf
    }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .second, .input(2)] }

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
            .product, source, positions, shape, countsOutput: includesSelf,
            into: output.cropped(to: inputs[1].sizes, except: i))
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        if i == 0, !includesSelf, saved[1].numel > 0 {
            return cotangent.scatter(dim: dim, index: saved[1], value: 0)
        }
        let factors = Cofactors(saved[0], saved[1], saved[2], dim, includesSelf)
        if i == 0 { return cotangent * factors.ofSelf }
        return cotangent.gather(dim: dim, index: saved[1]) * factors.ofSource
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let factors = Cofactors(saved[0], saved[1], saved[2], dim, includesSelf)
        let own = tangents.a.map { $0 * factors.ofSelf }
        guard let moved = tangents.c else { return own }
        let start = own ?? Tensor.zerosLike(inputs[0])
        return start.scatterAdd(dim: dim, index: saved[1], src: moved * factors.ofSource)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.scattered(dim) {
            apply(ScatterProd(dim: $1, includesSelf: includesSelf), $0)
        }
    }

    public static var samples: [Sample] {
        let numbers = Sample.Values.these([0.5, -1.5, 2, 0, 1.25, -0.75, 0, 1])
        return [true, false].flatMap { includesSelf in
            [
                Sample(
                    ScatterProd(dim: 0, includesSelf: includesSelf), .init([3, 2], numbers),
                    .init([4, 2], .indices(3)), .init([4, 2], numbers)),
                Sample(
                    ScatterProd(dim: -1, includesSelf: includesSelf), .init([3, 3]),
                    .init([2, 4], .indices(3)), .init([2, 4])),
                Sample(
                    ScatterProd(dim: 0, includesSelf: includesSelf), .init([]),
                    .init([], .indices(1)), .init([])),
                Sample(
                    ScatterProd(dim: 0, includesSelf: includesSelf), .init([3]),
                    .init([0], .indices(3)), .init([0])),
            ]
        }
    }
}

/// For each factor of the products that `ScatterProd` makes the product of all the others, as
/// Bᵢ = (Π before i) (Π after i), without a division: exact where factors are 0, to every order.
private struct Cofactors {
    let ofSelf: Tensor
    let ofSource: Tensor

    init(_ x: Tensor, _ index: Tensor, _ source: Tensor, _ dim: Int, _ includesSelf: Bool) {
        let ones = Tensor.onesLike(x)
        if index.numel == 0 {
            (ofSelf, ofSource) = (ones, Tensor.onesLike(source))
            return
        }
        let source = source.expand(index.shape)
        if x.ndim == 0 || index.ndim == 0 {
            let line = Cofactors(
                x.reshape(-1), index.reshape(-1), source.reshape(-1), 0, includesSelf)
            ofSelf = line.ofSelf.reshape(x.shape)
            ofSource = line.ofSource.reshape(index.shape)
            return
        }
        let i = dim < 0 ? dim + x.ndim : dim
        if !includesSelf {
            ofSelf = ones.scatter(dim: i, index: index, value: 0)
            ofSource = Cofactors.others(source, index, i)
            return
        }
        var covered = index.shape
        covered[i] = x.sizes[i]
        let part = (0..<x.ndim).reduce(x) {
            $1 == i ? $0 : $0.narrow(dim: $1, start: 0, length: covered[$1])
        }
        var column = [Int](repeating: 1, count: x.ndim)
        column[i] = x.sizes[i]
        let rows = Tensor.arange(x.sizes[i]).to(x.device).reshape(column).expand(covered)
        let products = Cofactors.others(
            Tensor.cat([part, source], dim: i), Tensor.cat([rows, index.to(.int64)], dim: i), i)
        let both = products.split([x.sizes[i], index.sizes[i]], dim: i)
        // Beyond the positions nothing was multiplied.
        let margins = (0..<x.ndim).reversed().flatMap { [0, x.sizes[$0] - covered[$0]] }
        ofSelf = both[0].constantPadNd(margins, value: 1)
        ofSource = both[1]
    }

    /// The products, for each element, of all other elements of the same group along `dim`.
    private static func others(_ values: Tensor, _ groups: Tensor, _ dim: Int) -> Tensor {
        let (sorted, order) = noGrad { groups.sort(dim: dim) }
        let factors = values.gather(dim: dim, index: order)
        let before = earlier(factors, sorted, dim)
        let after = earlier(factors.flip(dim), sorted.flip(dim), dim).flip(dim)
        return Tensor.zerosLike(values).scatter(dim: dim, index: order, src: before * after)
    }

    /// The products, for each element, of those before it in its group, the groups being runs: by
    /// doubling, in log₂ n steps over all elements, so that `vmap` needs to know no group.
    private static func earlier(_ factors: Tensor, _ groups: Tensor, _ dim: Int) -> Tensor {
        var products = shifted(factors, 1, groups, dim)
        var step = 1
        while step < factors.sizes[dim] {
            products = products * shifted(products, step, groups, dim)
            step = step > .max / 2 ? .max : step * 2
        }
        return products
    }

    /// What stands `step` positions before, and 1 where that is another group.
    private static func shifted(_ x: Tensor, _ step: Int, _ groups: Tensor, _ dim: Int) -> Tensor {
        let length = x.sizes[dim] - step
        let back = [Int](repeating: 0, count: 2 * (x.ndim - 1 - dim)) + [step, -step]
        let isSame =
            groups.narrow(dim: dim, start: step, length: length)
            .== groups.narrow(dim: dim, start: 0, length: length)
        let mask = isSame.constantPadNd(Array(back.dropLast()) + [0], value: false)
        return Tensor.where(mask, x.constantPadNd(back, value: 1), 1)
    }
}
