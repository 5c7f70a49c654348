/// Where each value would have to be put in into sorted numbers to keep them sorted: before equal
/// ones, or after them.
public struct SearchSorted: ConstantOp {
    public static let info = OpInfo(
        "searchsorted", family: .indexing, formula: "the number of s < x (or s ≤ x)",
        dtypes: .numeric)
    /// True to count equal numbers too.
    let right: Bool
    let dtype: DType

    init(right: Bool = false, dtype: DType = .int64) {
        self.right = right
        self.dtype = dtype
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (line, values) = (inputs.first, inputs.second!)
        try check(line.dtype)
        try check(values.dtype)
        if line.ndim == 0 {
            throw TensorError(.shape, "the sorted numbers have at least one dimension")
        }
        if line.ndim > 1,
            line.ndim != values.ndim
                || line.sizes[..<(line.ndim - 1)].elementsEqual(
                    values.sizes[..<(line.ndim - 1)]) == false
        {
            throw TensorError(
                .shape,
                "sorted rows of shape \(line.shape) and values of shape \(values.shape) must "
                    + "agree in all dimensions but the last")
        }
        return TensorSpec(values.sizes, dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.searchSorted(inputs.first, inputs.second!, right: right, into: output)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        // One sorted line for all samples: the samples are more values.
        guard inputs.rank(0) == 1, !inputs.isBatched(0) else { return nil }
        return apply(self, Operands(inputs[0], inputs[1]))
    }

    public static var samples: [Sample] {
        let line = Sample.Input([5], .these([-1.5, -0.2, 0.3, 0.3, 1.1]))
        return [
            Sample(SearchSorted(), line, .init([2, 3])),
            Sample(SearchSorted(right: true), line, .init([])),
            Sample(SearchSorted(), .init([2, 2], .these([-1, 1, 0, 2])), .init([2, 3])),
            Sample(SearchSorted(dtype: .int32), line, .init([0])),
        ]
    }
}

extension Tensor {
    /// Where each of `values` would have to be put into this tensor, whose last dimension is
    /// sorted: before equal elements, or after them for `right`. A one-dimensional tensor takes
    /// values of any shape. Same as `torch.searchsorted`.
    ///
    /// - Parameters:
    ///   - values: What is looked for.
    ///   - right: Whether the place behind equal elements is meant.
    ///   - outInt32: Whether positions are int32 in place of int64.
    ///   - sorter: positions that sort this tensor, where it is not sorted itself.
    /// - Errors: `.shape` where the other dimensions differ, `.dtype` for booleans.
    public func searchsorted(
        _ values: Tensor, right: Bool = false, outInt32: Bool = false, sorter: Tensor? = nil
    ) -> Tensor {
        let line = sorter.map { detach().gather(dim: -1, index: $0) } ?? self
        return apply(
            SearchSorted(right: right, dtype: outInt32 ? .int32 : .int64), Operands(line, values))
    }
    /// Where one number would have to be put into this tensor, which is sorted and one-dimensional.
    public func searchsorted(
        _ value: some TensorScalar, right: Bool = false, outInt32: Bool = false
    ) -> Tensor {
        searchsorted(Tensor.number(value), right: right, outInt32: outInt32)
    }

    /// The number of the interval between `boundaries`, which are sorted, that each element lies
    /// in; a boundary belongs to the interval before it, or after it for `right`. Same as
    /// `torch.bucketize`.
    ///
    /// - Errors: `.shape` unless the boundaries have one dimension.
    public func bucketize(_ boundaries: Tensor, right: Bool = false, outInt32: Bool = false)
        -> Tensor
    {
        if boundaries.ndim != 1 {
            return refusal(
                "bucketize",
                TensorError(
                    .shape,
                    "boundaries have one dimension, and these the shape "
                        + "\(boundaries.shape)"))
        }
        return boundaries.searchsorted(self, right: right, outInt32: outInt32)
    }
}
