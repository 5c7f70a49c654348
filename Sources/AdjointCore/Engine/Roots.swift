/// An end of a backward pass: where it starts, or whose gradient it hands out.
struct GraphEnd {
    let edge: Edge
    let spec: TensorSpec
    let device: Device
}

extension Tensor {
    var end: GraphEnd { GraphEnd(edge: edge, spec: spec, device: device) }
}

/// The checks before a pass, and what follows it.
enum Roots {
    static func ends(of tensors: [Tensor]) throws(TensorError) -> [GraphEnd] {
        var ends: [GraphEnd] = []
        for tensor in tensors { ends.append(tensor.end) }
        return ends
    }

    static func edges(_ roots: [GraphEnd], _ gradients: [Tensor?]?, _ operation: String)
        throws(TensorError) -> [(edge: Edge, gradient: Tensor)]
    {
        if let gradients, gradients.count != roots.count {
            throw TensorError(
                .argument, "got \(roots.count) tensors and \(gradients.count) gradients",
                operation: operation)
        }
        var result: [(edge: Edge, gradient: Tensor)] = []
        for (i, root) in roots.enumerated() {
            if root.edge.node == nil {
                throw TensorError(
                    .autograd,
                    "element \(i) of the roots does not require grad and does not have a gradFn: "
                        + "nothing was recorded for it. Set requiresGrad on a leaf it is computed "
                        + "from, and compute it outside noGrad", operation: operation)
            }
            if let gradient = gradients?[i] {
                try check(gradient, for: root, i, operation)
                result.append((root.edge, gradient))
            } else if root.spec.sizes.product == 1 {
                result.append((root.edge, Tangents.ones(root.spec, root.device)))
            } else {
                throw TensorError(
                    .autograd,
                    "grad can be implicitly created only for scalar outputs, and this one has "
                        + "shape \(root.spec.sizes); reduce it (sum, mean), or pass gradient:",
                    operation: operation)
            }
        }
        return result
    }

    private static func check(
        _ gradient: Tensor, for root: GraphEnd, _ i: Int, _ operation: String
    ) throws(TensorError) {
        if gradient.sizes != root.spec.sizes {
            throw TensorError(
                .shape,
                "Mismatch in shape: gradients[\(i)] has a shape of \(gradient.shape) and "
                    + "roots[\(i)] has a shape of \(root.spec.sizes)", operation: operation)
        }
        if gradient.dtype != root.spec.dtype {
            throw TensorError(
                .dtype,
                "gradients[\(i)] is \(gradient.dtype) and roots[\(i)] is \(root.spec.dtype); "
                    + "convert it with to(.\(root.spec.dtype))", operation: operation)
        }
        if gradient.device != root.device {
            throw TensorError(
                .device,
                "gradients[\(i)] must be on the same device as roots[\(i)]: \(gradient.device) "
                    + "and \(root.device)", operation: operation)
        }
    }

    static func targets(_ inputs: [Edge], _ operation: String) throws(TensorError)
        -> [BackwardPass.Target]
    {
        var targets: [BackwardPass.Target] = []
        for (i, edge) in inputs.enumerated() {
            guard let node = edge.node else {
                throw TensorError(
                    .autograd, "the tensor at index \(i) of the inputs does not require grad",
                    operation: operation)
            }
            targets.append(BackwardPass.Target(node: node, output: Int(edge.index)))
        }
        return targets
    }

    /// The gradients of `outputs`, handed out.
    static func gradients(
        of outputs: [GraphEnd], wrt inputs: [GraphEnd], _ gradients: [Tensor?]?,
        _ retainGraph: Bool?, _ createGraph: Bool, _ unused: UnusedPolicy
    ) throws(TensorError) -> [Tensor?] {
        if inputs.isEmpty {
            throw TensorError(.argument, "`wrt` cannot be empty", operation: "grads")
        }
        let edges = try edges(outputs, gradients, "grads")
        let targets = try targets(inputs.map(\.edge), "grads")
        var captured = try run(edges, retainGraph, createGraph, targets)
        for i in captured.indices {
            if captured[i] != nil {
                captured[i] = Tangents.owned(&captured[i], recording: createGraph)
            } else if unused == .zeros {
                captured[i] = Tangents.zeros(inputs[i].spec, inputs[i].device)
            } else if unused == .error {
                throw TensorError(
                    .autograd,
                    "the differentiated tensor at index \(i) appears to not have been used in "
                        + "the graph; say unused: .nil or .zeros if that is meant",
                    operation: "grads")
            }
        }
        return captured
    }

    /// Runs a pass, then `finish` with the gradients that it hands out, then its callbacks.
    static func run(
        _ edges: [(edge: Edge, gradient: Tensor)], _ retainGraph: Bool?, _ createGraph: Bool,
        _ targets: [BackwardPass.Target], runsTargets: Bool = false,
        finish: (([Tensor?]) -> Void)? = nil
    ) throws(TensorError) -> [Tensor?] {
        let mode = Mode.current
        let keeps = retainGraph ?? createGraph
        let observation = mode.watchers.observer?.passWillBegin(
            ObservedPass(
                roots: edges.map { ($0.edge.node!, Int($0.edge.index), $0.gradient) },
                retainsGraph: keeps, createsGraph: createGraph, fillsLeaves: targets.isEmpty))
        let scope = PassScope(observation)
        defer { scope.end() }
        let pass = BackwardPass(
            scope, keepsGraph: keeps, recording: createGraph, targets: targets,
            runsTargets: runsTargets)
        let outcome: Result<[Tensor?], TensorError> =
            mode.inPass(scope, recording: createGraph).run {
                do throws(TensorError) {
                    if let debug = mode.debug { try debug.checkRoots(edges.map(\.gradient)) }
                    let captured = try pass.run(edges)
                    finish?(captured)
                    scope.runCallbacks()
                    return .success(captured)
                } catch {
                    return .failure(error)
                }
            }
        mode.debug?.passEnded()
        do throws(TensorError) {
            let captured = try outcome.get()
            observation?.didEnd(nil)
            return captured
        } catch {
            observation?.didEnd(error)
            throw error
        }
    }
}
