/// The dimensions in another order, as a view.
public struct Permute: ViewOperator, Hashable {
    public static let info = OpInfo(
        "permute", family: .movement, formula: "x with dimensions reordered",
        derivative: "the gradient reordered back")
    let order: [Int]

    init(_ order: [Int]) { self.order = order }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        var resolved: [Int] = []
        for dim in order { resolved.append(try Dim.resolve(dim, input.rank)) }
        if resolved.sorted() != Array(0..<input.rank) {
            throw TensorError(
                .index,
                "the order \(order) does not name each of the \(input.rank) dimensions once")
        }
        return Layout(
            sizes: Dims(resolved.map { input.sizes[$0] }),
            strides: Dims(resolved.map { input.strides[$0] }), offset: input.offset)
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        var inverse = [Int](repeating: 0, count: order.count)
        for (i, dim) in order.enumerated() { inverse[dim < 0 ? dim + order.count : dim] = i }
        return cotangent.permute(inverse)
    }

    public static var samples: [Sample] {
        [
            Sample(Permute([1, 0]), .init([2, 3])), Sample(Permute([2, 0, -2]), .init([2, 3, 4])),
            Sample(Permute([]), .init([])), Sample(Permute([1, 0]), .init([0, 3])),
        ]
    }
}

extension Tensor {
    /// The dimensions in the given order.
    ///
    /// - Errors: `.index` unless each dimension is named once.
    public func permute(_ dims: [Int]) -> Tensor { apply(Permute(dims), self) }
    /// The dimensions in the order `permute(2, 0, 1)`, without a copy. Same as `torch.permute`.
    public func permute(_ dims: Int...) -> Tensor { permute(dims) }

    /// Two dimensions exchanged.
    public func transpose(_ first: Int, _ second: Int) -> Tensor {
        guard let i = try? Dim.resolve(first, ndim), let j = try? Dim.resolve(second, ndim) else {
            return apply(Permute([first, second]), self)
        }
        var order = Array(0..<ndim)
        if ndim > 0 { order.swapAt(i, j) }
        return permute(order)
    }

    /// The matrix transpose of a tensor of at most two dimensions.
    public func t() -> Tensor {
        if ndim > 2 {
            return Failure.poison(
                TensorError(
                    .shape,
                    "t() takes tensors of at most 2 dimensions, and this one has shape "
                        + "\(shape); mT transposes the last two", operation: "t"), like: sizes,
                dtype)
        }
        return ndim < 2 ? permute(Array(0..<ndim)) : permute([1, 0])
    }

    /// The dimensions in reverse order; a view. Same as `torch.Tensor.T`.
    public var T: Tensor { permute(Array((0..<ndim).reversed())) }

    /// The last two dimensions exchanged.
    public var mT: Tensor { ndim < 2 ? apply(Permute([-1, -2]), self) : transpose(-1, -2) }
}
