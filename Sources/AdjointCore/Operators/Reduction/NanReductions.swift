// Reductions that pass over what is not a number.

extension Tensor {
    /// The sum of the elements that are not NaN. Same as `torch.nansum`.
    public func nansum(dtype: DType? = nil) -> Tensor { withoutNaN(dtype).sum(dtype: dtype) }
    /// The sum along one dimension, or several, without what is NaN.
    public func nansum(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        withoutNaN(dtype).sum(dim: dim, keepDim: keepDim, dtype: dtype)
    }
    /// The sum along several dimensions, without what is NaN.
    public func nansum(dim: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        withoutNaN(dtype).sum(dim: dim, keepDim: keepDim, dtype: dtype)
    }

    /// The mean of the elements that are not NaN; NaN of none. Same as `torch.nanmean`.
    ///
    /// - Errors: `.dtype` for integers and booleans, unless `dtype` is given.
    public func nanmean(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        nanmean(dim: [dim], keepDim: keepDim, dtype: dtype)
    }
    /// The mean along several dimensions, or of all elements, without what is NaN; NaN of none.
    public func nanmean(dim: [Int] = [], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        let x = dtype.map { to($0) } ?? self
        if !x.dtype.isFloatingPoint { return x.mean(dim: dim, keepDim: keepDim) }
        // The sum of many half-width numbers may overflow where their mean does not.
        let wide = x.to(x.dtype.computeType)
        let count = x.isnan().logicalNot().sum(dim: dim, keepDim: keepDim)
        return (wide.nansum(dim: dim, keepDim: keepDim) / count).to(x.dtype)
    }

    private func withoutNaN(_ dtype: DType?) -> Tensor {
        let x = dtype.map { to($0) } ?? self
        return x.dtype.isFloatingPoint ? Tensor.where(x.isnan(), 0, x) : x
    }
}
