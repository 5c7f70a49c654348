import Synchronization

/// The border around one stretch of a computation, such as the call of a module: it sees the
/// gradients that enter through its outputs and leave through its inputs.
///
/// The tensors themselves are left alone. After the stretch has run, the edges that it has made
/// to the origins of its inputs are led through a node of the border, and its outputs get another
/// node on top of their history. So inside and outside the tensors are what they were without it:
/// they may be written in place, and are no views.
package final class GraphBoundary: @unchecked Sendable {
    /// Gets the gradients of the outputs; what it returns takes their place.
    package typealias OutputHook = @Sendable ([Tensor?]) -> [Tensor?]?
    /// Gets the gradients of the inputs and of the outputs; what it returns takes the inputs' place.
    package typealias InputHook = @Sendable ([Tensor?], [Tensor?]) -> [Tensor?]?

    private let onOutputs: OutputHook
    private let onInputs: InputHook
    private let name: String
    private let inputs: [Tensor]
    private let edges: [Edge]
    /// How many nodes there were before the stretch.
    private let first: UInt64
    /// The node on the way out; nil where no input wants a gradient.
    private let entrance: PassageNode?

    /// Opens a border before the stretch runs.
    ///
    /// - Parameter name: Names the nodes in drawings and errors.
    package init(
        _ inputs: [Tensor], name: String, onOutputs: @escaping OutputHook,
        onInputs: @escaping InputHook
    ) {
        self.inputs = inputs
        self.name = name
        self.onOutputs = onOutputs
        self.onInputs = onInputs
        edges = inputs.map(\.edge)
        let wants = edges.contains { $0.node != nil }
        entrance =
            wants
            ? PassageNode(name + "InputsBackward", edges, inputs.map(\.spec), onInputs: onInputs)
            : nil
        first = entrance?.sequence ?? Node.createdSoFar
    }

    /// Closes the border after the stretch has run. Returns its outputs: the same tensors, except
    /// that one which the stretch did not make, an input or a parameter, becomes a view of itself.
    package func close(_ outputs: [Tensor]) -> [Tensor] {
        let mode = Mode.current
        guard mode.records, !mode.isFailing, outputs.contains(where: \.needsGrad) else {
            return outputs
        }
        if let entrance {
            mode.debug?.note(entrance)
            redirect((outputs + inputs).compactMap(\.edge.node), to: entrance)
        }
        let ends = outputs.map { inner(of: $0) }
        let exit = PassageNode(name + "OutputsBackward", ends, outputs.map(\.spec), onOutputs)
        exit.entrance = entrance
        if entrance == nil { exit.onInputs = (inputs.count, onInputs) }
        mode.debug?.note(exit)
        return outputs.enumerated().map { i, output in
            guard let node = ends[i].node else { return output }
            let isNew = node.sequence > first && node.sequence != .max
            let result = isNew ? output : viewed(output)
            result.relink(exit, i)
            return result
        }
    }

    /// Where the gradient of `output` goes inside: an input that was returned as it came leads to
    /// the way out.
    private func inner(of output: Tensor) -> Edge {
        let edge = output.edge
        guard let entrance, let node = edge.node, let i = place(of: node, edge.index) else {
            return edge
        }
        return Edge(node: entrance, index: Int32(i))
    }

    private func place(of node: Node, _ index: Int32) -> Int? {
        edges.firstIndex { $0.node === node && $0.index == index }
    }

    private func viewed(_ tensor: Tensor) -> Tensor {
        let view = tensor.alias(linkedTo: Edge())
        if !tensor.isBatched {
            view.base = tensor.base ?? tensor
            view.producerVersion = tensor.storage.version
        }
        return view
    }

    /// Leads every edge from nodes of the stretch to the inputs' origins through `entrance`.
    private func redirect(_ starts: [Node], to entrance: PassageNode) {
        var seen: Set<ObjectIdentifier> = []
        var stack = starts
        while let node = stack.popLast() {
            guard node.sequence > first, node.sequence != .max, node !== entrance,
                seen.insert(ObjectIdentifier(node)).inserted
            else { continue }
            for i in 0..<node.edges.count {
                let edge = node.edges[i]
                guard let next = edge.node else { continue }
                if let place = place(of: next, edge.index) {
                    node.edges[i] = Edge(node: entrance, index: Int32(place))
                } else {
                    stack.append(next)
                }
            }
        }
    }
}

/// A node that hands its gradients on as they are, or as a hook changes them.
private final class PassageNode: Node, @unchecked Sendable {
    private let title: String
    private let onOutputs: GraphBoundary.OutputHook?
    /// The hook of the way out, and how many gradients it gets.
    var onInputs: (count: Int, hook: GraphBoundary.InputHook)?
    /// The way out that wants to know the gradients that have come in here.
    weak var entrance: PassageNode?

    /// What has come in, in one pass.
    private final class Book: Sendable {
        let gradients: Mutex<[Arrived]>
        init() { gradients = Mutex([]) }
        struct Arrived: @unchecked Sendable { let gradient: Tensor? }
    }

    init(
        _ title: String, _ edges: [Edge], _ specs: [TensorSpec],
        _ onOutputs: GraphBoundary.OutputHook? = nil, onInputs: GraphBoundary.InputHook? = nil
    ) {
        self.title = title
        self.onOutputs = onOutputs
        self.onInputs = onInputs.map { (edges.count, $0) }
        super.init(output: specs[0])
        moreOutputs = Array(specs.dropFirst())
        for (i, edge) in edges.enumerated() {
            self.edges.append(edge)
            if edge.node != nil { wanted.insert(i) }
        }
    }

    override var name: String { title }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        var gradients = cotangents.array(count: outputCount)
        if let onOutputs {
            if let new = onOutputs(gradients) { gradients = try checked(new) }
            if let onInputs {
                // No input wants a gradient.
                _ = onInputs.hook([Tensor?](repeating: nil, count: onInputs.count), gradients)
            } else if let entrance, let pass = PassScope.current {
                let arrived = gradients.map { Book.Arrived(gradient: $0) }
                pass.book(of: entrance) { Book() }.gradients.withLock { $0 = arrived }
            }
        } else if let onInputs {
            let book = PassScope.current?.book(of: self) { Book() }
            let outer = book?.gradients.withLock { $0 } ?? []
            if let new = onInputs.hook(gradients, outer.map(\.gradient)) {
                gradients = try checked(new)
            }
        }
        return TensorSlots(gradients)
    }

    private func checked(_ new: [Tensor?]) throws(TensorError) -> [Tensor?] {
        if new.count != outputCount {
            throw TensorError(
                .argument,
                "a backward hook of a module has returned an incorrect number of gradients "
                    + "(got \(new.count), but expected \(outputCount))", operation: title)
        }
        for (i, gradient) in new.enumerated() {
            if let gradient { try NodeHooks.check(gradient, like: outputSpec(i)) }
        }
        return new
    }
}
