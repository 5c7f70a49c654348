/// One call of a transformed function: fresh variables in place of the arguments, so that only
/// this call's dependence is differentiated, whatever history the arguments have.
struct Traced {
    let inputs: [Tensor]
    /// True where an argument has a history of its own: an outer transform, or a recorded graph.
    /// Tangents need no history: they travel through the backward pass itself.
    private let isInner: Bool

    init(_ arguments: [Tensor]) {
        isInner = arguments.contains { $0.requiresGrad }
        inputs = arguments.map { argument in
            if argument.requiresGrad || argument.isDual {
                return enableGrad { apply(View(argument.shape), argument.contiguous()) }
                    .withGradient()
            }
            // Not detach(): outer transforms see through this one.
            let leaf = argument.alias()
            if leaf.dtype.isFloatingPoint { leaf.requiresGrad_() }
            leaf.state?.isVariable = true
            return leaf
        }
    }

    /// The gradients of `outputs`, zeros where they do not depend on an input. They are recorded
    /// where somebody can differentiate them: an outer transform, or a captured parameter.
    func gradients(
        of outputs: [Tensor], _ cotangents: [Tensor?]?, retainGraph: Bool = false
    ) -> [Tensor] {
        let live = outputs.indices.filter { outputs[$0].requiresGrad }
        if live.isEmpty || inputs.isEmpty {
            return inputs.map { Tangents.zeros($0.spec, $0.device) }
        }
        let records = isGradEnabled && (isInner || capturesParameters(live.map { outputs[$0] }))
        return grads(
            of: live.map { outputs[$0] }, wrt: inputs,
            gradients: cotangents.map { all in live.map { all[$0] } },
            retainGraph: retainGraph || records, createGraph: records, unused: .zeros
        ).map { $0! }
    }

    /// `outputs` for the caller: without the history in which only this call's variables lie.
    func released(_ outputs: [Tensor]) -> [Tensor] {
        if isInner || capturesParameters(outputs) { return outputs }
        return outputs.map { $0.requiresGrad ? $0.outputAlias : $0 }
    }

    /// True where the outputs depend on leaves other than the inputs.
    private func capturesParameters(_ outputs: [Tensor]) -> Bool {
        let own = Set(inputs.compactMap { $0.edge.node.map(ObjectIdentifier.init) })
        var seen: Set<ObjectIdentifier> = []
        var stack = outputs.compactMap { $0.edge.node }
        while let node = stack.popLast() {
            if own.contains(ObjectIdentifier(node)) { continue }
            if node is AccumulateGrad { return true }
            if !seen.insert(ObjectIdentifier(node)).inserted { continue }
            for i in 0..<node.edges.count {
                if let next = node.edges[i].node { stack.append(next) }
            }
        }
        return false
    }
}

extension Tensor {
    /// A dual argument without a recorded history becomes a variable that keeps its tangents.
    fileprivate func withGradient() -> Tensor {
        if requiresGrad || !dtype.isFloatingPoint { return self }
        let leaf = alias()
        leaf.requiresGrad_()
        leaf.copyTangents(from: self)
        return leaf
    }
}

/// The mode of a function that is being transformed: what was made before can be read, and not
/// written to.
func transformed<R>(_ body: () -> R) -> R { Mode.current.inTransform().run(body) }

/// What a scalar function must return.
func requireScalar(_ value: Tensor, _ operation: String) -> Tensor {
    if value.isPoisoned { return value }
    if value.numel != 1 {
        let problem =
            operation == "grad"
            ? "Expected f(*args) to return a scalar tensor, got tensor with \(value.ndim) dims "
                + "(shape \(value.shape)). Maybe you wanted to use the vjp or jacrev APIs instead?"
            : "The Tensor returned by the function given to \(operation) should contain a single "
                + "element, but it has shape \(value.shape); reduce it, or take its jacobian"
        return Failure.poison(TensorError(.autograd, problem, operation: operation))
    }
    if !value.dtype.isFloatingPoint {
        return Failure.poison(
            TensorError(
                .dtype,
                "expected the function to return a floating-point tensor, got \(value.dtype), "
                    + "which has no derivative; convert it with to(.float32)",
                operation: operation))
    }
    return value
}

/// The gradient function of a scalar function of one tensor.
///
/// - Errors: `.autograd` unless the function returns one number; `.inPlace` where it writes to a
///   tensor from outside of it, other than under `noGrad`; `.dtype` for an integer argument.
public func grad(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
    { x in valueAndGrad(f)(x).grad }
}

/// The gradient function of a scalar function of several tensors.
public func grad(_ f: @escaping ([Tensor]) -> Tensor) -> ([Tensor]) -> [Tensor] {
    { xs in valueAndGrad(f)(xs).grads }
}

/// The value of a scalar function, and its gradient.
public func valueAndGrad(
    _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> (value: Tensor, grad: Tensor) {
    { x in
        let (value, grads) = valueAndGrad { (xs: [Tensor]) in f(xs[0]) }([x])
        return (value, grads[0])
    }
}

/// The value of a scalar function of several tensors, and its gradients.
public func valueAndGrad(
    _ f: @escaping ([Tensor]) -> Tensor
) -> ([Tensor]) -> (value: Tensor, grads: [Tensor]) {
    { xs in
        let (value, grads, _) = Traced.valueAndGrads(xs) { (f($0), ()) }
        return (value, grads)
    }
}

extension Traced {
    /// The value of a scalar function, its gradients, and what it returns besides.
    static func valueAndGrads<Aux>(
        _ xs: [Tensor], _ operation: String = "grad", _ f: ([Tensor]) -> (Tensor, Aux)
    ) -> (value: Tensor, grads: [Tensor], aux: Aux) {
        if let i = xs.firstIndex(where: { !$0.dtype.isFloatingPoint && !$0.isPoisoned }) {
            Failure.raise(
                TensorError(
                    .dtype,
                    "argument \(i) is \(xs[i].dtype): only floating-point tensors have gradients. "
                        + "Capture it in the function, or convert it with to(.float32)",
                    operation: operation))
        }
        let traced = Traced(xs)
        let (result, aux) = transformed { enableGrad { f(traced.inputs) } }
        let value = requireScalar(result, operation)
        let gradients = traced.gradients(of: [value], nil)
        let isConstant = value.requiresGrad && !gradients.contains(where: \.requiresGrad)
        return (isConstant ? value.outputAlias : value, gradients, aux)
    }
}
