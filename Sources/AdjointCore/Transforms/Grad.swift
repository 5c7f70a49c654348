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
            return leaf.dtype.isFloatingPoint ? leaf.requiresGrad_() : leaf
        }
    }

    /// The gradients of `outputs`, zeros where they do not depend on an input. They are recorded
    /// where somebody can differentiate them: an outer transform, or a captured parameter.
    func gradients(
        of outputs: [Tensor], _ cotangents: [Tensor?]?, retainGraph: Bool = false
    ) -> [Tensor] {
        let live = outputs.indices.filter { outputs[$0].requiresGrad }
        if live.isEmpty { return inputs.map { Tangents.zeros($0.spec, $0.device) } }
        let records = isGradEnabled && (isInner || capturesParameters(live.map { outputs[$0] }))
        return grads(
            of: live.map { outputs[$0] }, wrt: inputs,
            gradients: cotangents.map { all in live.map { all[$0] } },
            retainGraph: retainGraph || records, createGraph: records, unused: .zeros
        ).map { $0! }
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

/// What a scalar function must return.
func requireScalar(_ value: Tensor, _ operation: String) -> Tensor {
    if value.numel == 1 || value.isPoisoned { return value }
    return Failure.poison(
        TensorError(
            .autograd,
            "expected the function to return a scalar tensor, got one of shape \(value.shape); "
                + "perhaps you wanted vjp or jacrev", operation: operation))
}

/// The gradient function of a scalar function of one tensor.
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
        let traced = Traced(xs)
        let value = requireScalar(enableGrad { f(traced.inputs) }, "grad")
        let gradients = traced.gradients(of: [value], nil)
        return (
            value.requiresGrad && !gradients[0].requiresGrad ? value.outputAlias : value, gradients
        )
    }
}

/// The value of `f` at `x`, and the function that pulls a cotangent of it back to `x`.
public func vjp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor
) -> (value: Tensor, pullback: (Tensor) -> Tensor) {
    let (value, pullback) = vjp({ (xs: [Tensor]) in f(xs[0]) }, [x])
    return (value, { pullback($0)[0] })
}

/// The same for a function of several tensors.
public func vjp(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor]
) -> (value: Tensor, pullback: (Tensor) -> [Tensor]) {
    let traced = Traced(xs)
    let value = enableGrad { f(traced.inputs) }
    return (value, { cotangent in traced.gradients(of: [value], [cotangent], retainGraph: true) })
}

/// The value of `f` at `x`, and its derivative in the direction `tangent`, by forward mode.
public func jvp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ tangent: Tensor
) -> (value: Tensor, tangent: Tensor) {
    jvp({ (xs: [Tensor]) in f(xs[0]) }, [x], [tangent])
}

/// The same for a function of several tensors, in one joint direction.
public func jvp(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], _ tangents: [Tensor]
) -> (value: Tensor, tangent: Tensor) {
    forwardMode { level in
        if xs.count != tangents.count {
            let poison = Failure.poison(
                TensorError(
                    .argument, "got \(xs.count) arguments and \(tangents.count) tangents",
                    operation: "jvp"))
            return (poison, poison)
        }
        let duals = zip(xs, tangents).map { level.makeDual($0, tangent: $1) }
        let (primal, tangent) = level.unpackDual(f(duals))
        return (primal, tangent ?? Tangents.zeros(primal.spec, primal.device))
    }
}
