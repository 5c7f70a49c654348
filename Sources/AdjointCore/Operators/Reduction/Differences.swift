extension Tensor {
    /// Differences of neighbours along `dim`, `n` times over, of this tensor between `prepend` and
    /// `append`. Booleans are compared instead. Same as `torch.diff`.
    ///
    /// - Errors: `.argument` for a negative `n`, `.shape` for a tensor without dimensions or for
    ///   pieces that do not fit.
    public func diff(
        n: Int = 1, dim: Int = -1, prepend: Tensor? = nil, append: Tensor? = nil
    ) -> Tensor {
        do throws(TensorError) {
            if n < 0 { throw TensorError(.argument, "n counts differences; \(n) is negative") }
            if ndim == 0 {
                throw TensorError(.shape, "a 0-dimensional tensor has no neighbours to compare")
            }
            let i = try Dim.resolve(dim, ndim)
            if n == 0 { return clone() }
            let pieces = [prepend, self, append].compactMap { $0 }
            var x = pieces.count > 1 ? Tensor.cat(pieces, dim: i) : self
            if x.isPoisoned { return x }
            // As many differences as there are elements leave none.
            let isNone = n >= x.sizes[i] && x.sizes[i] > 0
            if isNone { x = x.narrow(dim: i, start: 0, length: 0) }
            for _ in 0..<(isNone ? 1 : Swift.min(n, x.sizes[i])) {
                if Failure.isActive { break }
                let (low, high) = x.neighbours(i)
                x = dtype == .bool ? high.logicalXor(low) : high - low
            }
            return x
        } catch {
            return refusal("diff", error)
        }
    }

    /// Each element but the last along dimension `i`, and the next ones; nothing of nothing.
    private func neighbours(_ i: Int) -> (low: Tensor, high: Tensor) {
        let count = Swift.max(sizes[i] - 1, 0)
        return (
            narrow(dim: i, start: 0, length: count),
            narrow(dim: i, start: sizes[i] - count, length: count)
        )
    }

    /// The integral along `dim` by the trapezoidal rule, of points that lie `dx` apart. Same as
    /// `torch.trapezoid`.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.dtype` for booleans.
    public func trapezoid(dx: Double = 1, dim: Int = -1) -> Tensor {
        panels("trapezoid", nil, dx, dim) { $0.sum(dim: $1) / 2 }
    }
    /// The same of points at `x`: one position along `dim` each, or a shape that broadcasts.
    ///
    /// - Errors: `.shape` for positions that do not fit.
    public func trapezoid(_ x: Tensor, dim: Int = -1) -> Tensor {
        panels("trapezoid", x, 1, dim) { $0.sum(dim: $1) / 2 }
    }

    /// The running integral along `dim` by the trapezoidal rule: one element less than there are
    /// points. Same as `torch.cumulative_trapezoid`.
    public func cumulativeTrapezoid(dx: Double = 1, dim: Int = -1) -> Tensor {
        panels("cumulativeTrapezoid", nil, dx, dim) { $0.cumsum(dim: $1) / 2 }
    }
    /// The running integral along `dim` of points at `x`: one position along `dim` each, or a shape
    /// that broadcasts.
    ///
    /// - Errors: `.shape` for positions that do not fit.
    public func cumulativeTrapezoid(_ x: Tensor, dim: Int = -1) -> Tensor {
        panels("cumulativeTrapezoid", x, 1, dim) { $0.cumsum(dim: $1) / 2 }
    }

    /// Calls `whole` with twice the area between each point and the next, and the dimension.
    private func panels(
        _ name: String, _ x: Tensor?, _ dx: Double, _ dim: Int, _ whole: (Tensor, Int) -> Tensor
    ) -> Tensor {
        do throws(TensorError) {
            if dtype == .bool || x?.dtype == .bool {
                throw TensorError(.dtype, "not implemented for bool tensors")
            }
            if ndim == 0 {
                throw TensorError(.shape, "a 0-dimensional tensor has no line to integrate along")
            }
            let i = try Dim.resolve(dim, ndim)
            let (low, high) = neighbours(i)
            guard let x else { return whole((low + high) * dx, i) }
            var places = x
            if x.ndim == 1 && ndim > 1 {
                places = x.reshape((0..<ndim).map { $0 == i ? x.numel : 1 })
            } else if x.ndim < ndim {
                places = x.reshape([Int](repeating: 1, count: ndim - x.ndim) + x.shape)
            }
            let back = i - ndim
            if places.sizes[places.ndim + back] != sizes[i] {
                throw TensorError(
                    .shape,
                    "there are \(sizes[i]) points along dimension \(i), and positions of shape "
                        + "\(x.shape)")
            }
            return whole((low + high) * places.diff(dim: back), back)
        } catch {
            return refusal(name, error)
        }
    }
}
