/// What stands for a quantile that lies between two elements.
public enum QuantileInterpolation: String, Sendable, CaseIterable {
    /// The point on the straight line between the two.
    case linear
    /// The smaller one.
    case lower
    /// The larger one.
    case higher
    /// The mean of the two.
    case midpoint
    /// The one that lies closer by its place; of two as close, that of the even place.
    case nearest
}

extension Tensor {
    /// The `q`-quantiles of all elements, or along a dimension; NaN where there is a NaN. The
    /// dimensions of `q`, at most one, come first. The gradient goes to the elements on both sides,
    /// and to `q`. Same as `torch.quantile`.
    ///
    /// - Errors: `.dtype` unless this tensor is float32 or float64 and `q` is the same, `.argument`
    ///   for quantiles outside of 0...1, `.shape` for a `q` of several dimensions, or no elements.
    public func quantile(
        _ q: Tensor, dim: Int? = nil, keepDim: Bool = false,
        interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantile("quantile", q, dim, keepDim, interpolation, ignoresNaN: false)
    }
    /// One quantile of all elements, or along a dimension.
    ///
    /// - Errors: `.argument` for a number outside of 0...1.
    public func quantile(
        _ q: Double, dim: Int? = nil, keepDim: Bool = false,
        interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantile(
            Tensor(q, dtype: quantileType), dim: dim, keepDim: keepDim,
            interpolation: interpolation)
    }

    /// The same of the elements that are not NaN. Same as `torch.nanquantile`.
    public func nanquantile(
        _ q: Tensor, dim: Int? = nil, keepDim: Bool = false,
        interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantile("nanquantile", q, dim, keepDim, interpolation, ignoresNaN: true)
    }
    /// One quantile of the elements that are not NaN.
    public func nanquantile(
        _ q: Double, dim: Int? = nil, keepDim: Bool = false,
        interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        nanquantile(
            Tensor(q, dtype: quantileType), dim: dim, keepDim: keepDim,
            interpolation: interpolation)
    }

    /// The dtype of a `q` that is a number; another input than floats is refused later.
    private var quantileType: DType { dtype == .float64 ? .float64 : .float32 }

    private func quantile(
        _ name: String, _ q: Tensor, _ dim: Int?, _ keepDim: Bool,
        _ interpolation: QuantileInterpolation, ignoresNaN: Bool
    ) -> Tensor {
        do throws(TensorError) {
            let i = try dim.map { d throws(TensorError) in try Dim.resolve(d, ndim) }
            try checkQuantile(q, along: i)
            let flat = i == nil || ndim == 0
            let rows = flat ? reshape(-1) : movedim(i!, -1)
            let found = rows.sort(dim: -1).values.between(
                rows.ranks(q.reshape(-1), ignoresNaN: ignoresNaN), interpolation)
            var result = found.movedim(-1, 0)
            if flat {
                if keepDim { result = result.reshape([q.numel] + shape.map { _ in 1 }) }
            } else if keepDim {
                result = result.unsqueeze(i! + 1)
            }
            return q.ndim == 0 ? result.squeeze(0) : result
        } catch {
            return refusal(name, error)
        }
    }

    private func checkQuantile(_ q: Tensor, along dim: Int?) throws(TensorError) {
        if dtype != .float32 && dtype != .float64 {
            throw TensorError(
                .dtype, "not implemented for \(dtype) tensors: convert to float32 or float64")
        }
        if q.dtype != dtype {
            throw TensorError(.dtype, "q is \(q.dtype), and must be \(dtype) as the input is")
        }
        if q.ndim > 1 {
            throw TensorError(.shape, "q has at most one dimension, and this shape is \(q.shape)")
        }
        if numel == 0 || (ndim > 0 && dim.map { sizes[$0] } == 0) {
            throw TensorError(.shape, "there is no quantile of no elements (shape \(shape))")
        }
        let known = q.detach()
        let inside = (known .>= 0).logicalAnd(known .<= 1).all()
        if !inside.isBatched, inside.storage.memory != nil, !inside.item(as: Bool.self) {
            throw TensorError(.argument, "quantiles are from 0 to 1")
        }
    }

    /// Where the quantiles lie among the sorted elements of each row, which is the last dimension.
    /// A row with a NaN has it at the end.
    private func ranks(_ q: Tensor, ignoresNaN: Bool) -> Tensor {
        let missing = isnan()
        let last = Double(sizes[ndim - 1] - 1)
        if ignoresNaN {
            let count = missing.logicalNot().sum(dim: -1, keepDim: true)
            return (q * (count - 1).to(dtype)).clamp(min: 0)
        }
        return Tensor.where(missing.any(dim: -1, keepDim: true), last, q * last)
    }

    /// What lies at `ranks` of the sorted rows.
    private func between(_ ranks: Tensor, _ interpolation: QuantileInterpolation) -> Tensor {
        func at(_ places: Tensor) -> Tensor { gather(dim: -1, index: places.detach().to(.int64)) }
        switch interpolation {
        case .lower: return at(ranks.floor())
        case .higher: return at(ranks.ceil())
        case .nearest: return at(ranks.round())
        case .midpoint: return at(ranks.floor()).lerp(at(ranks.ceil()), 0.5)
        case .linear:
            return at(ranks.floor()).lerp(at(ranks.ceil()), ranks - ranks.detach().floor())
        }
    }
}
