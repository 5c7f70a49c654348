public import AdjointCore

/// Parameters that are optimised alike, and how.
public struct ParameterGroup<Options: Sendable>: Sendable {
    /// The parameters: leaves, each once.
    public let parameters: [Tensor]
    /// How they are optimised; may be changed between steps.
    public var options: Options

    /// A group; it is checked when an optimiser takes it.
    public init(_ parameters: [Tensor], _ options: Options) {
        self.parameters = parameters
        self.options = options
    }
}

extension ParameterGroup where Options: OptimizerOptions {
    /// Checks what an optimiser is given: leaves only, each once, and options that can be used.
    /// What one group names twice is kept once, with a warning; `seen` are the parameters of
    /// groups before it.
    func checked(_ seen: inout Set<ObjectIdentifier>, _ name: String) -> ParameterGroup {
        func refuse(_ message: String) {
            Failure.raise(TensorError(.argument, message, operation: name))
        }
        if let problem = options.problem { refuse(problem) }
        var own: Set<ObjectIdentifier> = []
        var kept: [Tensor] = []
        for parameter in parameters {
            let shape = parameter.shape
            if !parameter.isLeaf {
                refuse(
                    "can't optimize a non-leaf Tensor: a tensor of shape \(shape) was made by "
                        + "\(parameter.gradFn?.name ?? "an operation"); pass the leaf that it was "
                        + "computed from, or detach() it and let it require grad")
            } else if !parameter.dtype.isFloatingPoint {
                refuse("can't optimize a tensor of \(parameter.dtype): it has no gradient")
            } else if let problem = Options.problem(with: parameter) {
                refuse(problem)
            }
            let id = ObjectIdentifier(parameter)
            if seen.contains(id) {
                refuse(
                    "some parameters appear in more than one parameter group: one of shape "
                        + "\(shape); pass each once")
            } else if own.insert(id).inserted {
                kept.append(parameter)
            } else {
                Warnings.once(
                    "duplicate parameters",
                    "\(name): optimizer contains a parameter group with duplicate parameters: one "
                        + "of shape \(shape) is kept once; pass each once")
            }
        }
        seen.formUnion(own)
        return ParameterGroup(kept, options)
    }
}

extension Collection {
    /// Drops the gradients of all parameters, or zeroes those that there are.
    func zeroGrad<Options>(setToNil: Bool) where Element == ParameterGroup<Options> {
        for parameter in self.flatMap(\.parameters) {
            if setToNil {
                parameter.grad = nil
            } else if let grad = parameter.grad {
                let zeroed = grad.requiresGrad ? grad.detach() : grad
                observing(nil) { noGrad { _ = zeroed.zero_() } }
                parameter.grad = zeroed
                currentObserver?.didClearGradient(of: parameter, setToNone: false)
            }
        }
    }
}
