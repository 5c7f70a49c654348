extension Tensor {
    /// This tensor with `value` at the positions `index` of dimension `dim`. Same as
    /// `torch.index_fill`.
    ///
    /// - Errors: `.index` for a position outside the dimension.
    public func indexFill(dim: Int, index: Tensor, value: some TensorScalar) -> Tensor {
        indexFill(dim: dim, index: index, value: Tensor.number(value).to(dtype))
    }
    /// The same with a 0-dimensional tensor, which gets a gradient.
    ///
    /// - Errors: `.shape` for a value that has dimensions.
    public func indexFill(dim: Int, index: Tensor, value: Tensor) -> Tensor {
        if value.ndim > 0 { return refusedFill(value, "indexFill") }
        return indexCopy(dim: dim, index: index, src: value)
    }
    /// Fills positions in place.
    @discardableResult
    public func indexFill_(dim: Int, index: Tensor, value: some TensorScalar) -> Tensor {
        indexCopy_(dim: dim, index: index, src: Tensor.number(value).to(dtype))
    }
    /// Fills positions in place with a 0-dimensional tensor, which gets a gradient.
    ///
    /// - Errors: `.shape` for a value that has dimensions.
    @discardableResult
    public func indexFill_(dim: Int, index: Tensor, value: Tensor) -> Tensor {
        if value.ndim > 0 {
            _ = refusedFill(value, "indexFill_")
            return self
        }
        return indexCopy_(dim: dim, index: index, src: value)
    }

    private func refusedFill(_ value: Tensor, _ operation: String) -> Tensor {
        Failure.poison(
            TensorError(
                .shape, "the value is one number, and this one has shape \(value.shape)",
                operation: operation), like: sizes, dtype)
    }

    /// This tensor, broadcast with `mask`, with the elements of `source` in order where the mask
    /// is true. Same as `torch.masked_scatter`.
    ///
    /// - Errors: `.shape` where `source` has fewer elements than the mask has places, or the
    ///   shapes do not broadcast; `.dtype` for a mask that is not boolean.
    public func maskedScatter(_ mask: Tensor, _ source: Tensor) -> Tensor {
        do throws(TensorError) {
            if mask.dtype != .bool {
                throw TensorError(
                    .dtype, "the mask is a boolean tensor, and this one is \(mask.dtype)")
            }
            let common = try broadcastSizes(self, mask)
            let places = mask.expand(common.array).reshape(-1).nonzero()
            if places.isPoisoned { return Tensor.poisoned(common, dtype) }
            let count = places.sizes[0]
            if count > source.numel {
                throw TensorError(
                    .shape,
                    "the mask has \(count) places, and there are \(source.numel) elements for them")
            }
            let elements = source.reshape(-1).narrow(dim: 0, start: 0, length: count)
            let flat = expand(common.array).reshape(-1)
            return flat.indexCopy(dim: 0, index: places.squeeze(1), src: elements)
                .reshape(common.array)
        } catch {
            return Failure.poison(
                TensorError(error.kind, error.message, operation: "maskedScatter"), like: sizes,
                dtype)
        }
    }

    /// Writes the elements of `source` in order where the mask is true.
    ///
    /// - Errors: as `maskedScatter`; `.inPlace` where this tensor would have to grow.
    @discardableResult
    public func maskedScatter_(_ mask: Tensor, _ source: Tensor) -> Tensor {
        let changed = maskedScatter(mask, source)
        if changed.sizes != sizes, !changed.isPoisoned {
            Failure.raise(
                TensorError(
                    .shape,
                    "output with shape \(shape) doesn't match the broadcast shape "
                        + "\(changed.shape)", operation: "maskedScatter_"))
            return self
        }
        return copy_(changed)
    }

    /// For each whole number k of this tensor a row of zeros with a one at position k, int64, as a
    /// new last dimension of `classes` positions (one more than the largest number if nil). Same
    /// as `torch.nn.functional.one_hot`.
    ///
    /// - Errors: `.index` for a number outside 0 ..< classes, `.dtype` for other than integers.
    public func oneHot(_ classes: Int? = nil) -> Tensor {
        if isPoisoned || Mode.current.isFailing { return Tensor.poisoned(sizes, .int64) }
        if classes == nil, numel == 0 || device != .cpu {
            return Failure.poison(
                TensorError(
                    .argument, "without data the number of classes must be given",
                    operation: "oneHot"), like: sizes, .int64)
        }
        let most = classes == nil ? max().item(as: Int.self) : 0
        let count = classes ?? (most == .max ? most : most + 1)
        let rows = Tensor.zeros(shape + [count], dtype: .int64, device: device)
        return rows.scatter(dim: -1, index: unsqueeze(-1), value: 1)
    }
}
