/// A node that keeps tensors.
class SavingNode: Node, @unchecked Sendable {
    @exclusivity(unchecked) final var saved = SavedTensors()
    /// Where the saved tensors are: here, with saved-tensor hooks, or gone.
    enum Keeping: UInt8 { case here, packed, freed }
    final var keeping = Keeping.here

    override final func releaseSaved() {
        if saved.isEmpty { return }
        saved = SavedTensors()
        if keeping == .packed { notes?.packed = nil }
        keeping = .freed
    }

    /// What was kept, after a check that it is there and as it was.
    @inline(__always)
    final func opened(_ recording: Bool) throws(TensorError) -> Saved {
        if keeping != .here { return try openedAnyhow(recording) }
        if !saved.isEmpty { try saved.check(self) }
        return Saved(self, recording: recording)
    }

    @inline(never)
    private final func openedAnyhow(_ recording: Bool) throws(TensorError) -> Saved {
        guard keeping == .packed, let packed = notes?.packed else { throw Freed.error(self) }
        try saved.check(self)
        return try packed.opened(self, recording)
    }

    override final func savedInput(_ i: Int, linked: Bool) -> Tensor? {
        guard let tensor = saved.input(i).tensor else { return nil }
        if linked, i < edges.count {
            let edge = edges[i]
            // The tensor was detached, or cut otherwise, since: the graph remembers the history.
            if edge.node != nil, tensor.producer !== edge.node, edge.node !== tensor.state?.sink {
                return tensor.alias(linkedTo: edge)
            }
        }
        return tensor
    }

    override final func savedOutput(_ i: Int, linked: Bool) -> Tensor? {
        guard let tensor = saved.output(i).tensor else { return nil }
        if !linked || !tensor.dtype.isFloatingPoint { return tensor }
        return tensor.alias(linkedTo: Edge(node: self, index: Int32(i)))
    }

    override final func savedEntries() -> [SavedEntry] {
        var entries: [SavedEntry] = []
        var copy = saved
        try? copy.hand { place, saved in
            if !saved.tensor!.flags.contains(.wrappedNumber) {
                entries.append(SavedEntry(place: place.text, tensor: saved.tensor))
            }
            return false
        }
        for (place, packed) in notes?.packed?.entries ?? [] {
            entries.append(SavedEntry(place: place.text, packed: packed))
        }
        return entries
    }

    override final func savedHere() -> [(place: String, tensor: Tensor, version: Int)] {
        var entries: [(place: String, tensor: Tensor, version: Int)] = []
        if keeping != .here { return entries }
        var copy = saved
        try? copy.hand { place, saved in
            if !saved.tensor!.flags.contains(.wrappedNumber) {
                entries.append((place.text, saved.tensor!, saved.version))
            }
            return false
        }
        return entries
    }

    /// Result `i` got its tangents after it was kept: what is computed from the kept one, in
    /// forward over reverse mode, needs them too.
    final func keepTangents(of output: Tensor, _ i: Int) {
        saved.output(i).tensor?.borrowTangents(from: output)
    }
}

/// The name of an operation's node: "maxPool2d" gives "MaxPool2dBackward".
func nodeName(_ operation: String) -> String {
    operation.prefix(1).uppercased() + operation.dropFirst() + "Backward"
}

/// The node of an operation with one result.
final class OpNode<Op: Operator>: SavingNode, @unchecked Sendable {
    let op: Op

    /// For an operation of one or two operands.
    @inline(__always)
    init(_ op: Op, _ a: Tensor, _ b: Tensor?, _ output: Tensor) {
        self.op = op
        super.init(output: output.spec)
        saved.keep(op.saves(for: link(a, b)), a, b, output)
    }

    init(_ op: Op, _ inputs: Operands, _ output: Tensor) {
        self.op = op
        super.init(output: output.spec)
        let set = op.saves(for: link(inputs))
        if set.rawValue != 0 { saved = SavedTensors(set, inputs, [output]) }
    }

    /// For a write in place: keeps the inputs as they were, and later the result.
    init(_ op: Op, _ inputs: Operands, saving before: Operands, spec: TensorSpec) {
        self.op = op
        super.init(output: spec)
        saved = SavedTensors(op.saves(for: link(inputs)).intersection(.anyInput), before, [])
    }

    func keepOutput(_ output: Tensor, _ set: SavedSet) {
        if set.contains(.output) { saved.keepOutput(output) }
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }
    override var observedInfo: OpInfo? { Op.info }

    override func pull(
        _ cotangent: Tensor, _ wanted: InputSet, recording: Bool, into pass: BackwardPass
    ) throws(TensorError) {
        let saved = try opened(recording)
        for i in 0..<edges.count where wanted.contains(i) {
            if let gradient = op.pull(cotangent, wrt: i, saved) {
                try pass.route(gradient, from: self, i)
            }
        }
    }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        let saved = try opened(recording)
        var gradients = TensorSlots()
        guard let cotangent = cotangents.a else { return gradients }
        for i in 0..<edges.count where wanted.contains(i) {
            gradients[i] = op.pull(cotangent, wrt: i, saved)
        }
        return gradients
    }
}

/// The node of an operation with several results.
final class MultiOpNode<Op: MultiOperator>: SavingNode, @unchecked Sendable {
    let op: Op

    init(_ op: Op, _ inputs: Operands, _ outputs: [Tensor]) {
        self.op = op
        super.init(output: outputs[0].spec)
        moreOutputs = outputs.dropFirst().map { $0.spec }
        saved = SavedTensors(op.saves(for: link(inputs)), inputs, outputs)
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }
    override var observedInfo: OpInfo? { Op.info }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        return op.pull(cotangents, wanted, try opened(recording))
    }
}

/// The node of a view.
final class ViewNode<Op: ViewOperator>: Node, @unchecked Sendable {
    let op: Op

    init(_ op: Op, from edge: Edge, _ spec: TensorSpec) {
        self.op = op
        super.init(output: spec)
        edges.append(edge)
        if edge.node != nil { wanted.insert(0) }
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }
    override var observedInfo: OpInfo? { Op.info }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        guard let cotangent = cotangents.a else { return TensorSlots() }
        let saved = Saved(self, recording: recording)
        return TensorSlots(Tangents.carried(cotangent) { op.transpose($0, saved) })
    }
}

/// The node of several views of one tensor.
final class MultiViewNode<Op: MultiViewOperator>: Node, @unchecked Sendable {
    let op: Op

    init(_ op: Op, from edge: Edge, _ first: TensorSpec, _ layouts: [Layout]) {
        self.op = op
        super.init(output: first)
        moreOutputs = layouts.dropFirst().map { TensorSpec($0.sizes, first.dtype) }
        edges.append(edge)
        wanted.insert(0)
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }
    override var observedInfo: OpInfo? { Op.info }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        let saved = Saved(self, recording: recording)
        return TensorSlots(
            Tangents.carried(cotangents.array(count: outputCount)) { op.transpose($0, saved) })
    }
}
