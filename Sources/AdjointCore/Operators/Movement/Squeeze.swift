/// Dimensions of size 1 put in or taken away, as a view.
public struct Squeeze: ViewOperator, Hashable {
    public static let info = OpInfo(
        "squeeze", family: .movement, formula: "x without dimensions of size 1",
        derivative: "the gradient in the old shape")
    /// Nil for every dimension of size 1.
    let dims: [Int]?

    init(_ dims: [Int]?) { self.dims = dims }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        var chosen = [Bool](repeating: dims == nil, count: input.rank)
        for dim in dims ?? [] {
            let i = try Dim.resolve(dim, input.rank)
            if i < input.rank { chosen[i] = true }
        }
        let left = (0..<input.rank).filter { !(chosen[$0] && input.sizes[$0] == 1) }
        return Layout(
            sizes: Dims(left.map { input.sizes[$0] }),
            strides: Dims(left.map { input.strides[$0] }),
            offset: input.offset)
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        cotangent.reshape(saved.sizes(0).array)
    }

    public static var samples: [Sample] {
        [
            Sample(Squeeze(nil), .init([2, 1, 3, 1])), Sample(Squeeze([1]), .init([2, 1])),
            Sample(Squeeze([0]), .init([2, 1])), Sample(Squeeze(nil), .init([])),
        ]
    }
}

/// A dimension of size 1 put in before position `dim`, as a view.
public struct Unsqueeze: ViewOperator {
    public static let info = OpInfo(
        "unsqueeze", family: .movement, formula: "x with a dimension of size 1",
        derivative: "the gradient in the old shape")
    let dim: Int

    init(_ dim: Int) { self.dim = dim }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let i = try Dim.resolve(dim, input.rank + 1)
        var (sizes, strides) = (input.sizes, input.strides)
        strides.insert(i < input.rank ? input.sizes[i] &* input.strides[i] : 1, at: i)
        sizes.insert(1, at: i)
        return Layout(sizes: sizes, strides: strides, offset: input.offset)
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        cotangent.reshape(saved.sizes(0).array)
    }

    public static var samples: [Sample] {
        [
            Sample(Unsqueeze(0), .init([2, 3])), Sample(Unsqueeze(-1), .init([2, 3])),
            Sample(Unsqueeze(0), .init([])),
        ]
    }
}

extension Tensor {
    /// Without its dimensions of size 1, or without the named ones that have size 1; a view.
    public func squeeze() -> Tensor { apply(Squeeze(nil), self) }
    /// This tensor without dimension `dim`, if its size is 1; the same tensor's view otherwise.
    public func squeeze(_ dim: Int) -> Tensor { apply(Squeeze([dim]), self) }
    /// This tensor without those of `dims` whose size is 1.
    public func squeeze(_ dims: [Int]) -> Tensor { apply(Squeeze(dims), self) }
    /// With a dimension of size 1 at position `dim`; a view.
    public func unsqueeze(_ dim: Int) -> Tensor { apply(Unsqueeze(dim), self) }
}
