/// The gradients for a whole batch of cotangents in one pass: every entry of `gradients` has one
/// dimension more than its output, the first, along which its weights lie. The results have that
/// dimension too. See `grads`.
///
/// - Parameters:
///   - outputs: What is differentiated.
///   - inputs: What by.
///   - gradients: Weights of the outputs, one entry each.
///   - isGradsBatched: With false, `gradients` are ordinary weights.
///   - retainGraph: Whether the graph keeps what it saved; as `createGraph` if nil.
///   - createGraph: Whether the gradients can be differentiated again.
///   - unused: What becomes of inputs that no output depends on.
/// - Errors: as `grads`; `.shape` where the batch sizes differ.
public func grads(
    of outputs: [Tensor], wrt inputs: [Tensor], gradients: [Tensor], isGradsBatched: Bool,
    retainGraph: Bool? = nil, createGraph: Bool = false, unused: UnusedPolicy = .error
) -> [Tensor?] {
    if !isGradsBatched {
        return grads(
            of: outputs, wrt: inputs, gradients: gradients, retainGraph: retainGraph,
            createGraph: createGraph, unused: unused)
    }
    var isUsed: [Bool] = []
    let found = Vmap(nil).run(gradients) { cotangents in
        let results = grads(
            of: outputs, wrt: inputs, gradients: cotangents, retainGraph: retainGraph,
            createGraph: createGraph, unused: unused)
        isUsed = results.map { $0 != nil }
        return results.compactMap { $0 }
    }
    var rest = found[...]
    if isUsed.count != inputs.count {
        return inputs.map { Tensor.poisoned($0.sizes, $0.dtype) }
    }
    return isUsed.map { $0 ? rest.popFirst() : nil }
}
