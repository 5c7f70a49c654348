extension Tensor {
    /// Computes the gradients of this tensor and adds them to `grad` of the leaves that it was
    /// computed from, or of `inputs` alone.
    ///
    /// - Parameters:
    ///   - gradient: The gradient of the outcome with respect to this tensor, of its shape and
    ///     dtype. Needed unless this tensor has one element.
    ///   - retainGraph: Keeps what the graph saved, for another pass; as `createGraph` if nil.
    ///   - createGraph: Records the pass itself, so that the gradients can be differentiated.
    ///   - inputs: The tensors whose `grad` is wanted; all leaves if nil.
    /// - Errors: `.autograd` where there is no graph, or for a root of several elements without a
    ///   `gradient`; `.graphFreed` in a second pass; `.inPlace` where a saved tensor was written to.
    public func backward(
        gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
        inputs: [Tensor]? = nil
    ) {
        AdjointCore.backward(
            [self], gradients: gradient.map { [$0] }, retainGraph: retainGraph,
            createGraph: createGraph, inputs: inputs)
    }
}

/// Computes the gradients of all `roots` together, each weighted by its entry in `gradients`, and
/// adds them to `grad` of the leaves or of `inputs`. See `Tensor.backward`.
public func backward(
    _ roots: [Tensor], gradients: [Tensor?]? = nil, retainGraph: Bool? = nil,
    createGraph: Bool = false, inputs: [Tensor]? = nil
) {
    let mode = Mode.current
    if mode.isFailing { return }
    do throws(TensorError) {
        if let inputs, inputs.isEmpty {
            throw TensorError(
                .argument, "`inputs` of backward() cannot be empty", operation: "backward")
        }
        let edges = try Roots.edges(roots, gradients, "backward")
        let targets = try inputs.map { (list) throws(TensorError) in
            try Roots.targets(list, "backward")
        }
        let captured = try Roots.run(
            edges, retainGraph, createGraph, targets ?? [], runsTargets: true)
        guard let inputs else { return }
        for (input, gradient) in zip(inputs, captured) {
            if let gradient { input.addGrad(gradient, recording: createGraph) }
        }
    } catch {
        Failure.raise(error)
    }
}

/// What `grads` does with a tensor that the outputs do not depend on.
public enum UnusedPolicy: Sendable {
    /// An error that names its position.
    case error
    /// No tensor, or a tensor of zeros.
    case `nil`, zeros
}

/// The gradients of the `outputs`' sum, weighted by `gradients`, with respect to `inputs`. No
/// tensor's `grad` changes.
///
/// - Errors: as `backward`; `.autograd` for an input that requires no gradient or, with
///   `unused: .error`, was not used.
public func grads(
    of outputs: [Tensor], wrt inputs: [Tensor], gradients: [Tensor?]? = nil,
    retainGraph: Bool? = nil, createGraph: Bool = false, unused: UnusedPolicy = .error
) -> [Tensor?] {
    let mode = Mode.current
    let failed = inputs.map { Tensor.poisoned($0.sizes, $0.dtype) as Tensor? }
    if mode.isFailing { return failed }
    do throws(TensorError) {
        if inputs.isEmpty {
            throw TensorError(.argument, "`wrt` cannot be empty", operation: "grads")
        }
        let edges = try Roots.edges(outputs, gradients, "grads")
        let targets = try Roots.targets(inputs, "grads")
        var captured = try Roots.run(edges, retainGraph, createGraph, targets)
        for i in captured.indices {
            if let gradient = captured[i].take() {
                captured[i] = Tangents.owned(gradient, recording: createGraph)
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
    } catch {
        Failure.raise(error)
        return failed
    }
}

/// The gradient of `output` with respect to `input`; `output` has one element, or is weighted by
/// `gradient`. See `grads`.
public func grad(
    of output: Tensor, wrt input: Tensor, gradient: Tensor? = nil, retainGraph: Bool? = nil,
    createGraph: Bool = false
) -> Tensor {
    grads(
        of: [output], wrt: [input], gradients: gradient.map { [$0] }, retainGraph: retainGraph,
        createGraph: createGraph)[0]!
}

/// The checks before a pass.
private enum Roots {
    static func edges(_ roots: [Tensor], _ gradients: [Tensor?]?, _ operation: String)
        throws(TensorError) -> [(edge: Edge, gradient: Tensor)]
    {
        if let gradients, gradients.count != roots.count {
            throw TensorError(
                .argument, "got \(roots.count) tensors and \(gradients.count) gradients",
                operation: operation)
        }
        var result: [(edge: Edge, gradient: Tensor)] = []
        for (i, root) in roots.enumerated() {
            let edge = root.edge
            if edge.node == nil {
                throw TensorError(
                    .autograd,
                    "element \(i) of the roots does not require grad and does not have a gradFn: "
                        + "nothing was recorded for it. Set requiresGrad on a leaf it is computed "
                        + "from, and compute it outside noGrad", operation: operation)
            }
            if let gradient = gradients?[i] {
                try check(gradient, for: root, i, operation)
                result.append((edge, gradient))
            } else if root.numel == 1 {
                result.append((edge, Tangents.ones(root.spec, root.device)))
            } else {
                throw TensorError(
                    .autograd,
                    "grad can be implicitly created only for scalar outputs, and this one has "
                        + "shape \(root.shape); reduce it (sum, mean), or pass gradient:",
                    operation: operation)
            }
        }
        return result
    }

    private static func check(_ gradient: Tensor, for root: Tensor, _ i: Int, _ operation: String)
        throws(TensorError)
    {
        if gradient.sizes != root.sizes {
            throw TensorError(
                .shape,
                "mismatch in shape: gradients[\(i)] has a shape of \(gradient.shape) and "
                    + "roots[\(i)] has a shape of \(root.shape)", operation: operation)
        }
        if gradient.dtype != root.dtype {
            throw TensorError(
                .dtype,
                "gradients[\(i)] is \(gradient.dtype) and roots[\(i)] is \(root.dtype); convert "
                    + "it with to(.\(root.dtype))", operation: operation)
        }
        if gradient.device != root.device {
            throw TensorError(
                .device,
                "gradients[\(i)] must be on the same device as roots[\(i)]: \(gradient.device) "
                    + "and \(root.device)", operation: operation)
        }
    }

    static func targets(_ inputs: [Tensor], _ operation: String) throws(TensorError)
        -> [BackwardPass.Target]
    {
        var targets: [BackwardPass.Target] = []
        for (i, input) in inputs.enumerated() {
            let edge = input.edge
            guard let node = edge.node else {
                throw TensorError(
                    .autograd, "the tensor at index \(i) of the inputs does not require grad",
                    operation: operation)
            }
            targets.append(BackwardPass.Target(node: node, output: Int(edge.index)))
        }
        return targets
    }

    static func run(
        _ edges: [(edge: Edge, gradient: Tensor)], _ retainGraph: Bool?, _ createGraph: Bool,
        _ targets: [BackwardPass.Target], runsTargets: Bool = false
    ) throws(TensorError) -> [Tensor?] {
        let pass = BackwardPass(
            keepsGraph: retainGraph ?? createGraph, recording: createGraph, targets: targets,
            runsTargets: runsTargets)
        let mode = Mode.current
        if let debug = mode.debug { try debug.checkRoots(edges.map(\.gradient)) }
        let outcome: Result<[Tensor?], TensorError> =
            mode.inPass(recording: createGraph).run {
                do throws(TensorError) { return .success(try pass.run(edges)) } catch {
                    return .failure(error)
                }
            }
        mode.debug?.passEnded()
        return try outcome.get()
    }
}

extension Tensor {
    /// Adds to `grad`, as the sink of a leaf does.
    fileprivate func addGrad(_ gradient: Tensor, recording: Bool) {
        if flags.contains(.requiresGrad), let sink = state?.sink {
            sink.accumulate(gradient, recording: recording)
            return
        }
        let state = state ?? AutogradState()
        self.state = state
        state.updateGrad { slot in
            slot =
                slot.map { Tangents.sum($0, gradient) }
                ?? Tangents.owned(gradient, recording: recording)
        }
    }
}
