/// The place in a graph where a tensor's gradient arrives. It keeps the graph and lets the tensor
/// itself die, with its memory; it can be a root of a backward pass, or ask for a gradient.
public struct GradientEdge: Sendable {
    /// What made the tensor; for a leaf the node that adds to its `grad`.
    public let node: Node
    /// Which output of `node` the tensor was.
    public let outputNr: Int
    private let spec: TensorSpec
    private let device: Device

    fileprivate init(_ node: Node, _ end: GraphEnd) {
        self.node = node
        outputNr = Int(end.edge.index)
        spec = end.spec
        device = end.device
    }

    /// The edge of the leaf whose sink is `node`.
    init(leaf node: Node) {
        self.node = node
        outputNr = 0
        spec = node.firstOutput
        device = .cpu
    }

    /// The shape of the tensor, and of its gradient.
    public var shape: [Int] { Array(spec.sizes) }
    /// The dtype of the tensor.
    public var dtype: DType { spec.dtype }

    fileprivate var end: GraphEnd {
        GraphEnd(edge: Edge(node: node, index: Int32(outputNr)), spec: spec, device: device)
    }
}

/// The edge of `tensor`; nil after an error.
///
/// - Errors: `.autograd` for a tensor that does not require gradients.
public func gradientEdge(of tensor: Tensor) -> GradientEdge? {
    if Mode.current.isFailing || tensor.isPoisoned { return nil }
    let end = tensor.end
    guard let node = end.edge.node else {
        Failure.raise(
            TensorError(
                .autograd,
                "there is no gradient edge of a tensor that does not require gradients",
                operation: "gradientEdge"))
        return nil
    }
    return GradientEdge(node, end)
}

/// The same as `backward` of the tensors, from edges that stand for them.
public func backward(
    _ roots: [GradientEdge], gradients: [Tensor?]? = nil, retainGraph: Bool? = nil,
    createGraph: Bool = false
) {
    if Mode.current.isFailing { return }
    do throws(TensorError) {
        let edges = try Roots.edges(roots.map(\.end), gradients, "backward")
        _ = try Roots.run(edges, retainGraph, createGraph, [])
    } catch {
        Failure.raise(error)
    }
}

/// The same as `grads` of tensors, between edges that stand for them.
public func grads(
    of outputs: [GradientEdge], wrt inputs: [GradientEdge], gradients: [Tensor?]? = nil,
    retainGraph: Bool? = nil, createGraph: Bool = false, unused: UnusedPolicy = .error
) -> [Tensor?] {
    let failed = inputs.map { Tensor.poisoned($0.end.spec.sizes, $0.dtype) as Tensor? }
    if Mode.current.isFailing { return failed }
    do throws(TensorError) {
        return try Roots.gradients(
            of: outputs.map(\.end), wrt: inputs.map(\.end), gradients, retainGraph, createGraph,
            unused)
    } catch {
        Failure.raise(error)
        return failed
    }
}

/// The gradients of `output` by the names of `inputs`; an input that was not used follows `unused`,
/// and with `.nil` its name is missing.
public func grads(
    of output: Tensor, wrt inputs: [String: Tensor], gradient: Tensor? = nil,
    retainGraph: Bool? = nil, createGraph: Bool = false, unused: UnusedPolicy = .error
) -> [String: Tensor] {
    let names = inputs.keys.sorted()
    let found = grads(
        of: [output], wrt: names.map { inputs[$0]! }, gradients: gradient.map { [$0] },
        retainGraph: retainGraph, createGraph: createGraph, unused: unused)
    var result: [String: Tensor] = [:]
    for (name, gradient) in zip(names, found) { result[name] = gradient }
    return result
}
