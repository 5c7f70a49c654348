import AdjointCore

/// A loss as a function of one vector: all parameters, one after the other.
struct FlatObjective {
    private let parameters: [Tensor]
    private let closure: () -> Tensor
    private let dtype: DType

    init(_ parameters: [Tensor], _ closure: @escaping () -> Tensor) {
        self.parameters = parameters
        self.closure = closure
        dtype = parameters.contains { $0.dtype == .float64 } ? .float64 : .float32
    }

    /// The loss where the parameters are.
    func loss() -> Tensor { enableGrad(closure) }

    /// The gradient that the last `loss` left; 0 where there is none.
    var gradient: Tensor {
        flat(parameters.map { $0.grad ?? Tensor.zerosLike($0) })
    }

    /// Where the parameters are, as a copy.
    var place: Tensor { flat(parameters).clone() }

    private func flat(_ tensors: [Tensor]) -> Tensor {
        Tensor.cat(tensors.map { $0.detach().to(dtype).reshape([-1]) })
    }

    /// Moves the parameters by `length` times `direction`.
    func move(by length: Double, _ direction: Tensor) {
        pieces(of: direction) { $0.add_($1, alpha: length) }
    }

    func moveTo(_ place: Tensor) { pieces(of: place) { $0.copy_($1) } }

    private func pieces(of vector: Tensor, _ body: (Tensor, Tensor) -> Void) {
        var start = 0
        for parameter in parameters {
            let piece = vector.narrow(dim: 0, start: start, length: parameter.numel)
            body(parameter, piece.reshape(parameter.shape).to(parameter.dtype))
            start += parameter.numel
        }
    }
}

extension Tensor {
    /// <self, other> of two vectors, on the host.
    func product(_ other: Tensor) -> Double { (self * other).sum().item() }

    /// The largest absolute value; 0 of an empty vector.
    var largest: Double { numel == 0 ? 0 : abs().max().item() }
}
