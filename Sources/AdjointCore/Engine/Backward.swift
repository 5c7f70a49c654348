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
        let edges = try Roots.edges(try Roots.ends(of: roots), gradients, "backward")
        let targets = try inputs.map { (list) throws(TensorError) in
            try Roots.targets(list.map(\.edge), "backward")
        }
        _ = try Roots.run(edges, retainGraph, createGraph, targets ?? [], runsTargets: true) {
            captured in
            for (input, gradient) in zip(inputs ?? [], captured) {
                if let gradient { input.addGrad(gradient, recording: createGraph) }
            }
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
        return try Roots.gradients(
            of: try Roots.ends(of: outputs), wrt: inputs.map(\.end), gradients, retainGraph,
            createGraph, unused)
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

extension Tensor {
    /// Adds to `grad`, as the sink of a leaf does.
    fileprivate func addGrad(_ gradient: Tensor, recording: Bool) {
        if flags.contains(.requiresGrad), let sink = state?.sink {
            var held: Tensor? = gradient
            sink.accumulate(&held, recording: recording, PassScope.current?.observation)
            return
        }
        let state = state ?? AutogradState()
        self.state = state
        let observation = PassScope.current?.observation
        observation?.willAccumulate(gradient, into: .tensor(self), before: state.grad)
        defer { observation?.didAccumulate(state.grad) }
        _ = state.exchangeGrad { old in
            old.map { Tangents.sum($0, gradient) }
                ?? Tangents.copied(gradient, recording: recording)
        }
    }
}
