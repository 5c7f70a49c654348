// Tensors joined, and given dimensions, as NumPy has it.

extension Tensor {
    /// This tensor with at least one dimension. Same as `torch.atleast_1d`.
    public func atleast1d() -> Tensor { ndim > 0 ? self : reshape(1) }

    /// This tensor with at least two dimensions: a vector becomes a row. Same as
    /// `torch.atleast_2d`.
    public func atleast2d() -> Tensor {
        switch ndim {
        case 0: reshape(1, 1)
        case 1: unsqueeze(0)
        default: self
        }
    }

    /// This tensor with at least three dimensions: a vector lies in the middle, a matrix first.
    /// Same as `torch.atleast_3d`.
    public func atleast3d() -> Tensor {
        switch ndim {
        case 0: reshape(1, 1, 1)
        case 1: unsqueeze(0).unsqueeze(-1)
        case 2: unsqueeze(-1)
        default: self
        }
    }

    /// Tensors side by side: vectors one after another, others along dimension 1. Same as
    /// `torch.hstack`.
    ///
    /// - Errors: `.shape` where sizes differ in another dimension, `.argument` for no tensors.
    public static func hstack(_ tensors: [Tensor]) -> Tensor {
        let parts = tensors.map { $0.atleast1d() }
        return cat(parts, dim: (parts.first?.ndim ?? 1) == 1 ? 0 : 1)
    }

    /// Tensors one below another: along dimension 0, vectors being rows. Same as `torch.vstack`.
    ///
    /// - Errors: `.shape` where sizes differ in another dimension, `.argument` for no tensors.
    public static func vstack(_ tensors: [Tensor]) -> Tensor {
        cat(tensors.map { $0.atleast2d() }, dim: 0)
    }

    /// Tensors one behind another: along dimension 2. Same as `torch.dstack`.
    ///
    /// - Errors: `.shape` where sizes differ in another dimension, `.argument` for no tensors.
    public static func dstack(_ tensors: [Tensor]) -> Tensor {
        cat(tensors.map { $0.atleast3d() }, dim: 2)
    }

    /// Tensors side by side along dimension 1, vectors being columns. Same as
    /// `torch.column_stack`.
    ///
    /// - Errors: `.shape` where sizes differ in another dimension, `.argument` for no tensors.
    public static func columnStack(_ tensors: [Tensor]) -> Tensor {
        cat(tensors.map { $0.ndim > 1 ? $0 : $0.reshape($0.numel, 1) }, dim: 1)
    }

    /// The tensors as views of one shape, that which they broadcast to together. Same as
    /// `torch.broadcast_tensors`.
    ///
    /// - Errors: `.shape` where they do not broadcast.
    public static func broadcastTensors(_ tensors: [Tensor]) -> [Tensor] {
        var common: Dims = []
        for tensor in tensors {
            guard let sizes = Layout.broadcastSizes(common, tensor.sizes) else {
                let shapes = tensors.map { "\($0.shape)" }.joined(separator: ", ")
                Failure.raise(
                    TensorError(
                        .shape,
                        "shapes \(shapes) do not broadcast: counted from the last, sizes must be "
                            + "equal, or 1", operation: "broadcastTensors"))
                return tensors.map { Tensor.poisoned($0.sizes, $0.dtype) }
            }
            common = sizes
        }
        return tensors.map { $0.expand(common.array) }
    }

    /// Which dimension of a grid is which tensor's.
    public enum GridIndexing: String, Sendable {
        /// The first tensor runs along dimension 0, the second along dimension 1: rows, columns.
        case ij
        /// The first tensor runs along dimension 1, the second along dimension 0: x, y.
        case xy
    }

    /// For each of the vectors (or single numbers) its values at all places of the grid that they
    /// span together; views. Same as `torch.meshgrid`.
    ///
    /// - Errors: `.shape` for a tensor of several dimensions, `.dtype` and `.device` where they
    ///   differ, `.argument` for no tensors.
    public static func meshgrid(_ tensors: [Tensor], indexing: GridIndexing = .ij) -> [Tensor] {
        do throws(TensorError) {
            guard let first = tensors.first else {
                throw TensorError(.argument, "expected a list with at least one tensor")
            }
            if tensors.count > Dims.capacity {
                throw TensorError(
                    .argument,
                    "a grid has at most \(Dims.capacity) dimensions, not \(tensors.count)")
            }
            for tensor in tensors {
                if tensor.ndim > 1 {
                    throw TensorError(
                        .shape, "a grid is made of vectors, not of shape \(tensor.shape)")
                }
                if tensor.dtype != first.dtype {
                    throw TensorError(
                        .dtype,
                        "the tensors of a grid have one dtype, not \(first.dtype) and "
                            + "\(tensor.dtype); convert one with to(_:)")
                }
            }
        } catch {
            Failure.raise(TensorError(error.kind, error.message, operation: "meshgrid"))
            return tensors.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
        let sizes = tensors.map(\.numel)
        let grids = tensors.enumerated().map { i, tensor in
            var line = [Int](repeating: 1, count: sizes.count)
            line[i] = sizes[i]
            return tensor.reshape(line).expand(sizes)
        }
        return indexing == .xy && grids.count > 1 ? grids.map { $0.transpose(0, 1) } : grids
    }
}
