import Synchronization

/// Where a gradient goes: to output `index` of `node`. No node, where none is wanted.
public struct Edge {
    var node: Node?
    var index: Int32 = 0
}

/// The edges of a node, one an input; three without an allocation.
struct Edges {
    var a = Edge()
    var b = Edge()
    var c = Edge()
    var rest: [Edge] = []
    var count = 0

    @inline(__always)
    subscript(i: Int) -> Edge {
        get {
            switch i {
            case 0: a
            case 1: b
            case 2: c
            default: rest[i - 3]
            }
        }
        set {
            switch i {
            case 0: a = newValue
            case 1: b = newValue
            case 2: c = newValue
            default: rest[i - 3] = newValue
            }
        }
    }

    mutating func append(_ edge: Edge) {
        if count >= 3 { rest.append(Edge()) }
        count += 1
        self[count - 1] = edge
    }
}

/// One recorded operation: the edges to what made its inputs, and what its derivative needs.
///
/// Gradients enter at its outputs and leave along its edges.
public class Node: @unchecked Sendable {
    private static let created = Atomic<UInt64>(0)

    /// The order of creation: the backward pass runs the latest first.
    final let sequence: UInt64
    final var edges = Edges()
    final var firstOutput: TensorSpec
    final var moreOutputs: [TensorSpec] = []
    final var hooks: NodeHooks?
    /// The pass that uses `pass`; 0 for none. A second pass at the same time keeps its own book.
    final let passOwner = Atomic<UInt64>(0)
    final var pass = PassState()

    init(sequence: UInt64? = nil, output: TensorSpec) {
        self.sequence = sequence ?? Node.created.add(1, ordering: .relaxed).newValue
        firstOutput = output
    }

    deinit {
        if edges.a.node != nil { Reaper.release(&edges.a.node) }
        if edges.b.node != nil { Reaper.release(&edges.b.node) }
        if edges.c.node != nil { Reaper.release(&edges.c.node) }
        for i in edges.rest.indices where edges.rest[i].node != nil {
            Reaper.release(&edges.rest[i].node)
        }
    }

    /// "ExpBackward" for `exp`, "AccumulateGrad" for a leaf.
    public var name: String { "Node" }

    /// The public name of the operation: "exp".
    var operationName: String? { nil }

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

    /// True for nodes that run even where no gradient reached them: custom functions.
    var runsWithoutGradients: Bool { false }

    /// Drops what was saved for the derivative.
    func releaseSaved() {}

    final func link(_ inputs: Operands) -> InputSet {
        var wanted = InputSet.none
        edges.count = inputs.count
        let a = inputs.first.edge
        if a.node != nil { wanted.insert(0) }
        edges.a = a
        if let second = inputs.second {
            let b = second.edge
            if b.node != nil { wanted.insert(1) }
            edges.b = b
        }
        if let third = inputs.third {
            let c = third.edge
            if c.node != nil { wanted.insert(2) }
            edges.c = c
        }
        for (i, tensor) in inputs.rest.enumerated() {
            let edge = tensor.edge
            if edge.node != nil { wanted.insert(3 + i) }
            edges.rest.append(edge)
        }
        return wanted
    }
}
