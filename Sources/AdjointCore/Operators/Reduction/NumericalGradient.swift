extension Tensor {
    /// The derivative of the function whose values on a grid these are, along each dimension of
    /// `dim` (all by default): differences of both neighbours, at the edges one-sided ones of order
    /// `edgeOrder`, 1 or 2. One number of `spacing` serves all dimensions; otherwise there is one
    /// for each. Same as `torch.gradient`.
    ///
    /// - Errors: `.argument` for another order or count, `.shape` for a dimension of fewer than
    ///   `edgeOrder` + 1 points, `.index` for a dimension that is not there.
    public func gradient(spacing: [Double] = [1], dim: [Int]? = nil, edgeOrder: Int = 1)
        -> [Tensor]
    {
        slopes(spacing.count, dim, edgeOrder) { x, i, k in
            x.slope(i, spacing[spacing.count == 1 ? 0 : k], edgeOrder)
        }
    }
    /// The derivative of a function on a grid with the same distance along every dimension.
    public func gradient(spacing: Double, dim: [Int]? = nil, edgeOrder: Int = 1) -> [Tensor] {
        gradient(spacing: [spacing], dim: dim, edgeOrder: edgeOrder)
    }

    /// The same of a grid whose points lie at `coordinates`: a one-dimensional tensor for each
    /// dimension.
    public func gradient(coordinates: [Tensor], dim: [Int]? = nil, edgeOrder: Int = 1) -> [Tensor] {
        slopes(coordinates.count, dim, edgeOrder) { x, i, k throws(TensorError) in
            let places = coordinates[coordinates.count == 1 ? 0 : k]
            if places.ndim != 1 || places.numel != x.sizes[i] {
                throw TensorError(
                    .shape,
                    "the coordinates along dimension \(i) have the shape [\(x.sizes[i])], and "
                        + "these \(places.shape)")
            }
            return x.slope(i, at: places, edgeOrder)
        }
    }

    private func slopes(
        _ given: Int, _ dim: [Int]?, _ edgeOrder: Int,
        _ slope: (_ x: Tensor, _ dim: Int, _ place: Int) throws(TensorError) -> Tensor
    ) -> [Tensor] {
        do throws(TensorError) {
            if edgeOrder != 1 && edgeOrder != 2 {
                throw TensorError(.argument, "the order at the edges is 1 or 2, not \(edgeOrder)")
            }
            if dtype == .bool {
                throw TensorError(.dtype, "not implemented for bool tensors")
            }
            let dims = dim ?? Array(0..<ndim)
            if given != 1 && given != dims.count {
                throw TensorError(
                    .argument, "\(given) spacings for the derivatives along \(dims.count) dims")
            }
            let x = dtype.isFloatingPoint ? self : to(.float32)
            var found: [Tensor] = []
            var seen: Set<Int> = []
            for (k, d) in dims.enumerated() {
                let i = try Dim.resolve(d, ndim)
                if ndim == 0 || sizes[i] <= edgeOrder {
                    throw TensorError(
                        .shape,
                        "a derivative needs at least \(edgeOrder + 1) points along each "
                            + "dimension, and the shape is \(shape)")
                }
                if !seen.insert(i).inserted {
                    throw TensorError(.index, "dim \(i) appears several times in \(dims)")
                }
                found.append(try slope(x, i, k))
            }
            return found
        } catch {
            return [refusal("gradient", error)]
        }
    }

    /// The slice of width 1 at `k` along dimension `i`; negative ones from the end.
    private func point(_ i: Int, _ k: Int) -> Tensor {
        narrow(dim: i, start: k < 0 ? sizes[i] + k : k, length: 1)
    }
    private func run(_ i: Int, _ start: Int, _ lost: Int) -> Tensor {
        narrow(dim: i, start: start, length: Swift.max(sizes[i] - lost, 0))
    }

    private func slope(_ i: Int, _ h: Double, _ order: Int) -> Tensor {
        let inner = (run(i, 2, 2) - run(i, 0, 2)) / (2 * h)
        if order == 1 {
            return Tensor.cat(
                [
                    (point(i, 1) - point(i, 0)) / h, inner, (point(i, -1) - point(i, -2)) / h,
                ], dim: i)
        }
        let first = (point(i, 1) * 2 - point(i, 0) * 1.5 - point(i, 2) * 0.5) / h
        let last = (point(i, -1) * 1.5 - point(i, -2) * 2 + point(i, -3) * 0.5) / h
        return Tensor.cat([first, inner, last], dim: i)
    }

    /// On uneven points: the slope of the parabola through three of them.
    private func slope(_ i: Int, at places: Tensor, _ order: Int) -> Tensor {
        let column = places.to(dtype).reshape((0..<ndim).map { $0 == i ? places.numel : 1 })
        let steps = column.diff(dim: i)
        let (p, q) = (steps.run(i, 0, 1), steps.run(i, 1, 1))
        let inner =
            run(i, 0, 2) * (-q / (p * (p + q))) + run(i, 1, 2) * ((q - p) / (p * q))
            + run(i, 2, 2) * (p / (q * (p + q)))
        if order == 1 {
            let first = (point(i, 1) - point(i, 0)) / steps.point(i, 0)
            let last = (point(i, -1) - point(i, -2)) / steps.point(i, -1)
            return Tensor.cat([first, inner, last], dim: i)
        }
        let (a, b) = (steps.point(i, 0), steps.point(i, 1))
        let first =
            point(i, 1) * ((a + b) / (a * b)) - point(i, 0) * ((2 * a + b) / (a * (a + b)))
            - point(i, 2) * (a / (b * (a + b)))
        let (c, d) = (steps.point(i, -2), steps.point(i, -1))
        let last =
            point(i, -3) * (d / (c * (c + d))) - point(i, -2) * ((c + d) / (c * d))
            + point(i, -1) * ((2 * d + c) / (d * (c + d)))
        return Tensor.cat([first, inner, last], dim: i)
    }
}
