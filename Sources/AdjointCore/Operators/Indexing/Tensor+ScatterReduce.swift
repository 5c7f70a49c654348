/// How `scatterReduce` and `indexReduce` make one of the elements that meet at a position.
public enum ScatterReduction: String, Sendable, CaseIterable {
    /// Their sum.
    case sum
    /// Their product.
    case prod
    /// Their mean; of integers rounded down.
    case mean
    /// The largest.
    case amax
    /// The smallest.
    case amin
}

extension Tensor {
    /// This tensor with the elements of `src` combined with its own at the positions `index` along
    /// `dim`; without `includeSelf` those of `src` alone count there. A mean of integers is rounded
    /// down. Same as `torch.scatter_reduce`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` where there are fewer
    ///   elements than positions; `.dtype` where the dtypes differ, or for a mean of booleans.
    public func scatterReduce(
        dim: Int, index: Tensor, src: Tensor, reduce: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        let src = src.leading(index)
        switch reduce {
        case .prod:
            return apply(
                ScatterProd(dim: dim, includesSelf: includeSelf), Operands(self, index, src))
        case .amax, .amin:
            return apply(
                ScatterExtreme(dim: dim, isLargest: reduce == .amax, includesSelf: includeSelf),
                Operands(self, index, src))
        case .sum:
            return cleared(dim, index, includeSelf).scatterAdd(dim: dim, index: index, src: src)
        case .mean:
            guard let wide = meanType(of: src) else { return refusedMean() }
            let total = to(wide).cleared(dim, index, includeSelf)
                .scatterAdd(dim: dim, index: index, src: src.to(wide))
            return total.divided(by: counts(dim, index, includeSelf, wide)).to(dtype)
        }
    }

    /// Combines elements in place.
    @discardableResult
    public func scatterReduce_(
        dim: Int, index: Tensor, src: Tensor, reduce: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        let src = src.leading(index)
        switch reduce {
        case .prod:
            return applyInPlace(
                ScatterProd(dim: dim, includesSelf: includeSelf), self, index, src)
        case .amax, .amin:
            return applyInPlace(
                ScatterExtreme(dim: dim, isLargest: reduce == .amax, includesSelf: includeSelf),
                self, index, src)
        case .sum, .mean:
            return copy_(
                scatterReduce(
                    dim: dim, index: index, src: src, reduce: reduce, includeSelf: includeSelf))
        }
    }

    /// This tensor with the slices of `src` combined with its own at the positions `index` of
    /// dimension `dim`. Same as `torch.index_reduce`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` unless `index` is a vector
    ///   with one position for each slice, and the slices fit; `.dtype` where the dtypes differ,
    ///   or for booleans.
    public func indexReduce(
        dim: Int, index: Tensor, src: Tensor, reduce: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        do throws(TensorError) {
            if ndim == 0 {
                _ = try Dim.resolve(dim, 0)
                return unsqueeze(0).indexReduce(
                    dim: 0, index: index, src: src.reshape(-1), reduce: reduce,
                    includeSelf: includeSelf
                ).reshape([])
            }
            return scatterReduce(
                dim: dim, index: try positions(index, dim, src), src: src, reduce: reduce,
                includeSelf: includeSelf)
        } catch {
            return Failure.poison(
                TensorError(error.kind, error.message, operation: "indexReduce"), like: sizes,
                dtype)
        }
    }

    /// Combines slices in place.
    @discardableResult
    public func indexReduce_(
        dim: Int, index: Tensor, src: Tensor, reduce: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        do throws(TensorError) {
            if ndim == 0 {
                _ = try Dim.resolve(dim, 0)
                unsqueeze(0).indexReduce_(
                    dim: 0, index: index, src: src.reshape(-1), reduce: reduce,
                    includeSelf: includeSelf)
                return self
            }
            return scatterReduce_(
                dim: dim, index: try positions(index, dim, src), src: src, reduce: reduce,
                includeSelf: includeSelf)
        } catch {
            Failure.raise(TensorError(error.kind, error.message, operation: "indexReduce_"))
            return self
        }
    }

    /// One position for each element of the slices.
    private func positions(_ index: Tensor, _ dim: Int, _ src: Tensor) throws(TensorError)
        -> Tensor
    {
        if dtype == .bool {
            throw TensorError(.dtype, "not implemented for bool tensors; convert them with to(_:)")
        }
        let i = try Dim.resolve(dim, ndim)
        var slices = sizes
        slices[i] = index.numel
        if index.ndim > 1 || src.sizes != slices {
            throw TensorError(
                .shape,
                "the index is a vector with one position for each slice: positions of shape "
                    + "\(index.shape) and slices of shape \(src.shape) do not fit dimension \(i) "
                    + "of shape \(shape)")
        }
        var column = [Int](repeating: 1, count: ndim)
        column[i] = index.numel
        return index.reshape(column).expand(slices.array)
    }

    /// With zeros at the positions, unless the elements there take part.
    private func cleared(_ dim: Int, _ index: Tensor, _ includesSelf: Bool) -> Tensor {
        includesSelf ? self : scatter(dim: dim, index: index, value: 0)
    }

    /// The dtype that a mean is computed in; nil where there is none.
    private func meanType(of src: Tensor) -> DType? {
        if dtype == .bool { return nil }
        return dtype == src.dtype && dtype.isFloatingPoint ? dtype.computeType : dtype
    }

    private func refusedMean() -> Tensor {
        Failure.poison(
            TensorError(
                .dtype, "a mean of booleans is not defined; convert them with to(_:)",
                operation: "scatterReduce"), like: sizes, dtype)
    }

    /// How many elements meet at each place, at least 1.
    private func counts(_ dim: Int, _ index: Tensor, _ includesSelf: Bool, _ dtype: DType)
        -> Tensor
    {
        let type = dtype.isInteger ? DType.int64 : dtype
        let own = Tensor.full(shape, includesSelf ? 1 : 0, dtype: type, device: device)
        let ones = Tensor.ones([], dtype: type, device: device).expand(index.shape)
        return own.scatterAdd(dim: dim, index: index, src: ones).clamp(min: 1)
    }

    private func divided(by counts: Tensor) -> Tensor {
        dtype.isInteger ? div(counts, rounding: .floor) : self / counts
    }
}
