/// What an operation kept, handed to its derivative. Reading what was not declared is an error.
public struct Saved {
    var inputs = TensorSlots()
    var outputs = TensorSlots()
    /// Where the inputs' shapes are read: the node's edges in reverse mode, the inputs themselves
    /// in forward mode.
    var node: Node?
    var live: Operands?

    /// Input `i`.
    public subscript(i: Int) -> Tensor {
        inputs[i] ?? undeclared("input \(i)")
    }

    /// The result.
    public var output: Tensor { output(0) }

    /// Result `i`.
    public func output(_ i: Int) -> Tensor {
        outputs[i] ?? undeclared("output \(i)")
    }

    /// The shape of input `i`, which is known where its gradient is wanted.
    public func sizes(_ i: Int) -> Dims { spec(i).sizes }

    /// The dtype of input `i`, which is known where its gradient is wanted.
    public func dtype(_ i: Int) -> DType { spec(i).dtype }

    private func spec(_ i: Int) -> TensorSpec {
        if let live { return TensorSpec(live[i].sizes, live[i].dtype) }
        guard let node, i < node.edges.count, let next = node.edges[i].node else {
            return undeclared("the shape of input \(i)").spec
        }
        return next.outputSpec(Int(node.edges[i].index))
    }

    @inline(never)
    private func undeclared(_ what: String) -> Tensor {
        Failure.poison(
            TensorError(
                .autograd,
                "the derivative of \(node?.name ?? "an operation") reads \(what), which it did not "
                    + "declare in saves(for:)", operation: node?.operationName))
    }
}

/// A tensor kept by a node, and how often its memory had been written to by then.
struct SavedTensor {
    var tensor: Tensor?
    var version = 0

    init() {}

    init(_ tensor: Tensor) {
        self.tensor = tensor
        version = tensor.version
    }
}

/// Everything that one node keeps.
struct SavedTensors {
    var a = SavedTensor()
    var b = SavedTensor()
    var c = SavedTensor()
    var rest: [SavedTensor] = []
    var outputs: [SavedTensor] = []
    var output = SavedTensor()
    var isEmpty = true

    init() {}

    /// Keeps what `set` names. A result is kept as an alias without history, since the result
    /// itself holds the node that keeps it.
    init(_ set: SavedSet, _ inputs: Operands, _ output: Tensor?, _ moreOutputs: [Tensor] = []) {
        let bits = set.rawValue
        if bits == 0 { return }
        isEmpty = false
        if bits & 1 != 0 { a = SavedTensor(inputs[0].forSaving) }
        if bits & 2 != 0, inputs.count > 1 { b = SavedTensor(inputs[1].forSaving) }
        if bits & 4 != 0, inputs.count > 2 { c = SavedTensor(inputs[2].forSaving) }
        if inputs.count > 3 {
            for i in 3..<inputs.count {
                rest.append(
                    bits & (1 << UInt64(i)) != 0
                        ? SavedTensor(inputs[i].forSaving) : SavedTensor())
            }
        }
        if set.outputBits & 1 != 0, let output { self.output = SavedTensor(output.outputAlias) }
        for (i, more) in moreOutputs.enumerated() {
            outputs.append(
                set.outputBits & (2 << UInt64(i)) != 0
                    ? SavedTensor(more.outputAlias) : SavedTensor())
        }
    }

    mutating func keepOutput(_ output: Tensor) {
        self.output = SavedTensor(output.outputAlias)
        isEmpty = false
    }

    /// Checks the versions and hands out what was kept; results get their history back where the
    /// derivative itself is recorded.
    func unpack(_ node: Node, relink: Bool) throws(TensorError) -> Saved {
        var saved = Saved(node: node)
        if isEmpty { return saved }
        saved.inputs.a = try check(a, node, input: 0, relink)
        saved.inputs.b = try check(b, node, input: 1, relink)
        saved.inputs.c = try check(c, node, input: 2, relink)
        for i in rest.indices {
            saved.inputs[3 + i] = try check(rest[i], node, input: 3 + i, relink)
        }
        saved.outputs.a = try check(output, node, output: 0, relink)
        for i in outputs.indices {
            saved.outputs[1 + i] = try check(outputs[i], node, output: 1 + i, relink)
        }
        return saved
    }

    @inline(__always)
    private func check(_ saved: SavedTensor, _ node: Node, input i: Int, _ relink: Bool)
        throws(TensorError) -> Tensor?
    {
        guard let tensor = saved.tensor else { return nil }
        if tensor.version != saved.version { throw modified(saved, node, "input \(i)") }
        if relink, i < node.edges.count {
            let edge = node.edges[i]
            // The tensor was detached, or cut otherwise, since: the graph remembers the history.
            if edge.node != nil, tensor.producer !== edge.node, edge.node !== tensor.state?.sink {
                return tensor.alias(linkedTo: edge)
            }
        }
        return tensor
    }

    private func check(_ saved: SavedTensor, _ node: Node, output i: Int, _ relink: Bool)
        throws(TensorError) -> Tensor?
    {
        guard let tensor = saved.tensor else { return nil }
        if tensor.version != saved.version { throw modified(saved, node, "output \(i)") }
        if !relink || !tensor.dtype.isFloatingPoint { return tensor }
        return tensor.alias(linkedTo: Edge(node: node, index: Int32(i)))
    }

    @inline(never)
    private func modified(_ saved: SavedTensor, _ node: Node, _ what: String) -> TensorError {
        let tensor = saved.tensor!
        return TensorError(
            .inPlace,
            """
            one of the variables needed for gradient computation has been modified by an inplace \
            operation: \(node.name) saved its \(what), a \(tensor.dtype) tensor of shape \
            \(tensor.shape), at version \(saved.version), and it is now at version \
            \(tensor.version). Write out of place (x = x + 1 in place of x.add_(1)), or clone() \
            the tensor before the write
            """,
            operation: node.operationName)
    }

    /// Drops everything, tensors' histories by way of the reaper.
    mutating func release() {
        self = SavedTensors()
    }
}

extension Tensor {
    /// What a node may hold of this tensor. A tensor with a gradient, hooks or a base is held as
    /// an alias: through them it could reach the node, and a cycle would never be freed.
    var forSaving: Tensor {
        if state == nil && base == nil { return self }
        return state?.savedAlias(of: self) ?? alias(linkedTo: edge)
    }

    /// This result without its history, for the node that makes it.
    var outputAlias: Tensor {
        let alias = alias()
        if flags.contains(.dual) { alias.copyTangents(from: self) }
        return alias
    }

    /// A handle on the same elements whose history starts at `edge`.
    func alias(linkedTo edge: Edge) -> Tensor {
        let alias = alias()
        alias.producer = edge.node
        alias.outputIndex = edge.index
        if flags.contains(.dual) { alias.copyTangents(from: self) }
        return alias
    }
}
