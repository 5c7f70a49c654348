import Synchronization

/// One recorded operation: the edges to what made its inputs, and what its derivative needs.
///
/// Gradients enter at its outputs and leave along its edges.
public class Node: @unchecked Sendable {
    private static let created = Atomic<UInt64>(0)

    /// How many nodes have been made in this process.
    static var createdSoFar: UInt64 { created.load(ordering: .relaxed) }

    /// The order of creation: the backward pass runs the latest first.
    package final let sequence: UInt64
    @exclusivity(unchecked) final var edges = Edges()
    /// The inputs that want a gradient.
    @exclusivity(unchecked) final var wanted = InputSet.none
    final let firstOutput: TensorSpec
    final var moreOutputs: [TensorSpec] = []
    /// The hooks, owned by hand and set once, also where several tasks ask for them at once; 0 for
    /// none, which is what almost every node has.
    final let hooksAddress = Atomic<UInt>(0)
    /// The pass that uses `pass`; 0 for none. A second pass at the same time keeps its own book.
    final let passOwner = Atomic<UInt64>(0)
    @exclusivity(unchecked) final var pass = PassState()

    init(sequence: UInt64? = nil, output: TensorSpec) {
        self.sequence = sequence ?? Node.created.add(1, ordering: .relaxed).newValue
        firstOutput = output
    }

    deinit {
        edges.releaseAll()
        if hasHooks { releaseHooks() }
    }

    @inline(__always)
    final var hasHooks: Bool { hooksAddress.load(ordering: .relaxed) != 0 }

    /// "ExpBackward" for `exp`, "AccumulateGrad" for a leaf.
    public var name: String { "Node" }

    /// The public name of the operation: "exp".
    var operationName: String? { nil }

    /// What the operation says of itself; nil for nodes that are none.
    package var observedInfo: OpInfo? { nil }

    /// What is kept here, with versions; not what hooks hold elsewhere.
    func savedHere() -> [(place: String, tensor: Tensor, version: Int)] { [] }

    /// The nodes that receive the gradients of the inputs, nil where none is wanted.
    public final var nextFunctions: [(node: Node?, index: Int)] {
        (0..<edges.count).map { (edges[$0].node, Int(edges[$0].index)) }
    }

    final var outputCount: Int { 1 + moreOutputs.count }

    final func outputSpec(_ i: Int) -> TensorSpec { i == 0 ? firstOutput : moreOutputs[i - 1] }

    /// The gradients of the `wanted` inputs, from those of the outputs.
    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool) throws(TensorError)
        -> TensorSlots
    { TensorSlots() }

    /// The same for a node with one output, each gradient handed to `deliver` as it is made: the
    /// way without a detour of the common case.
    func pull(
        _ cotangent: Tensor, _ wanted: InputSet, recording: Bool, into pass: BackwardPass
    ) throws(TensorError) {
        var gradients = try pull(TensorSlots(cotangent), wanted, recording: recording)
        for i in 0..<edges.count where wanted.contains(i) {
            if let gradient = gradients.take(i) { try pass.route(gradient, from: self, i) }
        }
    }

    /// What was saved of input or output `i`, with its history where that matters.
    func savedInput(_ i: Int, linked: Bool) -> Tensor? { nil }
    func savedOutput(_ i: Int, linked: Bool) -> Tensor? { nil }

    /// Everything that was saved, wherever it is now.
    func savedEntries() -> [SavedEntry] { [] }

    /// True for nodes that run even where no gradient reached them: custom functions.
    var runsWithoutGradients: Bool { false }

    /// Drops what was saved for the derivative.
    func releaseSaved() {}

    /// Takes the edges of the inputs; returns which of them want a gradient.
    @inline(__always)
    final func link(_ a: Tensor, _ b: Tensor?) -> InputSet {
        link(a, 0)
        if let b { link(b, 1) }
        return wanted
    }

    final func link(_ inputs: Operands) -> InputSet {
        for i in inputs.indices { link(inputs[i], i) }
        return wanted
    }

    @inline(__always)
    private func link(_ tensor: Tensor, _ i: Int) {
        let edge = tensor.edge
        if edge.node != nil { wanted.insert(i) }
        edges.append(edge)
    }
}
