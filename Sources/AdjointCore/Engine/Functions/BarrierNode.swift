/// Stands where a derivative is unknown: reaching it is an error, and the edges are real, so
/// that no pruning walks around it.
final class BarrierNode: Node, @unchecked Sendable {
    private let message: String

    init(_ edges: Edges, _ gradients: [Tensor?], _ spec: TensorSpec, _ message: String) {
        self.message = message
        super.init(output: spec)
        for i in 0..<edges.count { self.edges.append(edges[i]) }
        for gradient in gradients {
            if let edge = gradient?.edge, edge.node != nil { self.edges.append(edge) }
        }
        for i in 0..<self.edges.count where self.edges[i].node != nil { wanted.insert(i) }
    }

    override var name: String { "BarrierBackward" }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    { throw TensorError(.autograd, message) }
}
