/// A node that keeps tensors.
class SavingNode: Node, @unchecked Sendable {
    final var saved = SavedTensors()
    final var isFreed = false

    override final func releaseSaved() {
        if saved.isEmpty { return }
        saved.release()
        isFreed = true
    }

    final func unpack(_ recording: Bool) throws(TensorError) -> Saved {
        if isFreed { throw SavingNode.freed(self) }
        return try saved.unpack(self, relink: recording)
    }

    /// Result `i` got its tangents after it was kept: what is computed from the kept one, in
    /// forward over reverse mode, needs them too.
    final func keepTangents(of output: Tensor, _ i: Int) {
        let kept = i == 0 ? saved.output : i <= saved.outputs.count ? saved.outputs[i - 1] : nil
        kept?.tensor?.borrowTangents(from: output)
    }

    @inline(never)
    static func freed(_ node: Node) -> TensorError {
        TensorError(
            .graphFreed,
            """
            Trying to backward through the graph a second time: \(node.name) has freed what it \
            saved in the first pass. Say backward(retainGraph: true) in the first pass if you \
            need a second, or compute the result again; a tensor made outside a loop and used in \
            each round is the usual cause
            """, operation: node.operationName)
    }
}

/// The name of an operation's node: "max_pool2d" and "maxPool2d" give "MaxPool2dBackward".
func nodeName(_ operation: String) -> String {
    operation.prefix(1).uppercased() + operation.dropFirst() + "Backward"
}

/// The node of an operation with one result.
final class OpNode<Op: Operator>: SavingNode, @unchecked Sendable {
    let op: Op

    init(_ op: Op, _ inputs: Operands, _ output: Tensor) {
        self.op = op
        super.init(output: output.spec)
        let set = op.saves(for: link(inputs))
        if set.rawValue != 0 { saved = SavedTensors(set, inputs, output) }
    }

    /// For a write in place: keeps the inputs as they were, and later the result.
    init(_ op: Op, _ inputs: Operands, saving before: Operands, spec: TensorSpec) {
        self.op = op
        super.init(output: spec)
        saved = SavedTensors(op.saves(for: link(inputs)).intersection(.anyInput), before, nil)
    }

    func keepOutput(_ output: Tensor, _ set: SavedSet) {
        if set.contains(.output) { saved.keepOutput(output) }
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        let saved = try unpack(recording)
        var gradients = TensorSlots()
        guard let cotangent = cotangents.a else { return gradients }
        for i in 0..<edges.count where wanted.contains(i) && edges[i].node != nil {
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
        let set = op.saves(for: link(inputs))
        saved = SavedTensors(set, inputs, outputs[0], Array(outputs.dropFirst()))
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        op.pull(cotangents, wanted, try unpack(recording))
    }
}

/// The node of a view.
final class ViewNode<Op: ViewOperator>: Node, @unchecked Sendable {
    let op: Op

    init(_ op: Op, from edge: Edge, _ spec: TensorSpec) {
        self.op = op
        super.init(output: spec)
        edges.append(edge)
    }

    override var name: String { nodeName(Op.info.name) }
    override var operationName: String? { Op.info.name }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        guard let cotangent = cotangents.a else { return TensorSlots() }
        let saved = Saved(node: self)
        return TensorSlots(Tangents.carried(cotangent) { op.transpose($0, saved) })
    }
}
