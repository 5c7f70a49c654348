// Several statistics at once, and other names for them.

extension Tensor {
    /// The standard deviation over some dimensions (or all), and the mean. Same as
    /// `torch.std_mean`.
    public func stdMean(dim: [Int] = [], correction: Double = 1, keepDim: Bool = false)
        -> (std: Tensor, mean: Tensor)
    {
        (
            std(dim: dim, correction: correction, keepDim: keepDim),
            mean(dim: dim, keepDim: keepDim)
        )
    }

    /// The variance over some dimensions (or all), and the mean. Same as `torch.var_mean`.
    public func varMean(dim: [Int] = [], correction: Double = 1, keepDim: Bool = false)
        -> (variance: Tensor, mean: Tensor)
    {
        (
            self.var(dim: dim, correction: correction, keepDim: keepDim),
            mean(dim: dim, keepDim: keepDim)
        )
    }

    /// The smallest and the largest elements, of all or along one dimension. Their gradients are
    /// split evenly among ties. Same as `torch.aminmax`.
    ///
    /// - Errors: `.shape` where there are none, `.index` for a dimension that is not there.
    public func aminmax(dim: Int? = nil, keepDim: Bool = false) -> (min: Tensor, max: Tensor) {
        let dims = dim.map { [$0] } ?? []
        return (amin(dim: dims, keepDim: keepDim), amax(dim: dims, keepDim: keepDim))
    }

    /// The sum over the dimensions that broadcasting `shape` to this tensor's shape would add or
    /// stretch. Same as `torch.Tensor.sum_to_size`.
    ///
    /// - Errors: `.shape` where `shape` does not broadcast to this tensor's.
    public func sumToSize(_ shape: [Int]) -> Tensor {
        if let common = Layout.broadcastSizes(sizes, Dims(shape)), common == sizes {
            return shape.isEmpty ? sum() : sum(to: Dims(shape))
        }
        return Failure.poison(
            TensorError(
                .shape, "shape \(shape) does not broadcast to shape \(self.shape)",
                operation: "sumToSize"), like: sizes, dtype)
    }
    /// The sums of what broadcasting stretched, as `sumToSize(1, 3)`.
    public func sumToSize(_ shape: Int...) -> Tensor { sumToSize(shape) }

    /// The elements in order along the first dimension. Same as `torch.msort`.
    public func msort() -> Tensor { sort(dim: 0).values }
}
