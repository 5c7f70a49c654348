public import AdjointCore

/// Runs `body` with the tensors of `state` in the place of the parameters and buffers of those
/// names: the module's computation as a function of its state. Gradients flow to the tensors of
/// `state`, whatever they are computed from.
///
///     let slope = grad { (p: StateDict) in functionalCall(net, p) { crossEntropy(net(x), y) } }
///     slope(net.stateDict())["fc1.weight"]
///
/// The module itself does not change, and other tasks see nothing of it: the exchange follows the
/// task and ends with the scope. It holds for what is computed with the module's tensors; their
/// shapes, and properties such as `requiresGrad` and `grad`, are still the module's own. What a
/// layer writes to a buffer, such as running statistics, goes to the tensor in `state`.
///
/// Names that `state` lacks keep the module's tensors, unless `strict`. A tensor that the module
/// has under several names may be given under any of them.
///
/// - Parameters:
///   - module: Whose tensors are exchanged.
///   - state: Tensors by the names of parameters and buffers.
///   - strict: Whether a name of the module that `state` lacks is an error.
///   - body: What runs inside the scope.
/// - Errors: `.argument` for a name that the module does not have, and for different tensors under
///   two names of one; `.shape`, `.dtype`, `.device` for a tensor unlike the module's.
public func functionalCall<R>(
    _ module: any Module, _ state: StateDict, strict: Bool = false, _ body: () throws -> R
) rethrows -> R {
    try FunctionalState.exchange([(module, state)], strict).run(body)
}

/// The asynchronous form.
public func functionalCall<R>(
    _ module: any Module, _ state: StateDict, strict: Bool = false,
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await FunctionalState.exchange([(module, state)], strict).run(isolation: isolation, body)
}

/// The output of `layer` for `x` with the tensors of `state` in the place of its own.
public func functionalCall(
    _ layer: any Layer, _ state: StateDict, _ x: Tensor, strict: Bool = false
) -> Tensor {
    functionalCall(layer, state, strict: strict) { layer.hooked(x) }
}

/// The states of models of one architecture, stacked along a new first dimension: parameters,
/// which are leaves that require gradients where the models' do, and buffers. An ensemble is then
/// one call:
///
///     let (parameters, buffers) = stackModuleStates(models)
///     ensembleCall(models[0], parameters.merging(buffers) { a, _ in a }, x)
///
/// - Errors: `.argument` for no models, and for models whose names differ or that are partly in
///   training and partly not; `.shape` and `.dtype` for tensors of one name that differ.
public func stackModuleStates(
    _ models: [any Module]
) -> (parameters: StateDict, buffers: StateDict) {
    guard let first = models.first else {
        Failure.raise(
            TensorError(
                .argument, "expected at least one model, got 0", operation: "stackModuleStates"))
        return ([:], [:])
    }
    if models.contains(where: { $0.isTraining != first.isTraining }) {
        Failure.raise(
            TensorError(
                .argument,
                "some models are in training mode and some are not; call train() or eval() on all",
                operation: "stackModuleStates"))
        return ([:], [:])
    }
    let parameters = FunctionalState.stack(models.map { $0.namedParameters() })
    for (name, tensor) in first.namedParameters() where tensor.requiresGrad {
        parameters[name]?.requiresGrad_()
    }
    return (parameters, FunctionalState.stack(models.map { $0.namedBuffers() }))
}

/// Every model of an ensemble on the same `x`, in one pass: the results lie along a new first
/// dimension. `state` is what `stackModuleStates` gives; `model` is any one of the models.
public func ensembleCall(
    _ model: any Layer, _ state: StateDict, _ x: Tensor, randomness: VmapRandomness = .error
) -> Tensor {
    let names = state.keys.sorted()
    let each = vmap(
        inDims: [Int?](repeating: 0, count: names.count), randomness: randomness
    ) { (tensors: [Tensor]) -> Tensor in
        let own = Dictionary(uniqueKeysWithValues: zip(names, tensors))
        return functionalCall(model, own, x)
    }
    return each(names.map { state[$0]! })
}

private enum FunctionalState {
    /// What stands for what; nothing after an error.
    static func exchange(_ pairs: [(module: any Module, state: StateDict)], _ strict: Bool)
        -> Exchange
    {
        var found: [(tensor: Tensor, stand: Tensor)] = []
        for (module, state) in pairs {
            let names = module.stateTensors()
            if let error = mismatch(names, state, strict) {
                Failure.raise(error)
                return Exchange([], inside: .current)
            }
            for (name, tensor) in names {
                if let other = state[name] { found.append((tensor, other)) }
            }
        }
        return Exchange(found, inside: .current)
    }

    private static func mismatch(
        _ names: [(name: String, tensor: Tensor)], _ state: StateDict, _ strict: Bool
    ) -> TensorError? {
        var own: [String: Tensor] = [:]
        var given: [ObjectIdentifier: Tensor] = [:]
        for (name, tensor) in names {
            own[name] = tensor
            guard let other = state[name] else { continue }
            if let twin = given.updateValue(other, forKey: ObjectIdentifier(tensor)),
                twin !== other
            {
                return error(
                    .argument,
                    "\"\(name)\" is another name of a tensor that the state has too; "
                        + "give the tied tensor once, or the same one twice")
            }
            if other.isPoisoned { continue }
            if other.shape != tensor.shape {
                return error(
                    .shape,
                    "\"\(name)\" has shape \(other.shape), and the module has "
                        + "\(tensor.shape)")
            }
            if other.dtype != tensor.dtype || other.device != tensor.device {
                return error(
                    other.dtype != tensor.dtype ? .dtype : .device,
                    "\"\(name)\" is \(other.dtype) on \(other.device), and the module's is "
                        + "\(tensor.dtype) on \(tensor.device)")
            }
        }
        if let name = state.keys.sorted().first(where: { own[$0] == nil }) {
            let known = own.keys.sorted().prefix(8).joined(separator: ", ")
            return error(.argument, "unexpected key \"\(name)\": the module has \(known)")
        }
        if strict {
            let missing = names.first { given[ObjectIdentifier($0.tensor)] == nil }
            if let name = missing?.name {
                return error(.argument, "missing key \"\(name)\" in the state, and strict is true")
            }
        }
        return nil
    }

    private static func error(_ kind: TensorError.Kind, _ message: String) -> TensorError {
        TensorError(kind, message, operation: "functionalCall")
    }

    static func stack(_ all: [[(name: String, tensor: Tensor)]]) -> StateDict {
        var stacked: StateDict = [:]
        for (i, (name, tensor)) in all[0].enumerated() {
            for (k, other) in all.enumerated()
            where other.count != all[0].count || other[i].name != name {
                Failure.raise(
                    TensorError(
                        .argument,
                        "the models must be of one architecture: model 0 has \"\(name)\" where "
                            + "model \(k) has another tensor", operation: "stackModuleStates"))
                return [:]
            }
            if let k = all.firstIndex(where: {
                $0[i].tensor.shape != tensor.shape || $0[i].tensor.dtype != tensor.dtype
            }) {
                let other = all[k][i].tensor
                Failure.raise(
                    TensorError(
                        other.shape == tensor.shape ? .dtype : .shape,
                        "\"\(name)\" is \(tensor.dtype) of shape \(tensor.shape) in model 0, and "
                            + "\(other.dtype) of shape \(other.shape) in model \(k)",
                        operation: "stackModuleStates"))
                return [:]
            }
            stacked[name] = noGrad { Tensor.stack(all.map { $0[i].tensor.detach() }) }
        }
        return stacked
    }
}
