extension Tensor {
    /// Dimensions `startDim` through `endDim` made one; a view where the memory allows it.
    ///
    /// - Errors: `.index` for dimensions that are not there or out of order.
    public func flatten(startDim: Int = 0, endDim: Int = -1) -> Tensor {
        do throws(TensorError) {
            let (i, j) = (try Dim.resolve(startDim, ndim), try Dim.resolve(endDim, ndim))
            if ndim == 0 { return reshape(1) }
            if i > j {
                throw TensorError(.index, "dimension \(startDim) comes after \(endDim)")
            }
            if i == j { return self }
            let run = Dims(sizes[i...j]).product
            return reshape(Array(sizes[..<i]) + [run] + Array(sizes[(j + 1)...]))
        } catch {
            return refusal("flatten", error)
        }
    }

    /// Dimension `dim` taken apart into the sizes given, of which one may be -1; a view.
    ///
    /// - Errors: `.shape` where the sizes do not multiply to the dimension's.
    public func unflatten(dim: Int, sizes parts: [Int]) -> Tensor {
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            if ndim == 0 {
                throw TensorError(.shape, "a 0-dimensional tensor has no dimension to take apart")
            }
            let inferred = try View.inferred(parts, Layout(contiguous: [sizes[i]]))
            return view(Array(sizes[..<i]) + inferred.array + Array(sizes[(i + 1)...]))
        } catch {
            return refusal("unflatten", error)
        }
    }

    /// Some dimensions moved to other places, the others kept in order; a view.
    ///
    /// - Errors: `.index` for dimensions that are not there or are named twice.
    public func movedim(_ source: [Int], _ destination: [Int]) -> Tensor {
        do throws(TensorError) {
            if source.count != destination.count {
                throw TensorError(
                    .argument, "one place for each dimension is needed: \(source), \(destination)")
            }
            if ndim == 0 {
                for dim in source + destination { _ = try Dim.resolve(dim, 0) }
                return permute([])
            }
            let from = try distinct(source)
            let to = try distinct(destination)
            var rest = (0..<ndim).filter { !from.contains($0) }[...]
            let order = (0..<ndim).map { place in
                to.firstIndex(of: place).map { from[$0] } ?? rest.removeFirst()
            }
            return permute(order)
        } catch {
            return refusal("movedim", error)
        }
    }
    /// This tensor with dimension `source` moved to the place `destination`. Same as
    /// `torch.movedim`.
    public func movedim(_ source: Int, _ destination: Int) -> Tensor {
        movedim([source], [destination])
    }

    private func distinct(_ dims: [Int]) throws(TensorError) -> [Int] {
        var resolved: [Int] = []
        for dim in dims {
            let i = try Dim.resolve(dim, ndim)
            if resolved.contains(i) {
                throw TensorError(.index, "dimension \(i) appears twice in \(dims)")
            }
            resolved.append(i)
        }
        return resolved
    }

    /// Two dimensions exchanged; a view. Same as `transpose`.
    public func swapaxes(_ first: Int, _ second: Int) -> Tensor { transpose(first, second) }

    /// Each position of `dim` repeated `count` times in place; without `dim`, of the flat tensor.
    ///
    /// - Errors: `.argument` for a negative count.
    public func repeatInterleave(_ count: Int, dim: Int? = nil) -> Tensor {
        guard let dim else { return reshape(-1).repeatInterleave(count, dim: 0) }
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            if count < 0 { throw TensorError(.argument, "\(count) repeats are negative") }
            if ndim == 0 { return expand([count]).clone() }
            let (total, overflow) = sizes[i].multipliedReportingOverflow(by: count)
            if overflow { throw TensorError(.argument, "\(count) repeats are too many") }
            var (spread, joined) = (shape, shape)
            spread.insert(count, at: i + 1)
            joined[i] = total
            return unsqueeze(i + 1).expand(spread).reshape(joined)
        } catch {
            return refusal("repeatInterleave", error)
        }
    }

    /// Position j of `dim` repeated `counts[j]` times.
    ///
    /// - Errors: `.shape` unless there is one count, or one for each position; `.argument` for
    ///   negative ones.
    public func repeatInterleave(_ counts: Tensor, dim: Int? = nil) -> Tensor {
        guard let dim else { return reshape(-1).repeatInterleave(counts, dim: 0) }
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            let length = ndim == 0 ? 1 : sizes[i]
            if counts.ndim > 1 || (counts.numel != 1 && counts.numel != length) {
                throw TensorError(
                    .shape, "counts of shape \(counts.shape) do not fit a dimension of \(length)")
            }
            let numbers = counts.array(as: Int.self)
            if numbers.count != counts.numel { return Tensor.poisoned(sizes, dtype) }
            if numbers.contains(where: { $0 < 0 }) {
                throw TensorError(.argument, "counts must not be negative: \(numbers)")
            }
            let total = numbers.reduce((0, false)) { sum, count in
                let (next, overflow) = sum.0.addingReportingOverflow(count)
                return (next, sum.1 || overflow)
            }
            let all = total.0.multipliedReportingOverflow(by: numbers.count == 1 ? length : 1)
            if total.1 || all.overflow || !TensorMemory.hasRoom(for: all.partialValue, of: Int.self)
            {
                throw TensorError(.argument, "the counts make more elements than memory holds")
            }
            let positions = (0..<(all.partialValue == 0 ? 0 : length)).flatMap {
                [Int](repeating: $0, count: numbers[numbers.count == 1 ? 0 : $0])
            }
            let source = ndim == 0 ? unsqueeze(0) : self
            return source.indexSelect(dim: i, index: Tensor(positions, device: device))
        } catch {
            return refusal("repeatInterleave", error)
        }
    }

    func refusal(_ operation: String, _ error: TensorError) -> Tensor {
        Failure.poison(
            TensorError(error.kind, error.message, operation: operation), like: sizes, dtype)
    }
}
