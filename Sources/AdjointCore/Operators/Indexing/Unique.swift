/// The different elements of a tensor, and where they are.
public struct UniqueElements: Sendable {
    /// Each different element (or slice along a dimension) once.
    public let values: Tensor
    /// For each element the place of its value among `values`; nil unless asked for.
    public let inverse: Tensor?
    /// How often each value occurs; nil unless asked for.
    public let counts: Tensor?
}

extension Tensor {
    /// The different elements in order, or the different slices along `dim`. NaN equals nothing.
    /// They carry no gradient. Same as `torch.unique`.
    ///
    /// - Parameters:
    ///   - sorted: taken for PyTorch's sake; the result is sorted without it too.
    ///   - returnInverse: Whether the position of each element among the different ones is given.
    ///   - returnCounts: Whether it is given how often each occurs.
    ///   - dim: Along which dimension slices are compared; nil for the elements.
    /// - Errors: `.index` for a dimension that is not there, `.device` without data.
    public func unique(
        sorted: Bool = true, returnInverse: Bool = false, returnCounts: Bool = false,
        dim: Int? = nil
    ) -> UniqueElements {
        distinct("unique", dim, returnInverse, returnCounts) { rows in
            rows.ndim == 1 ? rows.sort().indices : rows.order()
        }
    }

    /// The elements without those that equal the one before; or the slices along `dim`. They carry
    /// no gradient. Same as `torch.unique_consecutive`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.device` without data.
    public func uniqueConsecutive(
        returnInverse: Bool = false, returnCounts: Bool = false, dim: Int? = nil
    ) -> UniqueElements {
        distinct("uniqueConsecutive", dim, returnInverse, returnCounts) { _ in nil }
    }

    /// The first of each run of equal elements, or rows, once these are put in order.
    private func distinct(
        _ name: String, _ dim: Int?, _ inverse: Bool, _ counts: Bool,
        order: (_ rows: Tensor) -> Tensor?
    ) -> UniqueElements {
        do throws(TensorError) {
            if isBatched { throw .dependsOnData(name) }
            if storage.memory == nil {
                throw TensorError(
                    .device,
                    "how many elements differ depends on the data, and a tensor on \(device) has "
                        + "none")
            }
            let i = try dim.map { d throws(TensorError) in try Dim.resolve(d, ndim) }
            let whole = detach()
            let first = i == nil || ndim == 0 ? whole.reshape(-1) : whole.movedim(i!, 0)
            if let error = TensorMemory.lackOfScratch(first.sizes, dtype) { throw error }
            let n = first.sizes[0]
            let rows = first.ndim == 1 ? first : first.reshape([n, first.numel / Swift.max(n, 1)])
            let places = order(rows)
            let line = places.map { rows.indexSelect(dim: 0, index: $0) } ?? rows
            // Where a run begins.
            var begins = Tensor.ones([n], dtype: .bool, device: device)
            if n > 1 {
                let differs =
                    line.narrow(dim: 0, start: 1, length: n - 1)
                    .!= line.narrow(dim: 0, start: 0, length: n - 1)
                let news = differs.ndim == 1 ? differs : differs.any(dim: 1)
                begins = Tensor.cat([begins.narrow(dim: 0, start: 0, length: 1), news], dim: 0)
            }
            let starts = begins.nonzero().reshape(-1)
            let at = places.map { $0.indexSelect(dim: 0, index: starts) } ?? starts
            let values = first.indexSelect(dim: 0, index: at)
            let runs = begins.to(.int64).cumsum(dim: 0) - 1
            let back = places.map { Tensor.zerosLike(runs).scatter(dim: 0, index: $0, src: runs) }
            let ends = Tensor([n], dtype: .int64, device: device)
            return UniqueElements(
                values: i == nil || ndim < 2 ? values : values.movedim(0, i!),
                inverse: inverse ? (back ?? runs).reshape(i == nil ? shape : [n]) : nil,
                counts: counts ? starts.diff(append: ends) : nil)
        } catch {
            let nothing = refusal(name, error)
            return UniqueElements(
                values: nothing, inverse: inverse ? nothing : nil, counts: counts ? nothing : nil)
        }
    }

    /// The positions that put the rows of a matrix in the order of a dictionary: a stable sort by
    /// each column, from the last one.
    private func order() -> Tensor {
        var order = Tensor.arange(0, sizes[0], dtype: .int64)
        for column in stride(from: sizes[1] - 1, through: 0, by: -1) {
            let keys = select(dim: 1, index: column).indexSelect(dim: 0, index: order)
            order = order.indexSelect(dim: 0, index: keys.sort().indices)
        }
        return order
    }
}
