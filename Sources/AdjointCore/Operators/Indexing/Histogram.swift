extension Tensor {
    /// How often each number occurs among these, which are whole and not negative: an element for
    /// each of 0 through the largest, and at least `minLength`. With `weights`, their sums instead.
    /// Same as `torch.bincount`.
    ///
    /// - Errors: `.dtype` for floats and booleans, `.shape` for another than one dimension or for
    ///   weights that do not fit, `.argument` for negative numbers, `.device` without data.
    public func bincount(weights: Tensor? = nil, minLength: Int = 0) -> Tensor {
        do throws(TensorError) {
            if !dtype.isInteger {
                throw TensorError(.dtype, "counts whole numbers, and these are \(dtype)")
            }
            if ndim != 1 || weights.map({ $0.sizes != sizes }) == true {
                throw TensorError(
                    .shape,
                    "one dimension is needed, and a weight for each element: the shape is \(shape)"
                        + (weights.map { ", that of the weights \($0.shape)" } ?? ""))
            }
            if minLength < 0 {
                throw TensorError(.argument, "minLength is \(minLength), and must not be negative")
            }
            try checkReadable("bincount")
            let index = detach().to(.int64)
            let least = numel == 0 ? 0 : index.min().item(as: Int.self)
            if least < 0 {
                throw TensorError(.argument, "\(least) is negative: only 0, 1, 2, ... are counted")
            }
            let most = numel == 0 ? -1 : index.max().item(as: Int.self)
            let length = Swift.max(minLength, most == .max ? most : most + 1)
            let type: DType = weights.map { $0.dtype == .float32 ? .float32 : .float64 } ?? .int64
            if length.multipliedReportingOverflow(by: type.itemSize).overflow {
                throw TensorError(.argument, "the largest number, \(most), needs too many counts")
            }
            let ones = weights?.detach().to(type) ?? Tensor.onesLike(index)
            return Tensor.zeros([length], dtype: type, device: device)
                .scatterAdd(dim: 0, index: index, src: ones)
        } catch {
            return refusal("bincount", error)
        }
    }

    /// How many elements lie in each of `bins` equal intervals between `min` and `max`, or between
    /// the smallest and the largest where those are equal. What lies outside, and NaN, is not
    /// counted. Same as `torch.histc`.
    ///
    /// - Errors: `.argument` for no bins, or a range that is infinite or empty; `.dtype` for whole
    ///   numbers; `.device` without data.
    public func histc(bins: Int = 100, min: Double = 0, max: Double = 0) -> Tensor {
        do throws(TensorError) {
            try checkHistogram("histc")
            let wide = detach().to(dtype.computeType).reshape(-1)
            var (low, high) = try range(wide, min == max ? nil : (min, max), bins)
            if low == high { (low, high) = (low - 1, high + 1) }
            let inside = wide.maskedSelect((wide .>= low).logicalAnd(wide .<= high))
            // The upper end belongs to the last interval.
            let places = ((inside - low) * Double(bins) / (high - low)).to(.int64)
            return places.clamp(max: bins - 1).bincount(minLength: bins).to(dtype)
        } catch {
            return refusal("histc", error)
        }
    }

    /// The sums of `weight` (or counts) of the elements in each of `bins` equal intervals, and
    /// their edges. The range is that of the elements unless given; `density` divides by total and
    /// width. Same as `torch.histogram`.
    ///
    /// - Errors: `.argument` for no bins, or a range that is infinite or empty; `.dtype` unless the
    ///   elements, and the weights with them, are float32 or float64; `.shape` for weights that do
    ///   not fit; `.device` without data.
    public func histogram(
        bins: Int, range given: (min: Double, max: Double)? = nil, weight: Tensor? = nil,
        density: Bool = false
    ) -> (hist: Tensor, binEdges: Tensor) {
        do throws(TensorError) {
            try checkHistogram("histogram")
            var (low, high) = try range(detach().reshape(-1), given.map { ($0.min, $0.max) }, bins)
            if low == high { (low, high) = (low - 0.5, high + 0.5) }
            let edges = Tensor.linspace(low, high, bins + 1, dtype: .float64).to(dtype)
            return histogram(edges: edges, weight: weight, density: density)
        } catch {
            return (refusal("histogram", error), Tensor.poisoned([], dtype))
        }
    }

    /// The same between the sorted `edges`. Each belongs to the interval after it, the last one to
    /// the one before.
    public func histogram(edges: Tensor, weight: Tensor? = nil, density: Bool = false)
        -> (hist: Tensor, binEdges: Tensor)
    {
        do throws(TensorError) {
            try checkHistogram("histogram")
            if edges.ndim != 1 || edges.numel < 2 || weight.map({ $0.sizes != sizes }) == true {
                throw TensorError(
                    .shape,
                    "two edges or more in one dimension are needed, and a weight for each element:"
                        + " the edges have shape \(edges.shape), the elements \(shape)")
            }
            if edges.dtype != dtype || weight.map({ $0.dtype != dtype }) == true {
                throw TensorError(.dtype, "edges and weights have the elements' dtype, \(dtype)")
            }
            let (x, line, bins) = (detach().reshape(-1), edges.detach(), edges.numel - 1)
            let weights = weight?.detach().reshape(-1) ?? Tensor.onesLike(x)
            let inside = (x .>= line[0]).logicalAnd(x .<= line[-1])
            let places = line.searchsorted(x.maskedSelect(inside), right: true) - 1
            let sums = Tensor.zeros([bins], dtype: dtype, device: device).scatterAdd(
                dim: 0, index: places.clamp(max: bins - 1), src: weights.maskedSelect(inside))
            return (density ? sums / sums.sum() / line.diff() : sums, line)
        } catch {
            return (refusal("histogram", error), Tensor.poisoned([], dtype))
        }
    }

    private func checkReadable(_ name: String) throws(TensorError) {
        if isBatched { throw .dependsOnData(name) }
        if storage.memory == nil {
            throw TensorError(
                .device, "counting reads the data, and a tensor on \(device) has none")
        }
    }

    private func checkHistogram(_ name: String) throws(TensorError) {
        try checkReadable(name)
        let isTaken =
            name == "histc" ? dtype.isFloatingPoint : dtype == .float32 || dtype == .float64
        if !isTaken { throw TensorError(.dtype, "not implemented for \(dtype) tensors") }
    }

    /// The ends of a histogram: those given, or the smallest and the largest of the elements.
    private func range(_ x: Tensor, _ given: (Double, Double)?, _ bins: Int) throws(TensorError)
        -> (Double, Double)
    {
        if bins <= 0 || bins > 1 << 40 {
            throw TensorError(.argument, "the number of bins is positive, and this is \(bins)")
        }
        // Without elements there is the unit interval.
        var (low, high) = given ?? (0, 1)
        if given == nil && numel > 0 {
            (low, high) = (x.min().item(as: Double.self), x.max().item(as: Double.self))
        }
        if !(high - low).isFinite || low > high {
            throw TensorError(.argument, "the range from \(low) to \(high) is empty or not finite")
        }
        return (low, high)
    }
}
