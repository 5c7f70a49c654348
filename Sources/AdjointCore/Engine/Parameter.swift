/// Tensors by name, without history: what a model or an optimiser is saved as.
public typealias StateDict = [String: Tensor]

/// A tensor that a module learns. Modules find their parameters by this type.
public final class Parameter: Tensor, @unchecked Sendable {
    /// A leaf that shares the memory of `tensor`, and not its history.
    ///
    /// - Errors: `.dtype` for integers and booleans that should require gradients.
    public init(_ tensor: Tensor, requiresGrad: Bool = true) {
        super.init(aliasing: tensor)
        if requiresGrad { requiresGrad_() }
    }
}

/// A tensor that belongs to a module's state and is not learnt, such as running statistics.
/// Modules find their buffers by this type.
public final class Buffer: Tensor, @unchecked Sendable {
    /// A leaf that shares the memory of `tensor`, and not its history.
    public init(_ tensor: Tensor) { super.init(aliasing: tensor) }
}

extension Tensor {
    /// Makes this leaf the handle of other memory: shape, dtype and device become those of
    /// `other`, a gradient is converted. Graphs recorded before keep the old memory.
    package func adopt(_ other: Tensor) {
        if isPoisoned || other.isPoisoned || Mode.current.isFailing { return }
        storage = other.storage
        layout = other.layout
        dtype = other.dtype
        device = other.device
        guard let state else { return }
        if let sink = state.sink {
            let renewed = AccumulateGrad(spec, state)
            renewed.takeHooks(of: sink)
            state.sink = renewed
        }
        state.dropAlias()
        state.grad = state.grad.map {
            $0.detach().to(state.gradientType.dtype(of: dtype) ?? $0.dtype).to(device)
        }
    }
}
